import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { VocabularyIndex } from "../../src/rwkv/tokenizers/vocabularyIndex.js";

const indexOf = (...texts: readonly string[]): VocabularyIndex =>
  new VocabularyIndex(texts.map((text, token) => ({ token: token as TokenId, bytes: Buffer.from(text) })));
/** The entries have the ids 0 to 5. Two of them have the same bytes. */
const index = indexOf("a", "ab", "abcd", "b", "ba", "b");

const matches: readonly (readonly [string, from: number, end: number, unknown])[] = [
  ["abcd", 0, 4, { token: 2, byteLength: 4 }],
  ["abcd", 0, 3, { token: 1, byteLength: 2 }],
  ["abcd", 0, 1, { token: 0, byteLength: 1 }],
  ["abcd", 0, 0, undefined],
  ["abcx", 0, 4, { token: 1, byteLength: 2 }],
  ["ax", 0, 2, { token: 0, byteLength: 1 }],
  ["b", 0, 1, { token: 5, byteLength: 1 }],
  ["xab", 0, 3, undefined],
  ["xab", 1, 3, { token: 1, byteLength: 2 }],
];

for (const [text, from, end, expected] of matches) {
  test(`the longest entry in ${text} from ${from} to ${end}`, () => {
    assert.deepEqual(index.longestMatchAt(Buffer.from(text), from, end), expected);
  });
}

const extended: readonly (readonly [string, from: number, end: number, boolean])[] = [
  ["", 0, 0, true],
  ["a", 0, 1, true],
  ["abc", 0, 3, true],
  ["abcd", 0, 4, false],
  ["ax", 0, 2, false],
  ["xa", 1, 2, true],
  ["xba", 1, 3, false],
];

test("an entry extends past a text if it starts with it and is longer", () => {
  for (const [text, from, end, expected] of extended) {
    assert.equal(index.canExtendPast(Buffer.from(text), from, end), expected, `${text}, ${from} to ${end}`);
  }
});

const compatible: readonly (readonly [string, readonly number[]])[] = [
  ["a", [0, 1, 2]],
  ["ab", [0, 1, 2]],
  ["abc", [0, 1, 2]],
  ["abx", [0, 1]],
  ["b", [4, 5]],
  ["x", []],
  ["", [0, 1, 2, 4, 5]],
];

test("the entries compatible with some bytes are their beginnings and the entries that begin with them", () => {
  for (const [text, expected] of compatible) {
    assert.deepEqual([...index.compatibleWith(Buffer.from(text))].sort(), expected, text);
  }
});

test("an index knows each entry's bytes, the longest entry, and the bytes that are no entry", () => {
  assert.deepEqual(
    [0, 3, 5, 6].map((token) => Buffer.from(index.bytesOf(token as TokenId)).toString()),
    ["a", "b", "b", ""],
  );
  assert.deepEqual([index.maxBytes, indexOf().maxBytes], [4, 1]);
  assert.deepEqual([index.sentinelBytes.size, indexOf().sentinelBytes.size], [254, 256]);
  assert.ok(!index.sentinelBytes.has(97) && index.sentinelBytes.has(0) && index.sentinelBytes.has(255));
});
