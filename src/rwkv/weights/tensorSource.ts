import { ModelError } from "../modelError.js";
import { areFinite, toFloats, type Dtype } from "./dtypes.js";
import { downloadAgain } from "./fileRange.js";

/** Tensors by name, read by byte range when they are asked for. */
export interface TensorSource {
  readonly path: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  shape(name: string): readonly number[];
  dtype(name: string): Dtype;
  /** The elements in row-major order, little endian, in a buffer of their own. */
  readBytes(name: string): Uint8Array<ArrayBuffer>;
  /** As fp32, exactly. @throws ModelError where a value is not finite. */
  readFloats(name: string): Float32Array;
}

/** What is known of a tensor before it is read. */
export interface TensorDescription {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** A source over what a file's header says of its tensors, and a way to read the bytes of one. */
export function tensorSource<T extends TensorDescription>(
  path: string,
  tensors: ReadonlyMap<string, T>,
  read: (tensor: T) => Uint8Array<ArrayBuffer>,
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
    readBytes: (name) => read(tensor(name)),
    readFloats: (name) => {
      const bytes = read(tensor(name));
      checkFinite(path, name, { dtype: tensor(name).dtype, bytes });
      return toFloats(bytes, tensor(name).dtype);
    },
  };
}

/** @throws ModelError where one of a tensor's values is NaN or infinite. */
export function checkFinite(
  path: string,
  name: string,
  { dtype, bytes }: { readonly dtype: Dtype; readonly bytes: Uint8Array<ArrayBuffer> },
): void {
  if (!areFinite(bytes, dtype)) throw new ModelError(path, `${name} holds NaN or infinite values; ${downloadAgain}`);
}
