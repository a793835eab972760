import { dequantise, quantise, readQuantised, type QuantisedMatrix } from "./quantised.js";
import type { TensorSource } from "./tensorSource.js";

/** How the big matrices are held: exactly, or in 8 bits. Everything else is fp32 either way (RWKV.md §13). */
export type WeightFormat = "fp32" | "int8";

const bigMatrix = /\.(receptance|key|value|output|gate)\.weight$|^head\.weight$/;

export function isBigMatrix(name: string): boolean {
  return bigMatrix.test(name);
}

/** A big matrix as the graph wants it. */
export type Matrix =
  | { readonly kind: "floats"; readonly in: number; readonly out: number; readonly transposed: Float32Array }
  | { readonly kind: "quantised"; readonly quantised: QuantisedMatrix };

/** Reads a matrix stored [out, in] by name. */
export type MatrixSource = (name: string) => Matrix;

/** The big matrices of a file in one format, quantised or dequantised where the file has the other. */
export function matricesOf(source: TensorSource, format: WeightFormat): MatrixSource {
  return (name) => {
    const [out = 0, inputs = 0] = source.shape(name);
    const stored = source.dtype(name) === "I8" ? readQuantised(source, name) : undefined;
    if (format === "int8" && inputs % 32 === 0) {
      return { kind: "quantised", quantised: stored ?? quantise(source.readFloats(name), { out, in: inputs }) };
    }
    const floats = stored === undefined ? source.readFloats(name) : dequantise(stored);
    return { kind: "floats", in: inputs, out, transposed: transpose(floats, out, inputs) };
  };
}

const tile = 32;

/** [rows, columns] to [columns, rows], tile by tile: both sides then stay in the cache. */
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
