import { ModelError } from "../modelError.js";
import type { TensorSource } from "./tensorSource.js";

/**
 * A matrix in our 8-bit layout: symmetric int8, one fp32 scale for each group of 32 or 128 inputs of an output row, so
 * that weight[o, i] = values[o, i] * scales[o, i / group].
 *
 * In a file: tensor `X.weight`, I8, [out, in]; tensor `X.weight.scale`, F32, [out, in / group]. The group is read off the
 * shapes.
 */
export interface QuantisedMatrix {
  readonly out: number;
  readonly in: number;
  readonly group: number;
  /** [out, in] */
  readonly values: Int8Array;
  /** [out, in / group] */
  readonly scales: Float32Array;
}

const groups = [32, 128];

export function scaleName(name: string): string {
  return `${name}.scale`;
}

/** Quantises weight [out, in]; `in` must be a multiple of the group. */
export function quantise(
  weight: Float32Array,
  shape: { readonly out: number; readonly in: number },
  group = 32,
): QuantisedMatrix {
  const values = new Int8Array(weight.length);
  const scales = new Float32Array(weight.length / group);
  for (let g = 0; g < scales.length; g++) {
    let most = 0;
    for (let i = g * group; i < (g + 1) * group; i++) {
      const size = Math.abs(weight[i] ?? 0);
      if (size > most) most = size;
    }
    const scale = Math.fround(most / 127);
    scales[g] = scale;
    if (scale === 0) continue;
    for (let i = g * group; i < (g + 1) * group; i++) values[i] = Math.round((weight[i] ?? 0) / scale);
  }
  return { ...shape, group, values, scales };
}

/** A matrix that the file holds quantised. @throws ModelError where its scales do not fit it. */
export function readQuantised(source: TensorSource, name: string): QuantisedMatrix {
  const [out = 0, inputs = 0] = source.shape(name);
  const scales = scaleName(name);
  if (!source.has(scales)) throw new ModelError(source.path, `${name} is int8 and has no ${scales}`);
  const [rows = 0, perRow = 0] = source.shape(scales);
  const group = inputs / perRow;
  if (rows !== out || !groups.includes(group)) {
    throw new ModelError(source.path, `${scales} does not hold one scale for each 32 or 128 inputs of ${name}`);
  }
  const bytes = source.readBytes(name);
  return {
    out,
    in: inputs,
    group,
    values: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    scales: source.readFloats(scales),
  };
}

/** Back to floats, [out, in]. */
export function dequantise({ values, scales, group }: QuantisedMatrix): Float32Array {
  const floats = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) floats[i] = (values[i] ?? 0) * (scales[Math.floor(i / group)] ?? 0);
  return floats;
}
