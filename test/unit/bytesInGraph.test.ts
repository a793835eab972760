import assert from "node:assert/strict";
import test from "node:test";
import { bytesInGraph } from "../../src/rwkv/ort/externalData.js";
import type { WeightFormat } from "../../src/rwkv/weights/matrices.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";

const matrix = "blocks.0.att.key.weight";

/**
 * A tensor's name, type and shape, the weight format of the graph, and whether the file can be mapped (by default, it
 * can).
 */
type InGraph = readonly [string, string, readonly number[], WeightFormat, boolean?];

/** The bytes that a tensor takes up in the graph, together with its scales if it is quantized. */
function bytesOf([name, dtype, shape, format, isMapped = true]: InGraph): number {
  const source = {
    names: [name, `${name}.scale`],
    dtype: () => dtype,
    shape: () => shape,
    ...(isMapped ? { byteRange: () => ({ path: "", start: 0, end: 0 }) } : {}),
  };
  return bytesInGraph(source as unknown as TensorSource, format); // has all members that are used
}

for (const [claim, args, expected] of [
  ["floats take four bytes each", [matrix, "F32", [2, 64], "fp32"], 512],
  ["converted to 8 bits, a matrix takes one byte and a share of a scale", [matrix, "F32", [2, 64], "int8"], 128 + 16],
  ["converted to 4 bits, a matrix takes half as much", [matrix, "BF16", [2, 64], "int4"], 64 + 16],
  ["a head stays in 8 bits", ["head.weight", "BF16", [2, 64], "int4"], 128 + 16],
  ["a matrix whose rows are no whole groups stays in floats", [matrix, "F32", [2, 33], "int8"], 264],
  ["mapped from the file, a matrix takes only its scales", [matrix, "I8", [2, 64], "int8"], 16],
  ["mapped from the file, a 4-bit matrix takes only its scales, too", [matrix, "U8", [2, 32], "int4"], 16],
  ["an 8-bit matrix that cannot be mapped takes its bytes", [matrix, "I8", [2, 64], "int8", false], 128 + 16],
  ["a mapped matrix in another format takes its bytes", [matrix, "I8", [2, 64], "fp32"], 512],
  ["an embedding in half precision is mapped", ["emb.weight", "F16", [4, 8], "fp32"], 0],
  ["an embedding in BF16 is mapped", ["emb.weight", "BF16", [4, 8], "fp32"], 0],
  [
    "an embedding that cannot be mapped takes two bytes for each value",
    ["emb.weight", "BF16", [4, 8], "fp32", false],
    64,
  ],
  ["an embedding in floats is not mapped", ["emb.weight", "F32", [4, 8], "fp32"], 128],
  ["other tensors in half precision become floats", ["blocks.0.ln1.weight", "BF16", [8], "fp32"], 32],
] as const satisfies readonly (readonly [string, InGraph, number])[]) {
  test(`in a graph, ${claim}`, () => {
    assert.equal(bytesOf(args), expected);
  });
}
