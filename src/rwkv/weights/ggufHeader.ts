import { ModelError } from "../modelError.js";
import { downloadAgain, sizeOf } from "./fileRange.js";
import { ggufType, type GgufType } from "./ggufBlocks.js";
import { ggufTypeName, readTypes } from "./ggufTypeNames.js";
import { GgufReader } from "./ggufReader.js";

/** The header of a GGUF file: its keys with their values, and the positions of its tensors. */
export interface GgufHeader {
  readonly values: ReadonlyMap<string, string | number>;
  readonly arrays: ReadonlyMap<string, GgufArray>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** The position of a list in the header. Its items are read only on demand. */
export interface GgufArray {
  readonly type: number;
  readonly count: number;
  /** Byte offset of the list's first item in the file. */
  readonly offset: number;
}

export interface GgufTensor {
  readonly type: GgufType;
  /** In PyTorch's order: the last dimension is contiguous. */
  readonly shape: readonly number[];
  /** Byte range in the file. */
  readonly begin: number;
  readonly end: number;
}

export const ggufMagic = [0x47, 0x47, 0x55, 0x46]; // "GGUF"
/** Type number of a string; `ggufList` is that of a list. */
export const ggufText = 8;
const ggufList = 9;
/** Size of the magic, the version and two counts. */
const minFileBytes = 24;
const maxKeys = 10_000;
const maxTensors = 100_000;
const maxNameBytes = 1024;
const maxTextBytes = 2 ** 20;
const maxDimensions = 4;
const maxNesting = 4;
const standardAlignment = 32;
const maxAlignment = 2 ** 16;

/** Reads the header of a GGUF file of version 2 or 3 (docs/RWKV.md §10). @throws ModelError */
export function readGgufHeader(path: string): GgufHeader {
  const size = sizeOf(path);
  if (size < minFileBytes) throw new ModelError(path, `is a GGUF file of only ${size} bytes; ${downloadAgain}`);
  const bytes = new GgufReader(path, size, ggufMagic.length);
  checkVersion(path, bytes.uint32());
  const tensorCount = count(path, bytes, { what: "tensors", max: maxTensors });
  const keyCount = count(path, bytes, { what: "keys", max: maxKeys });

  const values = new Map<string, string | number>();
  const arrays = new Map<string, GgufArray>();
  for (let i = 0; i < keyCount; i++) {
    const key = bytes.text(maxNameBytes);
    if (values.has(key) || arrays.has(key)) throw new ModelError(path, `has the key ${key} twice; ${downloadAgain}`);
    const type = bytes.uint32();
    if (type === ggufList) arrays.set(key, list(path, bytes));
    else values.set(key, scalar(path, bytes, type));
  }
  const described = Array.from({ length: tensorCount }, () => describedTensor(path, bytes));
  const alignment = alignmentOf(path, values);
  const dataStart = Math.ceil(bytes.offset / alignment) * alignment;
  return { values, arrays, tensors: locateTensors(path, described, { dataStart, alignment, size }) };
}

function checkVersion(path: string, version: number): void {
  if (version === 2 || version === 3) return;
  const isBigEndian = version >= 2 ** 24;
  const problem = isBigEndian ? "is a big-endian GGUF file" : `is a GGUF file of version ${version}`;
  throw new ModelError(path, `${problem}; convert the model again with a newer llama.cpp`);
}

function count(path: string, bytes: GgufReader, { what, max }: { what: string; max: number }): number {
  const number = bytes.uint64();
  if (number <= max) return number;
  throw new ModelError(path, `claims to have ${number} ${what}, more than any model; ${downloadAgain}`);
}

/** Bytes per value, indexed by type number; undefined for strings and lists, which store their length. */
const valueBytes = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];

/** Reads a number or a string. Skips values of types that RWKV models do not use, and returns 0 for them. */
function scalar(path: string, bytes: GgufReader, type: number): string | number {
  switch (type) {
    case ggufText:
      return bytes.text(maxTextBytes);
    case 2: // uint16
      return bytes.uint16();
    case 4: // uint32
      return bytes.uint32();
    case 5: // int32
      return bytes.int32();
    case 6: // float32
      return bytes.float32();
    case 10: // uint64
      return bytes.uint64();
    default:
      bytes.skip(bytesOfValue(path, type));
      return 0;
  }
}

function bytesOfValue(path: string, type: number): number {
  const length = valueBytes[type];
  if (length === undefined) throw new ModelError(path, `has a value of the unknown type ${type}; ${downloadAgain}`);
  return length;
}

/** Records the position of a list and skips it. */
function list(path: string, bytes: GgufReader, depth = 1): GgufArray {
  if (depth > maxNesting) throw new ModelError(path, `its lists are nested too deeply; ${downloadAgain}`);
  const type = bytes.uint32();
  const items = bytes.uint64();
  const { offset } = bytes;
  if (type !== ggufText && type !== ggufList) {
    bytes.skip(items * bytesOfValue(path, type));
    return { type, count: items, offset };
  }
  // Each item stores at least its length. So the header's size bounds the number of iterations, even if `items` is
  // wrong.
  for (let i = 0; i < items; i++) {
    if (type === ggufText) bytes.skip(bytes.uint64());
    else list(path, bytes, depth + 1);
  }
  return { type, count: items, offset };
}

function alignmentOf(path: string, values: ReadonlyMap<string, string | number>): number {
  const alignment = values.get("general.alignment") ?? standardAlignment;
  const isPower = typeof alignment === "number" && alignment >= 1 && Number.isInteger(Math.log2(alignment));
  if (isPower && alignment <= maxAlignment) return alignment;
  throw new ModelError(path, `has an alignment of ${alignment}; ${downloadAgain}`);
}

interface DescribedTensor {
  readonly name: string;
  readonly type: GgufType;
  readonly shape: readonly number[];
  /** Byte offset from the start of the data. */
  readonly offset: number;
}

function describedTensor(path: string, bytes: GgufReader): DescribedTensor {
  const name = bytes.text(maxNameBytes);
  const dimensions = bytes.uint32();
  if (dimensions > maxDimensions) {
    throw new ModelError(path, `its ${name} has ${dimensions} dimensions; ${downloadAgain}`);
  }
  const shape = Array.from({ length: dimensions }, () => bytes.uint64()).reverse();
  if (shape.length === 0 || shape.some((length) => length === 0)) {
    throw new ModelError(path, `its ${name} has no elements; ${downloadAgain}`);
  }
  const number = bytes.uint32();
  const type = ggufType(number);
  if (type === undefined) {
    const remedy = `download the model in one of ${readTypes}, or make one with llama-quantize`;
    throw new ModelError(path, `its ${name} has the type ${ggufTypeName(number)}, which is not supported; ${remedy}`);
  }
  return { name, type, shape, offset: bytes.uint64() };
}

interface DataSection {
  readonly dataStart: number;
  readonly alignment: number;
  readonly size: number;
}

function locateTensors(
  path: string,
  described: readonly DescribedTensor[],
  section: DataSection,
): Map<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  for (const { name, type, shape, offset } of described) {
    if (tensors.has(name)) throw new ModelError(path, `holds ${name} twice; ${downloadAgain}`);
    const bytes = tensorBytes(path, { name, type, shape });
    const begin = section.dataStart + offset;
    if (offset % section.alignment !== 0) throw new ModelError(path, `its ${name} is misaligned; ${downloadAgain}`);
    if (begin + bytes > section.size) throw new ModelError(path, `ends before its ${name} does; ${downloadAgain}`);
    tensors.set(name, { type, shape, begin, end: begin + bytes });
  }
  checkOverlaps(path, tensors);
  return tensors;
}

function tensorBytes(path: string, { name, type, shape }: Omit<DescribedTensor, "offset">): number {
  const rowElements = shape.at(-1) ?? 1;
  if (rowElements % type.blockElements !== 0) {
    throw new ModelError(
      path,
      `its ${name} has rows of ${rowElements} elements, which ${type.name} does not allow; ${downloadAgain}`,
    );
  }
  const elements = shape.reduce((product, length) => product * length, 1);
  return (elements / type.blockElements) * type.blockBytes;
}

function checkOverlaps(path: string, tensors: ReadonlyMap<string, GgufTensor>): void {
  const sorted = [...tensors].sort(([, a], [, b]) => a.begin - b.begin);
  sorted.forEach(([name, { begin }], i) => {
    const [before, tensor] = sorted[i - 1] ?? [];
    if (tensor !== undefined && tensor.end > begin) {
      throw new ModelError(path, `its tensors ${before} and ${name} overlap; ${downloadAgain}`);
    }
  });
}
