import assert from "node:assert/strict";
import test from "node:test";
import { NgramIndex } from "../../src/core/workspace/ngramIndex.js";

const ids = (text: string): number[] => [...Buffer.from(text)];

/** All matches for the end of `read`, as "text number, next token as a character, length". */
function matches(index: NgramIndex, read: string): string[] {
  const found: string[] = [];
  index.forEachMatch(ids(read), (text, next, length) => {
    found.push(`${text} ${String.fromCharCode(next)} ${length}`);
  });
  return found;
}

function indexOf(...texts: readonly string[]): NgramIndex {
  const index = new NgramIndex(256);
  for (const text of texts) index.add(ids(text));
  return index;
}

test("a match has at least three tokens and a token after it, and the newest come first", () => {
  const index = indexOf("abcX", "zabcY", "abc", "bcZ");
  assert.deepEqual(matches(index, "abc"), ["1 Y 3", "0 X 3"]);
  assert.deepEqual(matches(index, "xabc"), ["1 Y 3", "0 X 3"]);
  assert.deepEqual(matches(index, "zabc"), ["1 Y 4", "0 X 3"]);
  assert.deepEqual(matches(index, "bc"), []);
  assert.deepEqual(matches(index, ""), []);
});

test("at most 16 tokens are compared", () => {
  const long = "abcdefghijklmnopqrst";
  assert.deepEqual(matches(indexOf(`${long}X`), long), ["0 X 16"]);
  assert.deepEqual(matches(indexOf("abcdefX"), "abcdef"), ["0 X 6"]);
});

test("at most 128 positions are compared, and in addition the last position of the same six tokens", () => {
  const index = indexOf("uvwabcL", ...Array.from({ length: 200 }, () => "abcS"));
  const found = matches(index, "uvwabc");
  assert.equal(found.length, 129);
  assert.equal(found[0], "0 L 6");
  assert.equal(found[1], "200 S 3");
  assert.equal(matches(index, "vwabc").length, 128);
});

test("a match does not reach above the first text, and another n-gram's position is not looked at", () => {
  assert.deepEqual(matches(indexOf("abcX"), "\0abc"), ["0 X 3"]);
  const index = indexOf(`${".".repeat(97)}abcX abcY`); // the older match ends at position 99
  assert.deepEqual(matches(index, "abc"), ["0 Y 3", "0 X 3"]);
});

test("n-grams that differ in a token have chains of their own", () => {
  const index = indexOf("abcX", ...Array.from({ length: 200 }, (_, i) => `${String.fromCharCode(100 + (i % 20))}bcS`));
  assert.deepEqual(matches(index, "abc")[0], "0 X 3");
});

test("an index without texts has no tokens", () => {
  assert.deepEqual([...new NgramIndex(256).tokensOf(0)], []);
});

test("a removed text is no longer found, and the other texts are not affected", () => {
  const index = indexOf("abcX", "abcY", "abcZ");
  index.remove(1);
  assert.deepEqual(matches(index, "abc"), ["2 Z 3", "0 X 3"]);
  assert.deepEqual([...index.tokensOf(0)], ids("abcX"));
  assert.deepEqual([...index.tokensOf(2)], ids("abcZ"));
  assert.equal(index.tokenCount, 8);
  index.remove(1);
  assert.equal(index.tokenCount, 8);
  index.remove(7);
  assert.equal(index.tokenCount, 8);
});

test("texts have numbers in the order in which they were added, even if one is empty", () => {
  const index = new NgramIndex(256);
  assert.deepEqual(
    ["abcX", "", "abcY"].map((text) => index.add(ids(text))),
    [0, 1, 2],
  );
  assert.deepEqual([...index.tokensOf(1)], []);
  assert.deepEqual(matches(index, "abc"), ["2 Y 3", "0 X 3"]);
  assert.equal(index.tokenCount, 8);
});

for (const [vocabulary, bytesPerToken] of [
  [2 ** 16 - 1, 2 + 4],
  [2 ** 16, 4 + 4],
] as const) {
  test(`with a vocabulary of ${vocabulary} tokens, each takes ${bytesPerToken} bytes`, () => {
    const index = new NgramIndex(vocabulary);
    const heads = 2 * 4 * 2 ** 20;
    assert.equal(index.bytesFor(10), 10 * bytesPerToken);
    assert.deepEqual([index.bytes, index.usedBytes, index.unusedBytes], [heads, heads, 0]);
    const last = vocabulary - 1;
    index.add([last, last, last, 7]);
    index.add([1, 2]);
    assert.equal(index.bytes, heads + 2 ** 16 * bytesPerToken);
    assert.equal(index.usedBytes, heads + (5 + 3) * bytesPerToken);
    index.remove(0);
    assert.equal(index.usedBytes, heads + 3 * bytesPerToken);
    assert.equal(index.unusedBytes, 5 * bytesPerToken);
    assert.deepEqual([...index.tokensOf(1)], [1, 2]);
    index.add([last, last, last, 7]);
    const found: number[] = [];
    index.forEachMatch([last, last, last], (_, next) => {
      found.push(next);
    });
    assert.deepEqual(found, [7]);
  });
}

test("removed texts are worth a compaction if they take more than a page and more than a third", () => {
  const page = 2 ** 16;
  const isSparseWith = (kept: number, removed: number): boolean => {
    const index = new NgramIndex(256);
    index.add(new Uint8Array(kept - 1));
    index.remove(index.add(new Uint8Array(removed - 1)));
    return index.isSparse;
  };
  assert.equal(isSparseWith(10, page), false);
  assert.equal(isSparseWith(10, page + 1), true);
  assert.equal(isSparseWith(2 * page + 2, page + 1), false);
  assert.equal(isSparseWith(2 * page + 1, page + 1), true);
});
