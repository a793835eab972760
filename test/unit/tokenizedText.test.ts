import assert from "node:assert/strict";
import test from "node:test";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
import type { TokenId, Tokenizer } from "../../src/core/model.js";
import { randomFrom } from "../support/random.js";
import { randomText } from "../support/randomText.js";
import { starterTokenizer } from "../support/tokenizer.js";
import { everyTokenizer } from "../support/tokenizers.js";

const header = 4 as TokenId;

function textOf(bytes: Uint8Array, tokenizer: Tokenizer = starterTokenizer): TokenizedText {
  const text = new TokenizedText(tokenizer, emptyBlockHash("m"), [header]);
  text.replace(0, 0, bytes);
  return text;
}

function assertSame(edited: TokenizedText, whole: TokenizedText): void {
  assert.deepEqual(edited.tokens(0, edited.tokenCount), whole.tokens(0, whole.tokenCount));
  assert.equal(edited.prefixAt(edited.tokenCount).key, whole.prefixAt(whole.tokenCount).key);
  for (let token = 0; token <= whole.tokenCount; token++) assert.equal(edited.startOf(token), whole.startOf(token));
}

for (const { name, skip, make } of everyTokenizer) {
  test(`after any edit, the tokens equal those of the entire text tokenized again (${name})`, { skip }, () => {
    const tokenizer = make();
    const random = randomFrom(7);
    let content = Buffer.from("import x from 'y';\n");
    const text = textOf(content, tokenizer);
    for (let step = 0; step < 1500; step++) {
      const from = borderBefore(content, random.below(content.length + 1));
      const max = random.below(4) === 0 ? 60 : 3;
      const to = Math.max(from, borderBefore(content, Math.min(content.length, from + random.below(max))));
      const inserted = Buffer.from(randomText(random, 4));
      content = Buffer.concat([content.subarray(0, from), inserted, content.subarray(to)]);
      text.replace(from, to, inserted);
      if (content.length > 4000) {
        const cut = borderBefore(content, 3000);
        text.replace(0, cut, new Uint8Array());
        content = content.subarray(cut);
      }
      if (step % 5 === 0) assertSame(text, textOf(content, tokenizer));
    }
    assert.equal(Buffer.compare(Buffer.from(text.bytes), content), 0);
  });

  test(`stable tokens do not change whatever follows, and are nearly all tokens (${name})`, { skip }, () => {
    const tokenizer = make();
    const random = randomFrom(8);
    let left = 0;
    for (let i = 0; i < 500; i++) {
      const content = Buffer.from(randomText(random, 30));
      const end = borderBefore(content, random.below(content.length + 1));
      const text = textOf(content, tokenizer);
      const settled = text.stableTokensBefore(end);
      assert.ok(text.startOf(settled) <= end);
      left += end - text.startOf(settled);
      const other = textOf(Buffer.concat([content.subarray(0, end), Buffer.from(randomText(random, 4))]), tokenizer);
      assert.deepEqual(other.tokens(0, settled), text.tokens(0, settled));
      assert.equal(other.startOf(settled), text.startOf(settled));
    }
    assert.ok(left / 500 < 12, `${left / 500} bytes on average`);
  });
}

/** Rounds a byte offset down to the start of a character, so that edits leave the text valid UTF-8. */
function borderBefore(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

test("an edit at the end does not change the hashes of earlier blocks", () => {
  const text = textOf(Buffer.from("x = 1;\n".repeat(500)));
  const before = text.hashAt(5);
  text.replace(text.byteLength, text.byteLength, Buffer.from("y"));
  assert.equal(text.hashAt(5), before);
});

test("an edit tokenizes only what it changes, wherever the rest moves", ({ mock }) => {
  const text = textOf(Buffer.from("x = 1;\n".repeat(500)));
  const { mock: calls } = mock.method(starterTokenizer, "pretokenAt");
  for (const inserted of ["y", "yyy", ""]) {
    calls.resetCalls();
    text.replace(700, 701, Buffer.from(inserted));
    assert.ok(calls.callCount() < 40, `${calls.callCount()}`);
  }
});

test("an edit that changes no token is not reported", () => {
  const text = textOf(Buffer.from("x = 1;\n"));
  const reported: string[] = [];
  text.beforeSplice(() => reported.push("before"));
  text.onSplice(() => reported.push("after"));
  text.replace(0, 1, Buffer.from("x"));
  assert.deepEqual([reported, text.edits], [[], 2]);
  text.replace(0, 1, Buffer.from("y"));
  assert.deepEqual(reported, ["before", "after"]);
});

test("tokens match at an offset if the text has all of them there", () => {
  const text = textOf(Buffer.from("return value;"));
  const all = text.tokens(0, text.tokenCount);
  assert.deepEqual([text.matches(all, 0), text.matches(all, 1)], [true, false]);
  assert.deepEqual([text.matches([], all.length), text.matches([], all.length + 1)], [true, false]);
});

test("tokensEndingBy counts the tokens that end at or before a byte", () => {
  const text = textOf(Buffer.from("return value;"));
  for (let byte = 0; byte <= text.byteLength; byte++) {
    let expected = 1;
    while (expected < text.tokenCount && text.startOf(expected + 1) <= byte) expected++;
    assert.equal(text.tokensEndingBy(byte), expected, `byte ${byte}`);
  }
});

test("a text with only the header sentinel has one token", () => {
  const text = textOf(new Uint8Array());
  assert.equal(text.tokenCount, 1);
  assert.deepEqual(text.tokens(0, 1), [header]);
});
