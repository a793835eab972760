import { ModelError } from "../modelError.js";
import { areFinite, toFloats, type Dtype } from "./dtypes.js";
import { downloadAgain } from "./fileRange.js";

/** The tensors of a model's weights, by name. Their data is read on demand. */
export interface TensorSource {
  readonly path: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  shape(name: string): readonly number[];
  dtype(name: string): Dtype;
  /** The elements in row-major order, little endian, in a new buffer. */
  readBytes(name: string): Uint8Array<ArrayBuffer>;
  /** The exact values in fp32. @throws ModelError if a value is not finite, or elements contain two values each. */
  readFloats(name: string): Float32Array;
  /** Like readBytes, for the rows [begin, end) of the first dimension. */
  readRows(name: string, begin: number, end: number): Uint8Array<ArrayBuffer>;
  /**
   * Returns the range of the file that contains the bytes of `readBytes`. The path has no symbolic links, because
   * onnxruntime does not follow them. Absent if no single file contains the tensors in this form.
   */
  readonly byteRange?: (name: string) => ByteRange;
}

/** The bytes [begin, end) of a file. */
export interface ByteRange {
  readonly path: string;
  readonly begin: number;
  readonly end: number;
}

/** A tensor's properties that are known without reading it. */
export interface TensorDescription {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/**
 * Creates a source from the descriptions of a file's tensors.
 * @param read reads the bytes of a tensor: all of them, or those of the rows [begin, end) of the first dimension.
 */
export function tensorSource<T extends TensorDescription>(
  path: string,
  tensors: ReadonlyMap<string, T>,
  read: {
    readonly all: (tensor: T) => Uint8Array<ArrayBuffer>;
    readonly rows: (tensor: T, begin: number, end: number) => Uint8Array<ArrayBuffer>;
  },
): TensorSource {
  const tensor = (name: string): T => {
    const found = tensors.get(name);
    if (found === undefined) throw new ModelError(path, `has no tensor ${name}`);
    return found;
  };
  return {
    path,
    names: [...tensors.keys()],
    has: (name) => tensors.has(name),
    shape: (name) => tensor(name).shape,
    dtype: (name) => tensor(name).dtype,
    readBytes: (name) => read.all(tensor(name)),
    readFloats: (name) => floatsOf(path, name, { dtype: tensor(name).dtype, bytes: read.all(tensor(name)) }),
    readRows: (name, begin, end) => read.rows(tensor(name), begin, end),
  };
}

/**
 * Leaves out tensors without elements, which some converters write.
 * @throws ModelError if no tensors remain.
 */
export function withoutEmpty(source: TensorSource): TensorSource {
  const names = source.names.filter((name) => source.shape(name).every((length) => length > 0));
  if (names.length === source.names.length) return source;
  if (names.length === 0) {
    const remedy = "if it was trained with DeepSpeed ZeRO-3, join the weights with its zero_to_fp32.py";
    throw new ModelError(source.path, `all of its tensors are empty; ${remedy}`);
  }
  const known = new Set(names);
  return { ...source, names, has: (name) => known.has(name) };
}

/** Joins several sources into one. @param path for error messages. @param parts the source of each tensor, by name. */
export function joinedSource(path: string, parts: ReadonlyMap<string, TensorSource>): TensorSource {
  const part = (name: string): TensorSource => {
    const found = parts.get(name);
    if (found === undefined) throw new ModelError(path, `has no tensor ${name}`);
    return found;
  };
  return {
    path,
    names: [...parts.keys()],
    has: (name) => parts.has(name),
    shape: (name) => part(name).shape(name),
    dtype: (name) => part(name).dtype(name),
    readBytes: (name) => part(name).readBytes(name),
    readFloats: (name) => part(name).readFloats(name),
    readRows: (name, begin, end) => part(name).readRows(name, begin, end),
  };
}

/** A source whose tensors have only the rows [begin, end) of the given source's tensors. */
export function rowsOf(source: TensorSource, begin: number, end: number): TensorSource {
  const readBytes = (name: string): Uint8Array<ArrayBuffer> => source.readRows(name, begin, end);
  const { path, names } = source;
  return {
    path,
    names,
    has: (name) => source.has(name),
    dtype: (name) => source.dtype(name),
    shape: (name) => [end - begin, ...source.shape(name).slice(1)],
    readBytes,
    readFloats: (name) => floatsOf(path, name, { dtype: source.dtype(name), bytes: readBytes(name) }),
    readRows: (name, from, to) => source.readRows(name, begin + from, begin + to),
  };
}

interface Elements {
  readonly dtype: Dtype;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function floatsOf(path: string, name: string, { dtype, bytes }: Elements): Float32Array {
  if (dtype === "U8")
    throw new ModelError(path, `${name} is U8, which only large matrices can be; import the model again`);
  checkFinite(path, name, { dtype, bytes });
  return toFloats(bytes, dtype);
}

/** @throws ModelError if a value is NaN or infinite. */
export function checkFinite(path: string, name: string, { dtype, bytes }: Elements): void {
  if (!areFinite(bytes, dtype)) throw new ModelError(path, `${name} holds NaN or infinite values; ${downloadAgain}`);
}
