import assert from "node:assert/strict";
import test from "node:test";
import { GrowableArray, lowerBound } from "../../src/core/tokens/growableArray.js";
import { PagedArray } from "../../src/core/workspace/pagedArray.js";
import { randomFrom } from "../support/random.js";

test("a growable array has the numbers of a plain one, whatever is spliced", () => {
  const random = randomFrom(8);
  const array = new GrowableArray((length) => new Uint32Array(length));
  const plain: number[] = [];
  for (let i = 0; i < 400; i++) {
    const start = random.below(plain.length + 1);
    const removed = random.below(Math.min(6, plain.length - start) + 1);
    const inserted = Array.from({ length: random.below(12) }, () => random.below(1000));
    array.splice(start, removed, inserted);
    plain.splice(start, removed, ...inserted);
    const from = random.below(plain.length + 1);
    const delta = random.below(3);
    array.shiftFrom(from, delta);
    for (let k = from; k < plain.length; k++) plain[k]! += delta;
    assert.deepEqual([array.length, [...array.view]], [plain.length, plain]);
  }
  assert.ok(plain.length > 200);
  assert.equal(array.at(0), plain[0]);
  assert.equal(array.at(plain.length - 1), plain.at(-1));
  for (const outside of [-1, plain.length]) assert.throws(() => array.at(outside), RangeError);
});

test("a view of a growable array does not change when the array grows", () => {
  const array = new GrowableArray((length) => new Uint8Array(length));
  array.splice(0, 0, [1, 2, 3]);
  const { view } = array;
  array.splice(3, 0, Array<number>(500).fill(4));
  assert.deepEqual([...view], [1, 2, 3]);
});

test("the lower bound is the first index whose value is large enough", () => {
  const items = Uint32Array.of(2, 4, 4, 7);
  assert.deepEqual(
    [0, 2, 3, 4, 5, 7, 8].map((value) => lowerBound(items, value)),
    [0, 0, 1, 1, 3, 3, 4],
  );
  assert.equal(lowerBound(new Uint32Array(), 1), 0);
});

const page = 2 ** 16;

test("a paged array grows by pages of 65,536 numbers, and is read, set and filled across them", () => {
  const array = new PagedArray((length) => new Uint32Array(length));
  assert.deepEqual([array.length, array.bytes, array.at(0)], [0, 0, 0]);
  for (let i = 0; i < 2 * page + 5; i++) {
    array.push(i + 1);
    if (i === 0 || i === page - 1) assert.equal(array.bytes, 4 * page);
    if (i === page) assert.equal(array.bytes, 8 * page);
  }
  assert.equal(array.length, 2 * page + 5);
  for (const i of [0, 1, page - 1, page, 2 * page, 2 * page + 4]) assert.equal(array.at(i), i + 1);
  assert.deepEqual([array.at(2 * page + 5), array.at(9 * page)], [0, 0]);
  array.set(page, 7);
  array.set(9 * page, 7); // past the end
  assert.deepEqual([...array.slice(page - 2, page + 2)], [page - 1, page, 7, page + 2]);
  assert.deepEqual([array.slice(3, 3).length, array.slice(5, 3).length], [0, 0]);
  array.fill(9, page - 1, 2 * page + 1);
  assert.deepEqual([...array.slice(page - 2, page + 1)], [page - 1, 9, 9]);
  assert.deepEqual([...array.slice(2 * page - 1, 2 * page + 3)], [9, 9, 2 * page + 2, 2 * page + 3]);
  array.fill(8, 2 * page + 4, 3 * page);
  assert.deepEqual([array.at(2 * page + 3), array.at(2 * page + 4), array.length], [2 * page + 4, 8, 2 * page + 5]);
});
