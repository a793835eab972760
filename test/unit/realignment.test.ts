import assert from "node:assert/strict";
import test from "node:test";
import { realigned } from "../../src/core/states/realignment.js";

const tokens = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const splice = (removed: number[], inserted: number[], at = 1000) => ({
  at,
  removed: Uint32Array.from(removed),
  inserted: Uint32Array.from(inserted),
});

test("a position is found by the text before it, or else by the text after it", () => {
  const old = tokens(0, 300);
  const changed = [...tokens(0, 50), 7777, ...tokens(51, 49), 8888, 8889, ...tokens(100, 200)];
  assert.deepEqual(realigned([1030, 1055, 1090, 1102, 1250], splice(old, changed)), [1030, 1055, 1090, 1104, 1252]);
});

test("a position whose surroundings are gone, or occur twice in the new text, is not found", () => {
  const twice = [...tokens(500, 100), ...tokens(0, 60), ...tokens(0, 60)];
  assert.deepEqual(realigned([1030], splice(tokens(0, 60), twice)), [undefined]);
  assert.deepEqual(realigned([1030], splice(tokens(0, 60), tokens(500, 60))), [undefined]);
  assert.deepEqual(realigned([1030], splice(tokens(0, 60), [])), [undefined]);
});

test("places stay in their order", () => {
  const [first, second] = [tokens(0, 60), tokens(100, 60)];
  const found = realigned([1040, 1100], splice([...first, ...second], [...second, ...first]));
  assert.deepEqual(found, [1100, undefined]);
});

test("places are found if tokens have changed everywhere", () => {
  const old = tokens(0, 1200);
  // In every 15 tokens, one is removed, and two are inserted. Of the others, every fifth is replaced.
  const newOf = (i: number): number[] => (i % 15 === 7 ? [] : i % 15 === 9 ? [i, 7001, 7002] : [i % 5 ? i : 9000 + i]);
  const place = (offset: number): number => 1000 + old.slice(0, offset).flatMap(newOf).length;
  const offsets = [64, 128, 192, 640, 704, 1152];
  const found = realigned(
    offsets.map((offset) => 1000 + offset),
    splice(old, old.flatMap(newOf)),
  );
  for (const [i, offset] of offsets.entries()) {
    // A place within a changed part may be found a few tokens away.
    assert.ok(Math.abs(found[i]! - place(offset)) <= 6, `${found[i]} for ${place(offset)}`);
  }
});

test("a place in one of two equal texts is not mistaken for one in the other, after only the first has changed", () => {
  const twice = tokens(500, 60);
  const changed = twice.map((token, i) => (i % 5 === 0 ? 9000 + i : token));
  const [before, between, after] = [tokens(0, 100), tokens(2000, 300), tokens(4000, 100)];
  const old = [...before, ...twice, ...between, ...twice, ...after];
  const found = realigned([1143, 1300, 1500], splice(old, [...before, ...changed, ...between, ...twice, ...after]));
  assert.deepEqual(found, [1143, 1300, 1500]);
});

const [gram, other, others] = [tokens(500, 12), tokens(2000, 100), tokens(3000, 100)];
for (const [claim, old, place, changed, expected] of [
  [
    "the twelve tokens before it",
    [...tokens(0, 100), ...gram, ...tokens(100, 100)],
    112,
    [...other, ...gram, ...others],
    112,
  ],
  [
    "twelve tokens before it, not by eleven",
    [...tokens(0, 100), ...gram.slice(1), ...tokens(100, 100)],
    111,
    [...other, ...gram.slice(1), ...others],
    undefined,
  ],
  [
    "the tokens before it at the start of the old text",
    [...gram, ...tokens(100, 100)],
    12,
    [...other, ...gram, ...others],
    112,
  ],
  [
    "the tokens before it at the end of the new text",
    [...tokens(0, 100), ...gram, ...tokens(100, 100)],
    112,
    [...other, ...gram],
    112,
  ],
  ["the twelve tokens after it", [...tokens(0, 100), ...gram, ...tokens(100, 100)], 100, [7, ...gram, ...others], 1],
  [
    "the tokens after it, but not at the start of the change",
    [...tokens(0, 100), ...gram, ...tokens(100, 100)],
    100,
    [...gram, ...others],
    undefined,
  ],
] as const) {
  test(`a place is recognized by ${claim}`, () => {
    const found = realigned([1000 + place], splice([...old], [...changed]));
    assert.deepEqual(found, [expected === undefined ? undefined : 1000 + expected]);
  });
}

test("of two places within tokens that were replaced, the first is found", () => {
  const changed = tokens(0, 40).toSpliced(10, 3, 7777);
  assert.deepEqual(realigned([1011, 1012], splice(tokens(0, 40), changed)), [1011, undefined]);
});

// A place at the start of the change would not do: its checkpoint would seem to have read exactly the text before it.
for (const [claim, removed, inserted, places, expected] of [
  [
    "within tokens that were deleted, or right after them",
    tokens(0, 40),
    tokens(0, 40).toSpliced(10, 3),
    [11, 13, 14],
    [undefined, undefined, 11],
  ],
  ["if all tokens were deleted", tokens(0, 40), [], [39, 40], [undefined, undefined]],
  [
    "at the end, after tokens that were deleted, if the first token changed, too",
    tokens(0, 40),
    [7777, ...tokens(1, 20)],
    [21, 40],
    [21, undefined],
  ],
  [
    "at the end, after tokens that were deleted, if the tokens before them stayed",
    tokens(0, 40),
    tokens(0, 20),
    [40],
    [undefined],
  ],
] as const) {
  test(`no place is found ${claim}`, () => {
    const found = realigned(
      places.map((place) => 1000 + place),
      splice([...removed], [...inserted]),
    );
    assert.deepEqual(
      found.map((place) => place && place - 1000),
      expected,
    );
  });
}

test("the place at the end of what was replaced is found", () => {
  assert.deepEqual(realigned([1040], splice(tokens(0, 40), tokens(7000, 3))), [1003]);
});
