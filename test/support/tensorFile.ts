import type { Dtype } from "../../src/rwkv/weights/dtypes.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";

export interface WrittenTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The bytes of a .safetensors file. */
export function tensorFile(tensors: Readonly<Record<string, WrittenTensor>>): Buffer {
  let at = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const begin = at;
    at += bytes.length;
    return [name, { dtype, shape, data_offsets: [begin, at] }] as const;
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

/** Reads all tensors of a source, to write them to another file. */
export function tensorsOf(source: TensorSource): Record<string, WrittenTensor> {
  const read = (name: string): WrittenTensor => ({
    dtype: source.dtype(name),
    shape: source.shape(name),
    bytes: source.readBytes(name),
  });
  return Object.fromEntries(source.names.map((name) => [name, read(name)]));
}

/** An fp32 tensor with the given values. */
export function floats(shape: readonly number[], values: ArrayLike<number>): WrittenTensor {
  return { dtype: "F32", shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}
