import assert from "node:assert/strict";
import test from "node:test";
import {
  isBigMatrix,
  isLowRank,
  isWeightFormat,
  formatOfMatrix,
  matricesOf,
  shapeOfValues,
  storedFormat,
  transpose,
  weightBytes,
} from "../../src/rwkv/weights/matrices.js";
import type { Dtype } from "../../src/rwkv/weights/dtypes.js";
import { sourceOf, type Written } from "../support/memoryTensors.js";

/** A group of 32 weights that 8 bits represent exactly, because its largest absolute value is 127. */
const steps = [...Array.from({ length: 31 }, (_, i) => (i - 15) * 7), 127];

const names: readonly (readonly [string, boolean, boolean])[] = [
  ["head.weight", true, false],
  ["blocks.0.head.weight", false, false],
  ["emb.weight", false, false],
  ["blocks.0.att.receptance.weight", true, false],
  ["blocks.10.ffn.value.weight", true, false],
  ["blocks.0.att.gate.weight", true, false],
  ["blocks.0.att.output.weight.scale", false, false],
  ["blocks.0.att.w1", false, true],
  ["blocks.0.att.g2", false, true],
  ["blocks.0.att.w0", false, false],
  ["blocks.0.att.time_maa_w1", false, true],
  ["blocks.0.att.time_decay_w2", false, true],
  ["blocks.0.att.time_maa_w", false, false],
];

test("large and low-rank matrices are known by their names", () => {
  for (const [name, isBig, isLow] of names)
    assert.deepEqual([isBigMatrix(name), isLowRank(name)], [isBig, isLow], name);
});

test("in a 4-bit model the head has 8 bits, and a matrix whose rows are no whole groups stays as it is", () => {
  const formats = (["fp32", "int8", "int4"] as const).map((format) => [
    formatOfMatrix("blocks.0.att.key.weight", 64, format),
    formatOfMatrix("head.weight", 32, format),
    formatOfMatrix("head.weight", 33, format),
  ]);
  assert.deepEqual(formats, [["fp32", "fp32", "fp32"], ["int8", "int8", "fp32"], ["int4", "int8", "fp32"]]); // prettier-ignore
  assert.deepEqual(["fp32", "int8", "int4", "int2", undefined].map(isWeightFormat), [true, true, true, false, false]);
  assert.deepEqual(weightBytes, { fp32: 4, int8: 1.125, int4: 0.625 });
});

test("a file's format is the smallest of its large matrices", () => {
  const of = (...dtypes: readonly Dtype[]): string =>
    storedFormat(sourceOf(Object.fromEntries([["emb", ["U8", [1]]], ...dtypes.map((dtype, i) => [`${i}.key.weight`, [dtype, [1]]])]) as Record<string, Written>)); // prettier-ignore
  assert.deepEqual([of(), of("F32", "BF16"), of("F32", "I8"), of("I8", "U8")], ["fp32", "fp32", "int8", "int4"]);
});

test("the last dimension of a 4-bit matrix counts twice, but not that of other bytes", () => {
  const source = sourceOf({ "a.key.weight": ["U8", [2, 3, 5]], b: ["U8", [2, 3]], "c.key.weight": ["I8", [2, 3]] });
  assert.deepEqual(["a.key.weight", "b", "c.key.weight"].map((name) => shapeOfValues(source, name)), [[2, 3, 10], [2, 3], [2, 3]]); // prettier-ignore
});

test("a matrix is converted only if its format differs from the wanted one", () => {
  const scale = ["F32", [1, 1], Float32Array.of(0.5)] as const;
  const source = sourceOf({
    "f.key.weight": ["F32", [1, 32], Float32Array.from(steps)],
    "i.key.weight": ["I8", [1, 32], Int8Array.from(steps)],
    "i.key.weight.scale": scale,
    "u.key.weight": ["U8", [1, 16], new Uint8Array(16).fill(0x79)],
    "u.key.weight.scale": scale,
  });
  const kinds = (["fp32", "int8", "int4"] as const).map((format) =>
    ["f", "i", "u"].map((name) => matricesOf(source, format)(`${name}.key.weight`).kind),
  );
  assert.deepEqual(kinds, [["floats", "floats", "floats"], ["int8", "int8", "int8"], ["int4", "int4", "int4"]]); // prettier-ignore
  const values = (name: string, format: "fp32" | "int8"): number[] => [
    ...matricesOf(source, format)(`${name}.key.weight`).values,
  ];
  assert.deepEqual(values("f", "fp32"), steps);
  assert.deepEqual(values("f", "int8"), steps);
  assert.deepEqual(
    values("i", "fp32"),
    steps.map((step) => step / 2),
  );
  assert.deepEqual(
    values("u", "int8"),
    Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
  );
  const floats = matricesOf(source, "fp32")("f.key.weight");
  assert.deepEqual([floats.in, floats.out], [32, 1]);
});

test("transposing turns rows into columns, across any number of tiles", () => {
  for (const [rows, columns] of [
    [1, 1],
    [2, 3],
    [31, 33],
    [64, 32],
    [65, 70],
  ] as const) {
    // prettier-ignore
    const result = transpose(Float32Array.from({ length: rows * columns }, (_, i) => i), rows, columns);
    result.forEach((value, i) => {
      assert.equal(value, (i % rows) * columns + Math.floor(i / rows), `${rows} × ${columns}`);
    });
  }
});
