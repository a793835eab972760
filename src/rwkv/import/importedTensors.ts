import { isBigMatrix } from "../weights/matrices.js";
import { quantise, scaleName } from "../weights/quantised.js";
import type { NamedTensor, TensorPart } from "../weights/safetensorsFile.js";
import { checkFinite, type TensorSource } from "../weights/tensorSource.js";

/** "none": every tensor as the source has it. "int8": the big matrices in our 8-bit layout. */
export type Quantisation = "none" | "int8";

const group = 32;

/** What becomes of a source's tensors. Each `make` reads one of them. @throws ModelError there, where it holds NaN. */
export function importedTensors(source: TensorSource, quantisation: Quantisation): TensorPart[] {
  return source.names.map((name) => {
    const dtype = source.dtype(name);
    // The embedding stays in half precision if it comes so: engines look rows of it up as they are.
    const isKept = quantisation === "none" || dtype === "I8" || name === "emb.weight";
    if (isKept) return kept(source, name);
    const [, inputs = 0] = source.shape(name);
    return isBigMatrix(name) && inputs % group === 0 ? quantised(source, name) : asFloats(source, name);
  });
}

function kept(source: TensorSource, name: string): TensorPart {
  const dtype = source.dtype(name);
  const make = (): readonly Uint8Array[] => {
    const bytes = source.readBytes(name);
    checkFinite(source.path, name, { dtype, bytes });
    return [bytes];
  };
  return { tensors: [{ name, dtype, shape: source.shape(name) }], make };
}

function asFloats(source: TensorSource, name: string): TensorPart {
  const tensor: NamedTensor = { name, dtype: "F32", shape: source.shape(name) };
  return { tensors: [tensor], make: () => [bytesOf(source.readFloats(name))] };
}

function quantised(source: TensorSource, name: string): TensorPart {
  const [out = 0, inputs = 0] = source.shape(name);
  const make = (): readonly Uint8Array[] => {
    const { values, scales } = quantise(source.readFloats(name), { out, in: inputs }, group);
    return [bytesOf(values), bytesOf(scales)];
  };
  const tensors: readonly NamedTensor[] = [
    { name, dtype: "I8", shape: [out, inputs] },
    { name: scaleName(name), dtype: "F32", shape: [out, inputs / group] },
  ];
  return { tensors, make };
}

function bytesOf(values: Float32Array | Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
