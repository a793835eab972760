import { dequantise, quantise, readQuantised, type QuantisedMatrix } from "./quantised.js";
import type { TensorSource } from "./safetensors.js";

/** How the big matrices are held: exactly, or in 8 bits. Everything else is fp32 either way (RWKV.md §13). */
export type WeightFormat = "fp32" | "int8";

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

/** [rows, columns] to [columns, rows]. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column] ?? 0;
  }
  return result;
}
