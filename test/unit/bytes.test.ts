import assert from "node:assert/strict";
import test from "node:test";
import {
  followsValue,
  isContinuationByte,
  isBlank,
  isLetter,
  isWordByte,
  latin1,
  lineAt,
  startsWithAt,
  wordAt,
  wordBefore,
} from "../../src/core/structure/bytes.js";

const all = Array.from({ length: 256 }, (_, byte) => byte);
const bytesOf = (text: string): Uint8Array => Buffer.from(text);

test("letters, words and blanks are those of ASCII, and all other bytes belong to words", () => {
  const classified: readonly (readonly [(byte: number) => boolean, RegExp])[] = [
    [isLetter, /[A-Za-z_]/],
    [isWordByte, /[\w\x80-\xff]/],
    [isBlank, /[ \t]/],
    [isContinuationByte, /[\x80-\xbf]/],
  ];
  for (const [classify, expected] of classified) {
    assert.deepEqual(
      all.filter((byte) => classify(byte)),
      all.filter((byte) => expected.test(String.fromCharCode(byte))),
    );
  }
});

test("a text is compared with bytes at an offset, and none begins past the end", () => {
  const bytes = bytesOf("let ab = abc");
  assert.deepEqual(
    [0, 4, 9, 10].map((at) => startsWithAt(bytes, at, "ab")),
    [false, true, true, false],
  );
  for (const other of ["bcd", "xc", "bx"]) assert.equal(startsWithAt(bytes, 10, other), false);
  assert.equal(latin1(bytes, -3, 3), "let");
  assert.equal(lineAt(bytes, 4, 9), "ab = ");
  assert.equal(lineAt(bytesOf("a\nb\nc"), 2, 100), "b");
  assert.equal(lineAt(bytesOf("a\n"), 1, 2), "");
});

test("the word at an offset and the one before it are found, up to 40 bytes", () => {
  const bytes = bytesOf("let größe9 = a");
  assert.equal(wordAt(bytes, 0), "let");
  assert.equal(wordAt(bytes, 3), "");
  assert.equal(Buffer.from(wordAt(bytes, 4), "latin1").toString(), "größe9");
  assert.equal(wordAt(bytes, bytes.length - 1), "a");
  assert.equal(wordBefore(bytes, 3), "let");
  assert.equal(wordBefore(bytes, 2), "le");
  assert.equal(wordBefore(bytes, 4), "");
  assert.equal(wordBefore(bytes, 0), "");
  const long = bytesOf("a".repeat(50));
  assert.deepEqual([wordAt(long, 0).length, wordBefore(long, 50).length], [40, 40]);
  assert.deepEqual([wordAt(long, 10).length, wordBefore(long, 40).length], [40, 40]);
});

for (const [before, isValue] of [
  ["a", true],
  ["a  \t", true],
  ["f(a)", true],
  ["a[0] ", true],
  ["{ a: 1 }", true],
  ['"text"', true],
  ["'text'", true],
  ["`text`", true],
  ["returned", true],
  ["9", true],
  ["", false],
  ["  ", false],
  ["a;\n", false],
  ["a =", false],
  ["f(", false],
  ["a,", false],
  ["return", false],
  ["return ", false],
  ["typeof", false],
  ["x = yield", false],
  // A statement follows a condition, so a slash begins a regular expression.
  ["if (a)", false],
  ["while (a && f(b)) ", false],
  ["for (const a of b)", false],
  ["with(a)", false],
  ["if  \t(a)", false],
  ["unless (a)", true],
  ["f(if (a))", true],
  ["notif (a)", true],
  ["(a)", true],
  ["if (a\n)", true],
  [`if (${"a".repeat(196)})`, false],
  [`if (${"a".repeat(199)})`, true],
] as const) {
  test(`${isValue ? "a value" : "no value"} ends before a slash after ${JSON.stringify(before).slice(0, 40)}`, () => {
    const bytes = bytesOf(`${before}/`);
    assert.equal(followsValue(bytes, bytes.length - 1), isValue);
  });
}

test("whether a value ends before a slash does not depend on the text after it", () => {
  assert.equal(followsValue(bytesOf("if (a)/)/"), 6), false);
  assert.equal(followsValue(bytesOf("if (a)))"), 6), false);
});
