import assert from "node:assert/strict";
import test from "node:test";
import { PagedArray } from "../../src/core/workspace/pagedArray.js";

const page = 2 ** 16;

function filled(length: number): PagedArray<Uint32Array> {
  const array = new PagedArray((size) => new Uint32Array(size));
  for (let i = 0; i < length; i++) array.push(i + 1);
  return array;
}

test("numbers keep their places across pages", () => {
  const array = filled(2 * page + 2);
  assert.equal(array.length, 2 * page + 2);
  for (const at of [0, 1, page - 1, page, page + 1, 2 * page - 1, 2 * page, 2 * page + 1]) {
    assert.equal(array.at(at), at + 1);
  }
  assert.deepEqual([array.at(2 * page + 2), array.at(9 * page)], [0, 0]);
});

test("a page is added when the last one is full", () => {
  const bytes = 4 * page;
  assert.deepEqual(
    [0, 1, page, page + 1].map((length) => filled(length).bytes),
    [0, bytes, bytes, 2 * bytes],
  );
});

for (const [from, to] of [
  [0, 0],
  [0, 3],
  [5, 6],
  [page - 2, page],
  [page - 2, page + 2],
  [page, page + 1],
  [page - 1, 2 * page + 1],
  [3, 2],
] as const) {
  test(`a part from ${from} to ${to} is copied and overwritten, and nothing else`, () => {
    const array = filled(2 * page + 2);
    const expected = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i + 1);
    assert.deepEqual([...array.slice(from, to)], expected);
    array.fill(7, from, to);
    assert.deepEqual(
      [...array.slice(from, to)],
      expected.map(() => 7),
    );
    if (from > 0) assert.equal(array.at(from - 1), from);
    assert.equal(array.at(Math.max(from, to)), Math.max(from, to) + 1);
  });
}

test("a part that reaches past the end is filled up to it", () => {
  const array = filled(3);
  array.fill(7, 2, 9);
  assert.equal(array.length, 3);
  array.push(8);
  assert.deepEqual([...array.slice(0, 4)], [1, 2, 7, 8]);
});

test("a number is replaced on any page, and one outside of all pages is not kept", () => {
  const array = filled(page + 2);
  array.set(1, 9);
  array.set(page, 9);
  array.set(5 * page, 9);
  assert.deepEqual([...array.slice(0, 3)], [1, 9, 3]);
  assert.deepEqual([...array.slice(page - 1, page + 2)], [page, 9, page + 2]);
  assert.equal(array.at(5 * page), 0);
});
