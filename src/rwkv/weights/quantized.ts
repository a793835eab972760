import { ModelError } from "../modelError.js";
import type { TensorSource } from "./tensorSource.js";

/**
 * A matrix in our 8-bit or 4-bit layout. Quantization is symmetric. In each output row, `group` consecutive inputs
 * share an fp32 scale: weight[o, i] = value[o, i] * scales[o, i / group].
 *
 * A file contains the tensor `X.weight`, I8 [out, in] or U8 [out, in / 2], and `X.weight.scale`, F32 [out, in / group].
 */
export type QuantizedMatrix = Int8Matrix | Int4Matrix;

/** An 8-bit matrix in groups of 32 or 128. The shape of the scales shows the group size. */
export interface Int8Matrix extends Scaled {
  readonly kind: "int8";
  /** [out, in] */
  readonly values: Int8Array;
}

/** A 4-bit matrix in groups of 32. */
export interface Int4Matrix extends Scaled {
  readonly kind: "int4";
  /** [out, in / 2]: a byte contains two values, each with 8 added. The even input's value is in the lower nibble. */
  readonly values: Uint8Array;
}

export interface Scaled {
  readonly out: number;
  readonly in: number;
  readonly group: number;
  /** [out, in / group] */
  readonly scales: Float32Array;
}

const groups = { int8: [32, 128], int4: [32] } as const;

export function scaleName(name: string): string {
  return `${name}.scale`;
}

/** Quantizes weight [out, in] to 8 bits; `in` must be a multiple of the group size. */
export function quantize(
  weight: Float32Array,
  shape: { readonly out: number; readonly in: number },
  group = 32,
): Int8Matrix {
  const values = new Int8Array(weight.length);
  const scales = new Float32Array(weight.length / group);
  for (let g = 0; g < scales.length; g++) {
    let maxAbs = 0;
    for (let i = g * group; i < (g + 1) * group; i++) {
      const size = Math.abs(weight[i] ?? 0);
      if (size > maxAbs) maxAbs = size;
    }
    const scale = Math.fround(maxAbs / 127);
    scales[g] = scale;
    if (scale === 0) continue;
    for (let i = g * group; i < (g + 1) * group; i++) values[i] = Math.round((weight[i] ?? 0) / scale);
  }
  return { kind: "int8", ...shape, group, values, scales };
}

/** Reads the scales and sizes of a quantized matrix. @throws ModelError if the scales do not fit the matrix. */
export function readScaled(source: TensorSource, name: string): Scaled & Pick<QuantizedMatrix, "kind"> {
  const kind = source.dtype(name) === "U8" ? "int4" : "int8";
  const [out = 0, elements = 0] = source.shape(name);
  const inputs = kind === "int4" ? 2 * elements : elements;
  return { kind, ...readScales(source, name, { kind, out, in: inputs }) };
}

/** Reads a quantized matrix. @throws ModelError if the scales do not fit the matrix. */
export function readQuantized(source: TensorSource, name: string): QuantizedMatrix {
  const { kind, ...scaled } = readScaled(source, name);
  const { buffer, byteOffset, length } = source.readBytes(name);
  return kind === "int4"
    ? { kind, ...scaled, values: new Uint8Array(buffer, byteOffset, length) }
    : { kind, ...scaled, values: new Int8Array(buffer, byteOffset, length) };
}

function readScales(
  source: TensorSource,
  name: string,
  matrix: { readonly kind: "int8" | "int4"; readonly out: number; readonly in: number },
): Scaled {
  const scales = scaleName(name);
  if (!source.has(scales)) throw new ModelError(source.path, `${name} is ${matrix.kind}, but ${scales} is missing`);
  const [rows = 0, perRow = 0] = source.shape(scales);
  const group = groups[matrix.kind].find((size) => size === matrix.in / perRow);
  if (rows !== matrix.out || group === undefined) {
    const inputs = groups[matrix.kind].join(" or ");
    throw new ModelError(source.path, `${scales} does not have one scale per ${inputs} inputs of ${name}`);
  }
  return { out: matrix.out, in: matrix.in, group, scales: source.readFloats(scales) };
}

/** Converts to fp32, [out, in]. */
export function dequantize(matrix: QuantizedMatrix): Float32Array {
  const { values, scales, group } = matrix.kind === "int8" ? matrix : unpacked(matrix);
  const floats = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) floats[i] = (values[i] ?? 0) * (scales[Math.floor(i / group)] ?? 0);
  return floats;
}

/** Converts a 4-bit matrix to 8 bits, which is exact. */
export function unpacked({ out, in: inputs, group, values: pairs, scales }: Int4Matrix): Int8Matrix {
  const values = new Int8Array(2 * pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] ?? 0;
    values[2 * i] = (pair & 15) - 8;
    values[2 * i + 1] = (pair >> 4) - 8;
  }
  return { kind: "int8", out, in: inputs, group, values, scales };
}
