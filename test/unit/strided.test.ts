import assert from "node:assert/strict";
import test from "node:test";
import { gather } from "../../src/rwkv/weights/strided.js";

const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i);

type Case = readonly [string, readonly number[], readonly number[], number, readonly number[]];
const copied: readonly Case[] = [
  ["a transposed matrix of bytes", [3, 2], [1, 3], 1, [0, 3, 1, 4, 2, 5]],
  ["every second element", [3], [2], 1, [0, 2, 4]],
  ["one element several times", [3], [0], 1, [0, 0, 0]],
  ["rows with a gap between them", [2, 2], [4, 1], 1, [0, 1, 4, 5]],
  ["a transposed matrix of two bytes per element", [2, 2], [1, 2], 2, [0, 1, 4, 5, 2, 3, 6, 7]],
  ["a transposed matrix of four bytes per element", [2, 2], [1, 2], 4, [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15]],
  ["three dimensions in another order", [2, 1, 3], [1, 0, 2], 1, [0, 2, 4, 1, 3, 5]],
]; // prettier-ignore

for (const [what, shape, strides, elementBytes, expected] of copied) {
  test(`${what} is copied into row-major order`, () => {
    assert.deepEqual([...gather(bytes(16), { shape, strides, elementBytes })], expected);
  });
}

const kept: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ["a vector", [4], [1]],
  ["a matrix", [2, 2], [2, 1]],
  ["dimensions of one element, whatever their strides", [1, 4, 1], [99, 1, 7]],
  ["a single element", [1], [5]],
  ["no dimensions", [], []],
];

for (const [what, shape, strides] of kept) {
  test(`${what} in row-major order is not copied`, () => {
    const given = bytes(4);
    assert.equal(gather(given, { shape, strides, elementBytes: 1 }), given);
  });
}
