import { matricesOf, type WeightFormat } from "../../src/rwkv/weights/matrices.js";
import { unpacked } from "../../src/rwkv/weights/quantized.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";

/** A vector in double precision, for the reference implementations, which are slow and simple. */
export type Vector = readonly number[];

/** Multiplies a large matrix, given by its tensor's name, with a vector. */
export type Product = (name: string, x: Vector) => Vector;

export function exactProduct(source: TensorSource): Product {
  const matrix = cached((name) => [...source.readFloats(name)]);
  return (name, x) => times(matrix(name), x);
}

/**
 * The product that the 8-bit and 4-bit formats define: inputs are rounded in groups of 32, and the integers are summed.
 */
export function roundedProduct(source: TensorSource, format: Exclude<WeightFormat, "fp32">): Product {
  const matrices = matricesOf(source, format);
  const known = new Map<string, Int8Rows>();
  return (name, x) => {
    const matrix = known.get(name) ?? int8Rows(matrices(name));
    known.set(name, matrix);
    const { out, values, scales } = matrix;
    const { whole, scales: ofInputs } = roundedInputs(x);
    return Array.from({ length: out }, (_, row) => {
      let sum = 0;
      for (let g = 0; g < ofInputs.length; g++) {
        let dot = 0;
        for (let i = g * group; i < (g + 1) * group; i++) dot += values[row * x.length + i]! * whole[i]!;
        sum += dot * scales[row * ofInputs.length + g]! * ofInputs[g]!;
      }
      return sum;
    });
  };
}

const group = 32;
/** A group of inputs is rounded to zeros if none of its absolute values is above this. */
const minInput = Math.fround(1e-30);

interface Int8Rows {
  readonly out: number;
  readonly values: Int8Array;
  /** One scale for each group of 32 inputs. */
  readonly scales: Vector;
}

function int8Rows(matrix: ReturnType<ReturnType<typeof matricesOf>>): Int8Rows {
  if (matrix.kind === "floats") throw new Error("a matrix that is not quantised");
  const { out, in: inputs, group: own, values, scales } = matrix.kind === "int4" ? unpacked(matrix) : matrix;
  const spread = Array.from({ length: (out * inputs) / group }, (_, i) => scales[Math.floor((i * group) / own)]!);
  return { out, values, scales: spread };
}

/**
 * Rounds inputs in single precision, as the engines do. In double precision, a number near the middle of two integers
 * could round the other way.
 */
function roundedInputs(x: Vector): { readonly whole: Vector; readonly scales: Vector } {
  const floats = Float32Array.from(x);
  const scales: number[] = [];
  const whole: number[] = [];
  for (let first = 0; first < x.length; first += group) {
    const part = floats.subarray(first, first + group);
    const maxAbs = part.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const inverse = maxAbs > minInput ? Math.fround(127 / maxAbs) : 0;
    scales.push(Math.fround(maxAbs / 127));
    for (const value of part) whole.push(roundedToEven(Math.fround(value * inverse)));
  }
  return { whole, scales };
}

function roundedToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function plus(a: Vector, b: Vector): Vector {
  return a.map((value, i) => value + b[i]!);
}

/** Multiplies weight [out, in] with x [in]. */
export function times(weight: Vector, x: Vector): Vector {
  return Array.from({ length: weight.length / x.length }, (_, row) =>
    x.reduce((sum, value, column) => sum + value * weight[row * x.length + column]!, 0),
  );
}

/** Multiplies x [in] with a matrix that is stored as [in, out]. */
export function rowTimes(x: Vector, matrix: Vector): Vector {
  const out = matrix.length / x.length;
  return Array.from({ length: out }, (_, column) =>
    x.reduce((sum, value, row) => sum + value * matrix[row * out + column]!, 0),
  );
}

export function norm(x: Vector, weight: Vector, bias: Vector, epsilon = 1e-5): Vector {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, c) => ((value - mean) / Math.sqrt(variance + epsilon)) * weight[c]! + bias[c]!);
}

/** Memoizes `read`. */
export function cached(read: (name: string) => Vector): (name: string) => Vector {
  const known = new Map<string, Vector>();
  return (name) => {
    const values = known.get(name) ?? read(name);
    known.set(name, values);
    return values;
  };
}
