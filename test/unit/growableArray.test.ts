import assert from "node:assert/strict";
import test from "node:test";
import { GrowableArray, lowerBound } from "../../src/core/tokens/growableArray.js";
import { randomFrom } from "../support/random.js";

const make = (length: number): Uint32Array => new Uint32Array(length);

test("after any splices and shifts, the items are those of an ordinary array", () => {
  const random = randomFrom(3);
  const array = new GrowableArray(make);
  const expected: number[] = [];
  for (let round = 0; round < 300; round++) {
    const start = random.below(expected.length + 1);
    const removed = random.below(Math.min(20, expected.length - start) + 1);
    const inserted = Array.from({ length: random.below(30) }, () => random.below(1000));
    array.splice(start, removed, inserted);
    expected.splice(start, removed, ...inserted);
    const from = random.below(expected.length + 1);
    const delta = random.below(3);
    array.shiftFrom(from, delta);
    for (let k = from; k < expected.length; k++) expected[k]! += delta;
    assert.deepEqual([array.length, [...array.view]], [expected.length, expected]);
  }
  assert.ok(expected.length > 200);
});

test("items that are pushed follow the others, however many", () => {
  const array = new GrowableArray(make);
  array.splice(0, 0, [7, 8]);
  for (let item = 0; item < 1000; item++) array.push(item);
  assert.deepEqual([...array.view], [7, 8, ...Array.from({ length: 1000 }, (_, item) => item)]);
});

test("a view does not change when the array grows", () => {
  const array = new GrowableArray(make);
  array.splice(0, 0, [1, 2, 3]);
  const { view } = array;
  array.splice(3, 0, Array<number>(500).fill(4));
  assert.deepEqual([...view], [1, 2, 3]);
});

test("a grown array has room for half as much again", () => {
  const sizes: number[] = [];
  const array = new GrowableArray((length) => {
    sizes.push(length);
    return make(length);
  });
  array.splice(0, 0, new Array<number>(64).fill(1));
  array.splice(0, 0, new Array<number>(37).fill(1));
  assert.deepEqual(sizes, [64, 152]);
});

test("an index outside of the array is an error", () => {
  const array = new GrowableArray(make);
  array.splice(0, 0, [5, 6]);
  assert.deepEqual([array.at(0), array.at(1)], [5, 6]);
  for (const offset of [-1, 2, 60]) assert.throws(() => array.at(offset), RangeError);
});

test("items are shifted from an index on", () => {
  const array = new GrowableArray(make);
  array.splice(0, 0, [1, 2, 3]);
  array.shiftFrom(1, 10);
  array.shiftFrom(3, 10);
  array.shiftFrom(0, 0);
  assert.deepEqual([...array.view], [1, 12, 13]);
});

test("the first item that is at least a value is found", () => {
  const items = Uint32Array.of(2, 4, 4, 8);
  assert.deepEqual(
    [0, 2, 3, 4, 5, 8, 9].map((value) => lowerBound(items, value)),
    [0, 0, 1, 1, 3, 3, 4],
  );
  assert.equal(lowerBound(make(0), 1), 0);
});
