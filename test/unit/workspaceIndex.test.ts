import assert from "node:assert/strict";
import test from "node:test";
import { languageFamilyOf } from "../../src/core/workspace/languageFamily.js";
import { NgramIndex } from "../../src/core/workspace/ngramIndex.js";
import { WorkspaceIndex } from "../../src/core/workspace/workspaceIndex.js";
import type { TokenId } from "../../src/core/model.js";
import { randomFrom } from "../support/random.js";

const ids = (text: string): TokenId[] => [...Buffer.from(text)] as TokenId[];
const vocabularySize = 256;

/**
 * Looks up the end of `read` in all files except `from`. @returns what follows it, each as "character length weight".
 */
function matches(index: WorkspaceIndex, from: string, read: string, open: readonly string[] = []): string[] {
  const found: string[] = [];
  index
    .sourceFor(from, (path) => open.includes(path))
    .forEachMatch(ids(read), (next, length, weight) => {
      found.push(`${String.fromCharCode(next)} ${length} ${weight}`);
    });
  return found.sort();
}

function indexOf(files: Readonly<Record<string, string>>): WorkspaceIndex {
  const index = new WorkspaceIndex(vocabularySize);
  for (const [path, text] of Object.entries(files)) index.set(path, ids(text));
  return index;
}

test("what follows in other files of the same language is found, near folders weighted higher", () => {
  const index = indexOf({
    "/w/src/a.ts": "abcA",
    "/w/src/b.ts": "abcB",
    "/w/src/deep/c.ts": "xabcC",
    "/w/d.ts": "abcD",
    "/w/src/e.py": "abcE",
  });
  assert.deepEqual(matches(index, "/w/src/a.ts", "xabc"), ["B 3 1", "C 4 0.5", "D 3 0.5"]);
});

test("fewer than three equal tokens are no match, and none reaches across files", () => {
  const index = indexOf({ "/w/a.ts": "zzabX", "/w/b.ts": "ab", "/w/c.ts": "cY" });
  assert.deepEqual(matches(index, "/w/d.ts", "yab"), []);
  assert.deepEqual(matches(index, "/w/d.ts", "zabc"), []);
  assert.deepEqual(matches(index, "/w/d.ts", "zab"), ["X 3 1"]);
});

test("open documents are left out, because they are searched as they are now", () => {
  const index = indexOf({ "/w/a.ts": "abcA", "/w/b.ts": "abcB" });
  assert.deepEqual(matches(index, "/w/c.ts", "abc", ["/w/b.ts"]), ["A 3 1"]);
});

test("whether a file is open is asked once, however many matches it has", () => {
  const asked: string[] = [];
  const source = indexOf({ "/w/a.ts": "abcA abcB" }).sourceFor("/w/c.ts", (path) => asked.push(path) === 0);
  source.forEachMatch(ids("abc"), () => undefined);
  assert.deepEqual(asked, ["/w/a.ts"]);
});

test("a file that is replaced or deleted is no longer found as it was", () => {
  const index = indexOf({ "/w/a.ts": "abcA", "/w/b.ts": "abcB" });
  index.set("/w/a.ts", ids("abcN"));
  index.delete("/w/b.ts");
  assert.deepEqual(matches(index, "/w/c.ts", "abc"), ["N 3 1"]);
  assert.deepEqual([index.fileCount, index.tokenCount], [1, 4]);
  assert.deepEqual([...index.tokensOf("/w/a.ts")!], ids("abcN"));
  assert.equal(index.tokensOf("/w/b.ts"), undefined);
  index.clear();
  assert.deepEqual(matches(index, "/w/c.ts", "abc"), []);
});

test("each position is visited once, even if it is the longest match", () => {
  const index = new NgramIndex(vocabularySize);
  index.add(ids("xabcdefgA"));
  index.add(ids("zzabcdefgB"));
  const visited: string[] = [];
  index.forEachMatch(ids("xabcdefg"), (text, next, length) => {
    visited.push(`${text} ${String.fromCharCode(next)} ${length}`);
  });
  assert.deepEqual(visited.sort(), ["0 A 8", "1 B 7"]);
});

test("of very many matches the newest are visited, and the longest kept match is never missed", () => {
  const index = new NgramIndex(vocabularySize);
  index.add(ids("callabcdL"));
  for (let i = 0; i < 1000; i++) index.add(ids("bcdS"));
  let visits = 0;
  const found = new Set<string>();
  index.forEachMatch(ids("callabcd"), (_, next, length) => {
    visits++;
    found.add(`${String.fromCharCode(next)}${length}`);
  });
  assert.ok(visits <= 130, `${visits}`);
  assert.ok(found.has("L8"), [...found].join());
});

test("whatever is added, replaced and deleted, the matches are those of a plain scan", () => {
  const random = randomFrom(5);
  const textOf = (): string => Array.from({ length: random.below(60) }, () => "abc".charAt(random.below(3))).join("");
  const index = new WorkspaceIndex(70_000);
  const files = new Map<string, string>();
  for (let step = 0; step < 300; step++) {
    const path = `/w/${random.below(6)}.ts`;
    if (random.below(4) === 0) {
      files.delete(path);
      index.delete(path);
    } else {
      const text = textOf();
      files.set(path, text);
      index.set(path, ids(text));
    }
    const read = `d${textOf().slice(0, 2 + random.below(9))}`.slice(-16);
    const expected: string[] = [];
    for (const text of files.values()) {
      for (let at = 0; at + 1 < text.length; at++) {
        let length = 0;
        while (length <= at && text[at - length] === read[read.length - 1 - length]) length++;
        if (length >= 3) expected.push(`${text[at + 1]!} ${length} 1`);
      }
    }
    const found = matches(index, "/w/none.ts", read);
    if (expected.length < 100) assert.deepEqual(found, expected.sort(), `step ${step}`);
    assert.equal(
      index.tokenCount,
      [...files.values()].reduce((sum, text) => sum + text.length, 0),
    );
  }
});

test("after much was replaced the index says so, and takes two bytes a token or four", () => {
  const small = new NgramIndex(vocabularySize);
  const large = new NgramIndex(100_000);
  const tokens = Uint32Array.from({ length: 80_000 }, (_, i) => (i * 7919) % 251);
  for (const index of [small, large]) {
    const text = index.add(tokens);
    assert.equal(index.isSparse, false);
    index.add(tokens.subarray(0, 1000));
    index.remove(text);
    assert.equal(index.isSparse, true);
  }
  assert.ok(large.bytes - small.bytes >= 2 * 81_000);
});

test("related languages are one family", () => {
  const families = ["a.ts", "b.tsx", "c.mjs", "d.vue", "e.h", "f.cpp", "g.py", "Makefile"].map(languageFamilyOf);
  assert.deepEqual(families, ["js", "js", "js", "js", "c", "c", "py", ""]);
});

test("tokens are copied as they are, even if they span pages of the index", () => {
  for (const size of [vocabularySize, 100_000]) {
    const index = new NgramIndex(size);
    const texts = [65_535, 1, 200_000, 0, 65_536].map((length) =>
      Uint32Array.from({ length }, (_, i) => (i * 7919) % 251),
    );
    for (const text of texts) index.add(text);
    index.remove(1);
    texts.forEach((text, i) => {
      if (i !== 1) assert.deepEqual(Uint32Array.from(index.tokensOf(i)), text, `${size} ${i}`);
    });
  }
});
