import assert from "node:assert/strict";
import test from "node:test";
import { emptyBlockHash } from "../../src/core/document/tokenChain.js";
import { TokenizedText } from "../../src/core/document/tokenizedText.js";
import type { TokenId } from "../../src/core/model.js";
import { randomFrom } from "../support/random.js";
import { starterTokenizer } from "../support/tokenizer.js";

const header = 4 as TokenId;

function textOf(bytes: Uint8Array): TokenizedText {
  const text = new TokenizedText(starterTokenizer, emptyBlockHash("m"), [header]);
  text.replace(0, 0, bytes);
  return text;
}

function assertSame(edited: TokenizedText, whole: TokenizedText): void {
  assert.deepEqual(edited.tokens(0, edited.tokenCount), whole.tokens(0, whole.tokenCount));
  assert.equal(edited.chainAt(edited.tokenCount).key, whole.chainAt(whole.tokenCount).key);
  for (let token = 0; token <= whole.tokenCount; token++) assert.equal(edited.startOf(token), whole.startOf(token));
}

test("after any edit the tokens are those of the whole text tokenised anew", () => {
  const random = randomFrom(7);
  const pieces = [
    "function ",
    "return",
    "    ",
    "\n",
    "a",
    "ü",
    "=>",
    "}",
    ";\n        ",
    "const x = 1;",
    "////////",
    "\t\t",
  ];
  let content = Buffer.from("import x from 'y';\n");
  const text = textOf(content);
  for (let step = 0; step < 1500; step++) {
    const from = random.below(content.length + 1);
    const to = Math.min(content.length, from + random.below(random.below(4) === 0 ? 60 : 3));
    const inserted = Buffer.from(Array.from({ length: random.below(5) }, () => random.pick(pieces)).join(""));
    content = Buffer.concat([content.subarray(0, from), inserted, content.subarray(to)]);
    text.replace(from, to, inserted);
    if (content.length > 4000) {
      text.replace(0, 3000, new Uint8Array());
      content = content.subarray(3000);
    }
    if (step % 5 === 0) assertSame(text, textOf(content));
  }
});

test("an edit at the end leaves the hashes of the blocks before it", () => {
  const text = textOf(Buffer.from("x = 1;\n".repeat(500)));
  const before = text.hashAt(5);
  text.replace(text.byteLength, text.byteLength, Buffer.from("y"));
  assert.equal(text.hashAt(5), before);
});

test("tokensEndingBy counts the tokens that end at or before a byte", () => {
  const text = textOf(Buffer.from("return value;"));
  for (let byte = 0; byte <= text.byteLength; byte++) {
    let expected = 1;
    while (expected < text.tokenCount && text.startOf(expected + 1) <= byte) expected++;
    assert.equal(text.tokensEndingBy(byte), expected, `byte ${byte}`);
  }
});

test("a text of nothing but its header has one token", () => {
  const text = textOf(new Uint8Array());
  assert.equal(text.tokenCount, 1);
  assert.deepEqual(text.tokens(0, 1), [header]);
});
