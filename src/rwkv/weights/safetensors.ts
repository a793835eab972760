import { realpathSync } from "node:fs";
import { ModelError } from "../modelError.js";
import { elementBytes, isDtype } from "./dtypes.js";
import { downloadAgain, readRange, sizeOf } from "./fileRange.js";
import { tensorSource, type ByteRange, type TensorDescription, type TensorSource } from "./tensorSource.js";

interface Entry extends TensorDescription {
  readonly begin: number;
  readonly end: number;
}

/** A header takes about 100 bytes per tensor, and the largest models have a few thousand tensors. */
const maxHeaderBytes = 16 * 2 ** 20;
const maxDimensions = 8;
const wanted = "is not a safetensors file; give the model as .safetensors, .pth or .gguf";

/** Opens a .safetensors file: u64 header length, JSON header, data (docs/RWKV.md §10). @throws ModelError */
export function openSafetensors(path: string): TensorSource {
  const size = sizeOf(path);
  if (size < 8) throw new ModelError(path, `has only ${size} bytes; ${downloadAgain}`);
  const headerBytes = Number(new DataView(readRange(path, 0, 8).buffer).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes) throw new ModelError(path, wanted);
  if (8 + headerBytes > size) throw new ModelError(path, `ends within its header; ${downloadAgain}`);
  const dataStart = 8 + headerBytes;
  const entries = parseHeader(path, readRange(path, 8, dataStart), size - dataStart);
  const read = (begin: number, end: number): Uint8Array<ArrayBuffer> =>
    readRange(path, dataStart + begin, dataStart + end);
  const source = tensorSource(path, entries, {
    all: ({ begin, end }) => read(begin, end),
    rows: ({ begin, end, shape: [rows = 1] }, from, to) => {
      const rowBytes = (end - begin) / rows;
      return read(begin + from * rowBytes, begin + to * rowBytes);
    },
  });
  const byteRange = (name: string): ByteRange => {
    const { begin = 0, end = 0 } = entries.get(name) ?? {};
    return { path: realpathSync(path), begin: dataStart + begin, end: dataStart + end };
  };
  return { ...source, byteRange };
}

function parseHeader(path: string, bytes: Uint8Array, dataBytes: number): Map<string, Entry> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ModelError(path, wanted);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw new ModelError(path, wanted);
  const entries = new Map<string, Entry>();
  for (const [name, value] of Object.entries(header)) {
    if (name !== "__metadata__") entries.set(name, parseEntry(path, name, value, dataBytes));
  }
  checkOverlaps(path, entries);
  return entries;
}

function parseEntry(path: string, name: string, value: unknown, dataBytes: number): Entry {
  // Each field is checked below.
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !isLengths(shape) || !isLengths(offsets)) {
    throw new ModelError(path, `tensor ${name} has an invalid description; ${downloadAgain}`);
  }
  if (shape.length > maxDimensions)
    throw new ModelError(path, `tensor ${name} has ${shape.length} dimensions; ${downloadAgain}`);
  // Tensors without elements are left out, so their type does not matter.
  const read = shape.includes(0) && !isDtype(dtype) ? "U8" : dtype;
  if (!isDtype(read)) throw new ModelError(path, `tensor ${name} is ${dtype}; F32, F16, BF16, I8 and U8 are supported`);
  const [begin = -1, end = -1] = offsets;
  const bytes = shape.reduce((product, length) => product * length, 1) * elementBytes(read);
  if (begin < 0 || end > dataBytes) throw new ModelError(path, `ends before tensor ${name}; ${downloadAgain}`);
  if (end - begin !== bytes)
    throw new ModelError(path, `tensor ${name} has ${end - begin} bytes, but its shape needs ${bytes}`);
  return { dtype: read, shape, begin, end };
}

function checkOverlaps(path: string, entries: ReadonlyMap<string, Entry>): void {
  const sorted = [...entries].sort(([, a], [, b]) => a.begin - b.begin);
  sorted.forEach(([name, { begin }], i) => {
    const [before, entry] = sorted[i - 1] ?? [];
    if (entry !== undefined && entry.end > begin) throw new ModelError(path, `tensors ${before} and ${name} overlap`);
  });
}

function isLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}
