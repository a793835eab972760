import { quantize4 } from "./quantize4.js";
import { dequantize, quantize, readQuantized, unpacked, type QuantizedMatrix } from "./quantized.js";
import type { TensorSource } from "./tensorSource.js";

/**
 * The format of the large matrices: fp32, 8 bits, or 4 bits. In a 4-bit model, the head has 8 bits, because 4 bits
 * would harm it most. The format does not apply to other tensors (docs/RWKV.md §13).
 */
export type WeightFormat = "fp32" | "int8" | "int4";

export const weightFormats: readonly WeightFormat[] = ["fp32", "int8", "int4"];

export function isWeightFormat(value: unknown): value is WeightFormat {
  return weightFormats.some((format) => format === value);
}

const bigMatrix = /\.(receptance|key|value|output|gate)\.weight$|^head\.weight$/;

export function isBigMatrix(name: string): boolean {
  return bigMatrix.test(name);
}

/**
 * Matches the low-rank matrices of RWKV-6 and 7, which are stored [in, out]. RWKV-6's time_maa_w2 is a stack of five.
 */
const lowRank = /\.att\.([wavg]|time_maa_w|time_decay_w)[12]$/;

export function isLowRank(name: string): boolean {
  return lowRank.test(name);
}

const group = 32;
const inEightBits = /^head\.weight$/;

/** The format of a large matrix in a model of the given format; fp32 if its rows cannot be divided into groups. */
export function formatOfMatrix(name: string, inputs: number, format: WeightFormat): WeightFormat {
  if (inputs % group !== 0) return "fp32";
  return format === "int4" && inEightBits.test(name) ? "int8" : format;
}

/** The format in which a file stores its large matrices; if they have several formats, the smallest one. */
export function storedFormat(source: TensorSource): WeightFormat {
  const dtypes = source.names.filter(isBigMatrix).map((name) => source.dtype(name));
  if (dtypes.includes("U8")) return "int4";
  return dtypes.includes("I8") ? "int8" : "fp32";
}

/** A weight's share of its group's scale, in bytes. */
export const scaleBytes = Float32Array.BYTES_PER_ELEMENT / group;

/** Bytes per weight of a large matrix in each format, including the scales. */
export const weightBytes: Readonly<Record<WeightFormat, number>> = {
  fp32: Float32Array.BYTES_PER_ELEMENT,
  int8: 1 + scaleBytes,
  int4: 1 / 2 + scaleBytes,
};

/** The shape of a tensor's values. In a 4-bit matrix, each element contains two values. */
export function shapeOfValues(source: TensorSource, name: string): readonly number[] {
  const shape = source.shape(name);
  const isPacked = source.dtype(name) === "U8" && isBigMatrix(name);
  return isPacked ? shape.map((length, i) => (i === shape.length - 1 ? 2 * length : length)) : shape;
}

/** A large matrix, [out, in]. */
export type Matrix =
  | { readonly kind: "floats"; readonly in: number; readonly out: number; readonly values: Float32Array }
  | QuantizedMatrix;

/** Reads the matrix with a name. It is stored [out, in]. */
export type MatrixSource = (name: string) => Matrix;

/** Reads the large matrices of a file in the given format, and quantizes or dequantizes them if necessary. */
export function matricesOf(source: TensorSource, format: WeightFormat): MatrixSource {
  return (name) => {
    const [out = 0, inputs = 0] = shapeOfValues(source, name);
    const dtype = source.dtype(name);
    const stored = dtype === "I8" || dtype === "U8" ? readQuantized(source, name) : undefined;
    const wanted = formatOfMatrix(name, inputs, format);
    if (stored?.kind === wanted) return stored;
    if (stored?.kind === "int4" && wanted === "int8") return unpacked(stored);
    const floats = stored === undefined ? source.readFloats(name) : dequantize(stored);
    if (wanted === "fp32") return { kind: "floats", in: inputs, out, values: floats };
    const shape = { out, in: inputs };
    return wanted === "int8" ? quantize(floats, shape) : quantize4(floats, shape);
  };
}

const tile = 32;

/** Transposes [rows, columns] to [columns, rows]. It works tile by tile, so that reads and writes stay in the cache. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let top = 0; top < rows; top += tile) {
    const bottom = Math.min(top + tile, rows);
    for (let left = 0; left < columns; left += tile) {
      const right = Math.min(left + tile, columns);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          result[column * rows + row] = values[row * columns + column] ?? 0;
        }
      }
    }
  }
  return result;
}
