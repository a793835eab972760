import { randomFrom } from "../src/core/decoding/sampler.js";
import { isLowRank } from "../src/rwkv/weights/matrices.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";

export interface RandomShape {
  readonly layers: number;
  readonly width: number;
  readonly vocabularySize: number;
  /** Ranks of the low-rank pairs w, a, v and g of RWKV-7. */
  readonly ranks: readonly [number, number, number, number];
}

const headSize = 64;

/** The shapes of an RWKV-7's tensors, by name. */
export function rwkv7Shapes({
  layers,
  width: C,
  vocabularySize: V,
  ranks,
}: RandomShape): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>([
    ["emb.weight", [V, C]],
    ["head.weight", [V, C]],
  ]);
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [C]).set(`${name}.bias`, [C]);
  };
  norm("blocks.0.ln0");
  norm("ln_out");
  for (let i = 0; i < layers; i++) {
    const at = `blocks.${i}.`;
    for (const name of ["ln1", "ln2", "att.ln_x"]) norm(at + name);
    for (const name of ["x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "a0", "v0", "k_k", "k_a"]) {
      shapes.set(`${at}att.${name}`, [1, 1, C]);
    }
    ["w", "a", "v", "g"].forEach((letter, j) => {
      shapes.set(`${at}att.${letter}1`, [C, ranks[j]!]).set(`${at}att.${letter}2`, [ranks[j]!, C]);
    });
    for (const name of ["receptance", "key", "value", "output"]) shapes.set(`${at}att.${name}.weight`, [C, C]);
    shapes.set(`${at}att.r_k`, [C / headSize, headSize]).set(`${at}ffn.x_k`, [1, 1, C]);
    shapes.set(`${at}ffn.key.weight`, [4 * C, C]).set(`${at}ffn.value.weight`, [C, 4 * C]);
  }
  return shapes;
}

/**
 * An RWKV-7 with random weights, which exists only in memory. It is as fast as a trained model of the same shape. The
 * low-rank pairs are bf16, as in published files.
 */
export function randomModel(model: RandomShape): TensorSource {
  const shapes = rwkv7Shapes(model);
  const shape = (name: string): readonly number[] => shapes.get(name) ?? [];
  const readFloats = (name: string): Float32Array<ArrayBuffer> => randomTensor(shape(name), model.width);
  let last: { readonly name: string; readonly values: Float32Array<ArrayBuffer> } | undefined;
  return {
    path: "random",
    names: [...shapes.keys()],
    has: (name) => shapes.has(name),
    shape,
    dtype: (name) => (isLowRank(name) ? "BF16" : "F32"),
    readBytes: (name) => (isLowRank(name) ? bf16Values(readFloats(name)) : new Uint8Array(readFloats(name).buffer)),
    readFloats,
    readRows: (name, begin, end) => {
      if (last?.name !== name) last = { name, values: readFloats(name) };
      const rowBytes = (4 * last.values.length) / (shape(name)[0] ?? 1);
      return new Uint8Array(last.values.buffer.slice(begin * rowBytes, end * rowBytes));
    },
  };
}

/** Truncates fp32 values to bf16: keeps the upper half of each value's bits. */
export function bf16Values(values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bits = new Uint16Array(values.buffer);
  const upper = new Uint16Array(values.length);
  for (let i = 0; i < upper.length; i++) upper[i] = bits[2 * i + 1] ?? 0;
  return new Uint8Array(upper.buffer);
}

/** Random values that bf16 can represent. They are about as large as in a trained model of this width. */
export function randomTensor(shape: readonly number[], width: number): Float32Array<ArrayBuffer> {
  const count = shape.reduce((a, b) => a * b, 1);
  return filled(count, 1 / Math.sqrt(shape.length === 2 ? width : 1));
}

const pattern = 65_537;

/** Random numbers between -bound and bound, truncated to bf16. In a long array they repeat, which saves time. */
function filled(count: number, bound: number): Float32Array<ArrayBuffer> {
  const random = randomFrom(count);
  const values = new Float32Array(count);
  for (let i = 0; i < Math.min(count, pattern); i++) values[i] = (2 * random() - 1) * bound;
  const bits = new Uint32Array(values.buffer, 0, Math.min(count, pattern));
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) & 0xffff0000;
  for (let done = pattern; done < count; done *= 2) values.copyWithin(done, 0, Math.min(done, count - done));
  return values;
}
