import assert from "node:assert/strict";
import test from "node:test";
import { includesText } from "../../src/core/tokens/includesText.js";

for (const [text, part, isIncluded] of [
  ["abc", "", true],
  ["", "a", false],
  ["abc", "abc", true],
  ["abc", "abcd", false],
  ["xabc", "abc", true],
  ["abc", "c", true],
  ["aab", "ab", true], // the match overlaps an attempt that failed
  ["abab", "abb", false],
  ["ab ab✿", "✿", true],
  ["✾", "✿", false], // they differ only in their last byte
] as const) {
  test(`${JSON.stringify(text)} ${isIncluded ? "includes" : "does not include"} ${JSON.stringify(part)}`, () => {
    assert.equal(includesText(Buffer.from(text), part), isIncluded);
  });
}
