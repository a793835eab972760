import assert from "node:assert/strict";
import type { Dtype } from "../../src/rwkv/weights/dtypes.js";
import { tensorSource, type TensorSource } from "../../src/rwkv/weights/tensorSource.js";

export type Written = readonly [Dtype, readonly number[], ArrayBufferView<ArrayBuffer>?];

/** A source in memory. Tensors without bytes are never read. */
export function sourceOf(tensors: Readonly<Record<string, Written>>): TensorSource {
  const entries = Object.entries(tensors).map(
    ([name, [dtype, shape, data]]) => [name, { dtype, shape, data }] as const,
  );
  const all = ({ data }: { readonly data: Written[2] }): Uint8Array<ArrayBuffer> =>
    new Uint8Array(data!.buffer.slice(data!.byteOffset, data!.byteOffset + data!.byteLength));
  return tensorSource("model", new Map(entries), { all, rows: () => assert.fail() });
}
