import type { Int4Matrix } from "./quantized.js";

const group = 32;
/** Candidates for the value to which a group's largest weight is scaled, before rounding and clipping to -8 … 7. */
const peaks = Array.from({ length: 17 }, (_, i) => -6 - i / 4);

/**
 * Quantizes weight [out, in] to 4 bits; `in` must be a multiple of 32. For each group, several scales are tried, and
 * the one with the lowest squared error is used.
 */
export function quantize4(weight: Float32Array, shape: { readonly out: number; readonly in: number }): Int4Matrix {
  const values = new Uint8Array(weight.length / 2);
  const scales = new Float32Array(weight.length / group);
  for (let g = 0; g < scales.length; g++) {
    const begin = g * group;
    const scale = Math.fround(bestScale(weight, begin));
    scales[g] = scale;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = begin; i < begin + group; i += 2) {
      values[i / 2] = stored((weight[i] ?? 0) * inverse) | (stored((weight[i + 1] ?? 0) * inverse) << 4);
    }
  }
  return { kind: "int4", ...shape, group, values, scales };
}

/** Rounds to -8 … 7 and adds 8. */
function stored(value: number): number {
  const rounded = Math.floor(value + 8.5);
  if (rounded < 0) return 0;
  return rounded > 15 ? 15 : rounded;
}

/**
 * The scale with the lowest squared error among the candidates `peaks`. A candidate determines the quantized values q;
 * for these, the best scale is Σwq / Σq², with the squared error Σw² − (Σwq)² / Σq². A scale may be negative; -8 then
 * represents the largest positive weight.
 */
function bestScale(weight: Float32Array, begin: number): number {
  let peak = 0;
  for (let i = begin; i < begin + group; i++) {
    const value = weight[i] ?? 0;
    if (Math.abs(value) > Math.abs(peak)) peak = value;
  }
  if (peak === 0) return 0;
  let best = 0;
  let scale = 0;
  for (const target of peaks) {
    const inverse = target / peak;
    let product = 0;
    let square = 0;
    for (let i = begin; i < begin + group; i++) {
      const value = weight[i] ?? 0;
      const q = stored(value * inverse) - 8;
      product += value * q;
      square += q * q;
    }
    const explained = (product * product) / square;
    if (explained > best) {
      best = explained;
      scale = product / square;
    }
  }
  return scale;
}
