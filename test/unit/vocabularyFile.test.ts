import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Reads a vocabulary file of a model with 300 tokens. @returns its entries, each as "id hex". */
function entriesIn(folder: string, text: string): string[] {
  const file = path.join(folder, "vocab.txt");
  writeFileSync(file, text);
  return readVocabularyFile(file, 300).map(({ token, bytes }) => `${token} ${Buffer.from(bytes).toString("hex")}`);
}

const literals: readonly (readonly [string, string, string, number])[] = [
  ["single quotes", "'a'", "61", 1],
  ["double quotes", '"a"', "61", 1],
  ["the other quote", `'"'`, "22", 1],
  ["a quote within", `'it's'`, "69742773", 4],
  ["each escape of a letter", "'\\t\\n\\r\\a\\b\\f\\v'", "090a0d07080c0b", 7],
  ["escaped quotes and backslash", `'\\\\\\'\\"'`, "5c2722", 3],
  ["a byte", "b'\\xff'", "ff", 1],
  ["the byte 0", "b'\\x00'", "00", 1],
  ["every digit of bytes", "b'\\x01\\x23\\x45\\x67\\x89\\xab\\xcd\\xef\\xAB\\xCD\\xEF'", "0123456789abcdefabcdef", 11],
  ["as many characters as an escape", "b'xx41'", "78783431", 4],
  ["an escape and as many characters", "b'\\x41\\\\x42'", "415c783432", 5],
  ["digits in either case", "b'\\xAb'", "ab", 1],
  ["two hex digits, then text", "'\\x411'", "4131", 2],
  ["a code point of two hex digits, in UTF-8", "'\\xff'", "c3bf", 2],
  ["four hex digits", "'\\u20ac'", "e282ac", 3],
  ["eight hex digits", "'\\U0001f600!'", "f09f988021", 5],
  ["the last code point", "'\\U0010ffff'", "f48fbfbf", 4],
  ["Latin-1 letters in bytes", "b'é'", "e9", 1],
  ["text beyond ASCII", "'é€😀x'", "c3a9e282acf09f988078", 10],
  ["the first character with two UTF-16 units", "'\u{10000}a'", "f090808061", 5],
  ["the last character with one UTF-16 unit", "'\uffffa'", "efbfbf61", 4],
  ["spaces", "'  '", "2020", 2],
]; // prettier-ignore

for (const [what, literal, hex, length] of literals) {
  test(`a literal with ${what} is read`, () =>
    inTemporaryFolder((folder) => {
      assert.deepEqual(entriesIn(folder, `7 ${literal} ${length}\n`), [`7 ${hex}`]);
    }));
}

const files: readonly (readonly [string, string, readonly string[]])[] = [
  ["no line feed at the end", "1 'a' 1\n2 'b' 1", ["1 61", "2 62"]],
  ["carriage returns", "1 'a' 1\r\n2 'b' 1\r\n", ["1 61", "2 62"]],
  ["no entries", "", []],
  ["the first and the last id", "0 'a' 1\n299 'b' 1\n", ["0 61", "299 62"]],
  ["the same bytes twice", "1 'a' 1\n2 'a' 1\n", ["1 61", "2 61"]],
  ["the longest entry", `1 '${"\\x61".repeat(1024)}' 1024\n`, [`1 ${"61".repeat(1024)}`]],
];

for (const [what, text, expected] of files) {
  test(`a vocabulary with ${what} is read`, () =>
    inTemporaryFolder((folder) => {
      assert.deepEqual(entriesIn(folder, text), expected);
    }));
}

const noLiteral = /:2: the literal is not a Python str or bytes literal/;
const noEntry = /:2: is not `id literal length`/;
const refused: readonly (readonly [string, string, RegExp])[] = [
  ["no length", "1 'a'", noEntry],
  ["a negative id", "-1 'a' 1", noEntry],
  ["no id", "'a' 1", noEntry],
  ["a blank line", "", noEntry],
  ["an unknown escape", "1 '\\q' 1", noLiteral],
  ["a backslash at the end", "1 '\\' 1", noLiteral],
  ["a hex digit too few", "1 '\\x4' 1", noLiteral],
  ["a digit that is not hexadecimal", "1 '\\x4g' 1", noLiteral],
  ...["0/", "/0", ":0", "0:", "0@", "@0", "0G", "`0", "0`", "g0"].map(
    (digits) => [`${digits} as the digits of a byte`, `1 b'\\x${digits}' 1`, noLiteral] as const,
  ),
  ["three hex digits after u", "1 '\\u20a' 1", noLiteral],
  ["seven hex digits after U", "1 '\\U0010fff' 1", noLiteral],
  ["a code point past the last", "1 '\\U00110000' 4", noLiteral],
  ["a character beyond a byte", "1 b'€' 1", noLiteral],
  ["256 as a byte", "1 b'\u0100' 1", noLiteral],
  ["different quotes", `1 'a" 1`, noLiteral],
  ["another prefix", "1 u'a' 1", noLiteral],
  ["a length that is too small", "1 'ab' 1", /:2: the literal has 2 bytes, not 1 as stated/],
  ["an empty literal", "1 '' 0", /:2: the literal is empty/],
  ["an entry of 1025 bytes", `1 '${"a".repeat(1025)}' 1025`, /:2: the literal has 1025 bytes, not at most 1024/],
  ["a line of 4161 characters", `1 '${"a".repeat(4152)}' 4152`, /:2: has 4161 characters/],
  ["a line of 4160 characters", `1 '${"a".repeat(4151)}' 4151`, /:2: the literal has 4151 bytes/],
  ["an id past the vocabulary", "300 'a' 1", /:2: id 300 is not below the model's vocabulary size of 300/],
  ["an id twice", "0 'b' 1", /:2: id 0 occurs twice/],
];

for (const [what, line, message] of refused) {
  testRefused(
    `a vocabulary with ${what} is refused with its line`,
    (folder) => void entriesIn(folder, `0 'a' 1\n${line}\n`),
    message,
  );
}
