import assert from "node:assert/strict";
import test from "node:test";
import { normalize, normalizedBytes, rawUnits } from "../../src/core/tokens/normalize.js";

/**
 * Bytes that are sentinels. 0x80 is not an ASCII character, so in UTF-8 it occurs only within characters of several
 * bytes. Those are kept.
 */
const sentinels = new Set([3, 0x80]);

for (const [text, expected] of [
  ["a\r\nb\rc\n\r\n", "a\nb\nc\n\n"],
  ["\ufeffa\ufeffb\uff00\ufefe", "ab\uff00\ufefe"],
  ["a\u0003b\u0002\u0080", "ab\u0002\u0080"],
] as const) {
  test(`${JSON.stringify(text)} is normalized, and normalizing it again changes nothing`, () => {
    assert.equal(normalize(text, sentinels), expected);
    assert.equal(normalize(text, sentinels), expected);
    assert.equal(normalize(text, new Set()).includes("\u0003"), text.includes("\u0003"));
  });
}

test("the bytes are UTF-8, also of half a character", () => {
  assert.deepEqual([...normalizedBytes("é\ud800", sentinels)], [0xc3, 0xa9, 0xef, 0xbf, 0xbd]);
});

test("an offset in the raw line counts the characters dropped before it, up to the line's end", () => {
  const line = "\u0003a\ufeff\u0080b\u0003";
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((units) => rawUnits(line, units, sentinels)),
    [0, 2, 4, 5, 6],
  );
});
