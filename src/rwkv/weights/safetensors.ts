import { closeSync, openSync, readSync, statSync } from "node:fs";
import { ModelError } from "../modelError.js";
import { toFloats, elementBytes, isDtype, type Dtype } from "./dtypes.js";

/** Tensors by name, read by byte range when they are asked for. */
export interface TensorSource {
  readonly path: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  shape(name: string): readonly number[];
  dtype(name: string): Dtype;
  /** The bytes as stored, little endian. */
  readBytes(name: string): Uint8Array;
  /** As fp32, exactly. @throws ModelError where a value is not finite. */
  readFloats(name: string): Float32Array;
}

interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const maxHeaderBytes = 100 * 2 ** 20;
const downloadAgain = "the file is damaged or not whole; copy or download it again";

/** Opens a .safetensors file: u64 header length, JSON header, data (RWKV.md §10). @throws ModelError */
export function openSafetensors(path: string): TensorSource {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new ModelError(path, "no such file; give a model's folder or a .safetensors file");
  if (size < 8) throw new ModelError(path, `only ${size} bytes; ${downloadAgain}`);
  const headerBytes = Number(new DataView(readRange(path, 0, 8).buffer).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes)
    throw new ModelError(path, "not a safetensors file; give the model as .safetensors");
  if (8 + headerBytes > size) throw new ModelError(path, `ends within its header; ${downloadAgain}`);
  const dataStart = 8 + headerBytes;
  const entries = parseHeader(path, readRange(path, 8, dataStart), size - dataStart);
  const entry = (name: string): Entry => {
    const found = entries.get(name);
    if (found === undefined) throw new ModelError(path, `has no tensor ${name}`);
    return found;
  };
  const readBytes = (name: string): Uint8Array<ArrayBuffer> => {
    const { begin, end } = entry(name);
    return readRange(path, dataStart + begin, dataStart + end);
  };
  return {
    path,
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    shape: (name) => entry(name).shape,
    dtype: (name) => entry(name).dtype,
    readBytes,
    readFloats: (name) => {
      const floats = toFloats(readBytes(name), entry(name).dtype);
      if (!areFinite(floats)) throw new ModelError(path, `${name} holds NaN or infinite values; ${downloadAgain}`);
      return floats;
    },
  };
}

/** True where no value is NaN or infinite: such a value times zero is NaN, and so is the sum. */
function areFinite(floats: Float32Array): boolean {
  let sum = 0;
  for (const value of floats) sum += value * 0;
  return sum === 0;
}

function parseHeader(path: string, bytes: Uint8Array, dataBytes: number): Map<string, Entry> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ModelError(path, "not a safetensors file; give the model as .safetensors");
  }
  if (typeof header !== "object" || header === null) throw new ModelError(path, "not a safetensors file");
  const entries = new Map<string, Entry>();
  for (const [name, value] of Object.entries(header)) {
    if (name !== "__metadata__") entries.set(name, parseEntry(path, name, value, dataBytes));
  }
  checkOverlaps(path, entries);
  return entries;
}

function parseEntry(path: string, name: string, value: unknown, dataBytes: number): Entry {
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>; // each field is checked below
  if (typeof dtype !== "string" || !isNumbers(shape) || !isNumbers(offsets)) {
    throw new ModelError(path, `tensor ${name} is not described as safetensors has it`);
  }
  if (!isDtype(dtype)) throw new ModelError(path, `tensor ${name} is ${dtype}; F32, F16, BF16 and I8 are read`);
  const [begin = -1, end = -1] = offsets;
  const bytes = shape.reduce((product, length) => product * length, 1) * elementBytes(dtype);
  if (begin < 0 || end > dataBytes) throw new ModelError(path, `ends before tensor ${name}; ${downloadAgain}`);
  if (end - begin !== bytes)
    throw new ModelError(path, `tensor ${name} has ${end - begin} bytes for a shape of ${bytes}`);
  return { dtype, shape, begin, end };
}

function checkOverlaps(path: string, entries: ReadonlyMap<string, Entry>): void {
  const sorted = [...entries].sort(([, a], [, b]) => a.begin - b.begin);
  sorted.forEach(([name, { begin }], i) => {
    const [before, entry] = sorted[i - 1] ?? [];
    if (entry !== undefined && entry.end > begin) throw new ModelError(path, `tensors ${before} and ${name} overlap`);
  });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one));
}

function readRange(path: string, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  const file = openSync(path, "r");
  try {
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30), begin + at);
      if (read === 0) throw new ModelError(path, `ends early; ${downloadAgain}`);
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return bytes;
}
