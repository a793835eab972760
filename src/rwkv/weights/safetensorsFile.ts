import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { elementBytes } from "./dtypes.js";
import type { TensorDescription } from "./tensorSource.js";
import { throwIfCancelled, type CancellationToken } from "../../shared/cancellation.js";

/** Tensors whose bytes are computed together: a matrix and its scales, or a single tensor. */
export interface TensorPart {
  readonly tensors: readonly NamedTensor[];
  /** Yields the tensors' bytes in order, in slices. Called once, when they are written. */
  make(): Iterable<Uint8Array>;
}

export interface NamedTensor extends TensorDescription {
  readonly name: string;
}

/** Maximum bytes per write. The cancellation token is checked before each write. */
const sliceBytes = 64 * 2 ** 20;

export function tensorBytes({ dtype, shape }: TensorDescription): number {
  return shape.reduce((product, length) => product * length, elementBytes(dtype));
}

/**
 * Writes a .safetensors file (docs/RWKV.md §10). Only one slice is in memory at a time.
 * @param onBytes receives the number of bytes written so far, after each write.
 * @returns the file's SHA-256.
 * @throws Cancelled; system errors. The caller removes the incomplete file.
 */
export async function writeSafetensors(
  path: string,
  parts: readonly TensorPart[],
  onBytes: (bytes: number) => void,
  cancellation: CancellationToken,
): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  try {
    let written = 0;
    const write = async (bytes: Uint8Array): Promise<void> => {
      for (let at = 0; at < bytes.length;) {
        throwIfCancelled(cancellation);
        const slice = bytes.subarray(at, at + sliceBytes);
        const { bytesWritten } = await file.write(slice);
        hash.update(slice.subarray(0, bytesWritten));
        at += bytesWritten;
        written += bytesWritten;
        onBytes(written);
      }
    };
    await write(header(parts));
    for (const part of parts) {
      throwIfCancelled(cancellation);
      for (const bytes of part.make()) await write(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

/** The header: a u64 length, then JSON, padded with spaces so that the data begins at a multiple of 8. */
function header(parts: readonly TensorPart[]): Buffer {
  let at = 0;
  const entries = parts
    .flatMap(({ tensors }) => tensors)
    .map((tensor) => {
      const begin = at;
      at += tensorBytes(tensor);
      return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, at] }] as const;
    });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const padded = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, " ");
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  json.copy(padded, 8);
  return padded;
}
