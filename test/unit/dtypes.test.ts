import assert from "node:assert/strict";
import test from "node:test";
import {
  areFinite,
  elementBytes,
  fp16Table,
  isDtype,
  isHalfPrecision,
  toFloats,
  type Dtype,
  type ValueDtype,
} from "../../src/rwkv/weights/dtypes.js";

const half = (...bits: readonly number[]): Uint8Array<ArrayBuffer> => new Uint8Array(Uint16Array.from(bits).buffer);
const single = (...bits: readonly number[]): Uint8Array<ArrayBuffer> => new Uint8Array(Uint32Array.from(bits).buffer);

test("an element of each type has the bytes of its name", () => {
  const dtypes = ["F32", "F16", "BF16", "I8", "U8", "F64", "constructor"].filter(isDtype);
  assert.deepEqual(
    dtypes.map((dtype) => [dtype, elementBytes(dtype), isHalfPrecision(dtype)]),
    [["F32", 4, false], ["F16", 2, true], ["BF16", 2, true], ["I8", 1, false], ["U8", 1, false]],
  ); // prettier-ignore
});

const bits: readonly (readonly [string, ValueDtype, Uint8Array<ArrayBuffer>, readonly number[]])[] = [
  ["one in fp32", "F32", single(0x3f800000), [1]],
  ["signed bytes", "I8", Uint8Array.of(0, 1, 127, 128, 255), [0, 1, 127, -128, -1]],
  ["one, minus two and the largest bf16", "BF16", half(0x3f80, 0xc000, 0x7f7f), [1, -2, 0xff * 2 ** 120]],
  ["zeros in fp16", "F16", half(0, 0x8000), [0, -0]],
  ["the smallest fp16 of each sign", "F16", half(1, 0x8001), [2 ** -24, -(2 ** -24)]],
  ["the largest subnormal fp16", "F16", half(0x3ff), [1023 * 2 ** -24]],
  ["the smallest normal fp16", "F16", half(0x400), [2 ** -14]],
  ["one and its neighbors in fp16", "F16", half(0x3bff, 0x3c00, 0x3c01), [1 - 2 ** -11, 1, 1 + 2 ** -10]],
  ["minus a third in fp16", "F16", half(0xb555), [-1365 / 4096]],
  ["the largest fp16", "F16", half(0x7bff), [65_504]],
  ["infinities in fp16", "F16", half(0x7c00, 0xfc00), [Infinity, -Infinity]],
  ["a NaN in fp16", "F16", half(0x7c01, 0xfe00), [NaN, NaN]],
];

for (const [what, dtype, bytes, expected] of bits) {
  test(`toFloats: ${what}`, () => {
    assert.deepEqual([...toFloats(bytes, dtype)], expected);
  });
}

test("the table of fp16 is strictly ascending from zero to infinity, and symmetric", () => {
  const table = fp16Table();
  assert.equal(table.length, 65_536);
  for (let i = 1; i <= 0x7c00; i++) {
    assert.ok(table[i]! > table[i - 1]!, `${i}`);
    assert.equal(table[i + 0x8000], -table[i]!, `${i}`);
  }
});

const finite: readonly (readonly [string, Dtype, Uint8Array<ArrayBuffer>, boolean])[] = [
  ["no values", "F32", single(), true],
  ["the largest fp32", "F32", single(0x7f7fffff, 0xff7fffff), true],
  ["infinity in fp32", "F32", single(0x7f800000), false],
  ["a NaN in fp32, first of three", "F32", single(0x7fc00000, 0, 0), false],
  ["a NaN in fp32, last of three", "F32", single(0, 0, 0xffc00000), false],
  ["the largest bf16", "BF16", half(0x7f7f, 0xff7f, 0x7f00), true],
  ["infinity in bf16", "BF16", half(0, 0x7f80), false],
  ["a negative NaN in bf16", "BF16", half(0xffc0), false],
  ["the largest fp16", "F16", half(0x7bff, 0xfbff), true],
  ["infinity in fp16", "F16", half(0x7c00), false],
  ["a NaN in fp16", "F16", half(0x7e01, 1), false],
  ["any bytes as I8", "I8", Uint8Array.of(255, 127, 128), true],
  ["any bytes as U8", "U8", Uint8Array.of(255, 127, 128), true],
];

for (const [what, dtype, bytes, expected] of finite) {
  test(`areFinite is ${expected} for ${what}`, () => {
    assert.equal(areFinite(bytes, dtype), expected);
  });
}
