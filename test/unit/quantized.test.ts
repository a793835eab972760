import assert from "node:assert/strict";
import test from "node:test";
import { quantize4 } from "../../src/rwkv/weights/quantize4.js";
import { dequantize, quantize, readQuantized, readScaled, unpacked } from "../../src/rwkv/weights/quantized.js";
import type { Dtype } from "../../src/rwkv/weights/dtypes.js";
import { sourceOf } from "../support/memoryTensors.js";
import { randomFrom } from "../support/random.js";

/** Replaces −0 by 0, because `deepEqual` distinguishes them. */
const unsignedZeros = (values: Float32Array): Float32Array => values.map((value) => value + 0);
const counting = (length: number): number[] => Array.from({ length }, (_, i) => i);
const steps = [...counting(31).map((i) => (i - 15) * 7), 127];
/** Two groups that 8 bits represent exactly, with the scales 1/2 and −4, and a group of zeros. */
const exact = Float32Array.from([
  ...steps.map((q) => q / 2),
  ...steps.map((q) => -q * 4),
  ...counting(32).map(() => 0),
]);

test("8 bits: the largest value of each group of 32 becomes 127, and a group of zeros stays so", () => {
  const matrix = quantize(exact, { out: 3, in: 32 });
  assert.deepEqual([matrix.kind, matrix.out, matrix.in, matrix.group], ["int8", 3, 32, 32]);
  assert.deepEqual([...matrix.scales], [0.5, 4, 0]);
  assert.deepEqual(
    [...matrix.values],
    [...steps, ...steps.map((q) => (q === 0 ? 0 : -q)), ...counting(32).map(() => 0)],
  );
  assert.deepEqual(dequantize(matrix), unsignedZeros(exact));
});

test("8 bits: values are rounded to the nearest step of their own group of 128", () => {
  const weights = Float32Array.from(counting(256), (i) => (i < 128 ? i - 0.6 : (i - 128.4) / 64));
  const { scales, values } = quantize(weights, { out: 2, in: 128 }, 128);
  assert.deepEqual(
    [...scales],
    [126.4 / 127, 126.6 / 64 / 127].map((scale) => Math.fround(Math.fround(scale * 127) / 127)),
  );
  values.forEach((value, i) => {
    assert.ok(Math.abs(value - weights[i]! / scales[i >> 7]!) <= 0.5 + 1e-9, `${i}`);
  });
});

test("4 bits: two values share a byte, the first in the lower nibble, and 8 is added to each", () => {
  const values = Uint8Array.from({ length: 16 }, (_, i) => i | ((15 - i) << 4));
  const matrix = { kind: "int4", out: 1, in: 32, group: 32, values, scales: Float32Array.of(0.25) } as const;
  const expected = counting(16).flatMap((i) => [i - 8, 7 - i]);
  assert.deepEqual(unpacked(matrix), {
    kind: "int8",
    out: 1,
    in: 32,
    group: 32,
    values: Int8Array.from(expected),
    scales: matrix.scales,
  });
  assert.deepEqual(
    [...dequantize(matrix)],
    expected.map((value) => value / 4),
  );
});

/**
 * The lowest squared error that any candidate reaches for a group, computed directly. A candidate maps the peak to one
 * of 17 values from −6 to −10, and then takes the best scale.
 */
function lowestError(weights: readonly number[]): number {
  const peak = weights.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const errors = counting(17).map((i) => {
    const q = weights.map((weight) => Math.min(7, Math.max(-8, Math.floor((weight * (-6 - i / 4)) / peak + 0.5))));
    const scale = weights.reduce((sum, w, j) => sum + w * q[j]!, 0) / q.reduce((sum, one) => sum + one * one, 0);
    return weights.reduce((sum, w, j) => sum + (w - scale * q[j]!) ** 2, 0);
  });
  return Math.min(...errors);
}

test("4 bits: each group has the candidate scale with the lowest squared error", () => {
  const random = randomFrom(3);
  const weights = Float32Array.from(
    { length: 64 * 32 },
    () => ((random.below(2001) - 1000) / 997) * 2 ** random.below(4),
  );
  const floats = dequantize(quantize4(weights, { out: 32, in: 64 }));
  for (let begin = 0; begin < weights.length; begin += 32) {
    const group = [...weights.subarray(begin, begin + 32)];
    const error = group.reduce((sum, weight, i) => sum + (weight - floats[begin + i]!) ** 2, 0);
    const lowest = lowestError(group);
    assert.ok(error <= (1 + 1e-5) * lowest, `${begin}: ${error} instead of ${lowest}`);
  }
});

test("4 bits: values that 16 steps can represent are exact, with either sign, and zeros stay zeros", () => {
  const whole = counting(32).map((i) => (i % 16) - 8);
  const weights = Float32Array.from([...whole.map((q) => q / 8), ...whole.map((q) => q * -3), ...whole.map(() => 0)]);
  const matrix = quantize4(weights, { out: 3, in: 32 });
  assert.deepEqual([matrix.kind, matrix.out, matrix.in, matrix.group], ["int4", 3, 32, 32]);
  assert.deepEqual([...matrix.scales], [1 / 8, -3, 0]);
  assert.deepEqual(unsignedZeros(dequantize(matrix)), unsignedZeros(weights));
  assert.deepEqual(
    [...matrix.values.subarray(32)],
    counting(16).map(() => 0x88),
  );
});

const read: readonly (readonly [string, Dtype, readonly number[], readonly number[], object])[] = [
  ["8 bits in groups of 32", "I8", [3, 64], [3, 2], { kind: "int8", out: 3, in: 64, group: 32 }],
  ["8 bits in groups of 128", "I8", [3, 256], [3, 2], { kind: "int8", out: 3, in: 256, group: 128 }],
  ["4 bits in groups of 32", "U8", [3, 32], [3, 2], { kind: "int4", out: 3, in: 64, group: 32 }],
]; // prettier-ignore

for (const [what, dtype, shape, scaleShape, expected] of read) {
  test(`a matrix of ${what} is recognized by its scales`, () => {
    const scales = Float32Array.from({ length: 6 }, (_, i) => i);
    const values = Int8Array.from({ length: shape[0]! * shape[1]! }, (_, i) => i - 100);
    const source = sourceOf({ a: [dtype, shape, values], "a.scale": ["F32", scaleShape, scales] });
    assert.deepEqual(readScaled(source, "a"), { ...expected, scales });
    const typed = dtype === "U8" ? Uint8Array.from(values) : values;
    assert.deepEqual(readQuantized(source, "a"), { ...expected, scales, values: typed });
  });
}

const refused: readonly (readonly [string, Dtype, readonly number[], readonly number[] | undefined, RegExp])[] = [
  ["no scales", "I8", [2, 64], undefined, /a is int8, but a\.scale is missing/],
  ["no scales of 4 bits", "U8", [2, 64], undefined, /a is int4, but a\.scale is missing/],
  ["scales of fewer rows", "I8", [2, 64], [1, 2], /does not have one scale per 32 or 128 inputs of a/],
  ["scales in groups of 64", "I8", [2, 128], [2, 2], /does not have one scale per 32 or 128 inputs of a/],
  ["4 bits in groups of 128", "U8", [2, 128], [2, 2], /does not have one scale per 32 inputs of a/],
];

for (const [what, dtype, shape, scaleShape, message] of refused) {
  test(`a quantized matrix with ${what} is refused`, () => {
    const scales = scaleShape === undefined ? {} : { "a.scale": ["F32", scaleShape, new Float32Array(9)] as const };
    assert.throws(() => readScaled(sourceOf({ a: [dtype, shape], ...scales }), "a"), message);
  });
}
