import assert from "node:assert/strict";
import test from "node:test";
import { characterAt } from "../../src/rwkv/tokenizers/characters.js";

/** The character classes of the tokenizer's regular expression. */
function classOf(character: string): string {
  if (/\p{L}/u.test(character)) return "letter";
  if (/\p{N}/u.test(character)) return "number";
  return /\s|\u0085/u.test(character) && character !== "\ufeff" ? "space" : "other";
}

/** Code points on both sides of each change in UTF-8 length or validity, and some of each class. */
const codePoints = [
  ...Array.from({ length: 0x80 }, (_, code) => code),
  ...[0x80, 0x85, 0xa0, 0xaa, 0xb2, 0xd7, 0xe9, 0x3b1, 0x660, 0x7ff, 0x800, 0xfff, 0x1000, 0x2028, 0x20ac, 0x3000],
  ...[0x4e2d, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1d7ce, 0x1f600, 0x20000, 0x3ffff, 0x40000, 0x10ffff],
];

test("a character has the class and the length of its code point, wherever it is", () => {
  for (const codePoint of codePoints) {
    const character = String.fromCodePoint(codePoint);
    const bytes = Buffer.from(`é${character}x`);
    const expected = { class: classOf(character), byteLength: Buffer.byteLength(character) };
    assert.deepEqual(characterAt(bytes, 2, bytes.length), expected, codePoint.toString(16));
    assert.deepEqual(characterAt(bytes, 2, 2 + expected.byteLength), expected, `${codePoint.toString(16)} at the end`);
    for (let end = 2; end < 2 + expected.byteLength; end++) {
      assert.equal(characterAt(bytes, 2, end), undefined, `${codePoint.toString(16)} cut off at ${end}`);
    }
  }
});

const invalid: readonly (readonly [string, readonly number[]])[] = [
  ["a continuation byte", [0x80, 0x80, 0x80, 0x80]],
  ["the last continuation byte", [0xbf, 0x80, 0x80, 0x80]],
  ["an overlong pair", [0xc1, 0xbf, 0x80, 0x80]],
  ["a lead byte past Unicode", [0xf5, 0x80, 0x80, 0x80]],
  ["a code point past Unicode", [0xf4, 0x90, 0x80, 0x80]],
  ["two bytes without a continuation", [0xc3, 0x41, 0x80, 0x80]],
  ["two bytes with another lead byte", [0xc3, 0xc3, 0x80, 0x80]],
  ["three bytes without the third", [0xe2, 0x82, 0x41, 0x80]],
  ["four bytes without the fourth", [0xf0, 0x9f, 0x98, 0x41]],
];

for (const [what, bytes] of invalid) {
  test(`${what} counts as one character of one byte`, () => {
    assert.deepEqual(characterAt(Uint8Array.from(bytes), 0, 4), { class: "other", byteLength: 1 });
  });
}

test("there is no character after the end", () => {
  assert.equal(characterAt(Buffer.from("ab"), 2, 2), undefined);
  assert.equal(characterAt(Buffer.from("ab"), 1, 1), undefined);
  assert.equal(characterAt(Buffer.from("ab"), 2, 9), undefined);
});
