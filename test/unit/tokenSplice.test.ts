import assert from "node:assert/strict";
import test from "node:test";
import { offsetAfter, trimmedSplice } from "../../src/core/tokens/tokenSplice.js";

for (const [removed, inserted, at, expectedRemoved, expectedInserted] of [
  [[1, 2, 3], [1, 9, 3], 11, [2], [9]],
  [[1, 2, 3], [1, 2, 3], 13, [], []],
  [[1, 2], [1, 2, 3], 12, [], [3]],
  [[2, 3], [1, 2, 3], 10, [], [1]],
  [[5, 5, 5], [5, 5], 12, [5], []],
  [[1], [2, 3], 10, [1], [2, 3]],
  [[], [], 10, [], []],
] as const) {
  test(`${JSON.stringify(removed)} replaced by ${JSON.stringify(inserted)} changes only what differs`, () => {
    const splice = trimmedSplice(10, Uint32Array.from(removed), Uint32Array.from(inserted));
    assert.deepEqual([splice.at, [...splice.removed], [...splice.inserted]], [at, expectedRemoved, expectedInserted]);
  });
}

test("an offset moves with the tokens after a splice, and is lost within the removed ones", () => {
  const splice = { at: 10, removed: Uint32Array.of(1, 2, 3), inserted: Uint32Array.of(9) };
  assert.deepEqual(
    [9, 10, 11, 12, 13, 14].map((offset) => offsetAfter(offset, splice)),
    [9, 10, undefined, undefined, 11, 12],
  );
});
