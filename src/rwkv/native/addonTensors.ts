import type { Dimensions } from "../architecture.js";
import { decaysOf } from "../weights/decays.js";
import { isBigMatrix, matricesOf, type WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/tensorSource.js";
import type { AddonTensor } from "./addon.js";

/** Halves of the low-rank pairs of RWKV-6 and 7, stored [in, out]; one of them is five, one after the other. */
const lowRank = /\.att\.([wavg]|time_maa_w|time_decay_w)[12]$/;
/** Block 0 has no v0, v1, v2, or ones that nothing reads. */
const unread = /^blocks\.0\.att\.v[012]$/;

/** Of RWKV-5 and 6: they go over for each channel, by one name. */
const decayOrBonus = /\.att\.time_(decay|faaaa|first)$/;

/** A model's tensors by name, as native/engine/load.cpp looks them up. */
export function addonTensors(
  source: TensorSource,
  dimensions: Dimensions,
  format: WeightFormat,
): Record<string, AddonTensor> {
  const { version, layers, width } = dimensions;
  const hasDecays = version === 5 || version === 6;
  const matrices = matricesOf(source, format);
  const tensors: Record<string, AddonTensor> = {};
  for (const name of source.names) {
    if (name.endsWith(".scale") || unread.test(name) || (hasDecays && decayOrBonus.test(name))) continue;
    if (isBigMatrix(name)) tensors[name] = matrix(matrices(name));
    else if (name === "emb.weight") tensors[name] = embedding(source, width);
    else tensors[name] = small(source, name);
  }
  for (let i = 0; i < layers && hasDecays; i++) {
    const { decay, bonus } = decaysOf(source, dimensions, i);
    tensors[`blocks.${i}.att.time_decay`] = { rows: 1, columns: width, values: decay };
    tensors[`blocks.${i}.att.time_faaaa`] = { rows: 1, columns: width, values: bonus };
  }
  return tensors;
}

function matrix(stored: ReturnType<ReturnType<typeof matricesOf>>): AddonTensor {
  if (stored.kind === "floats") return { rows: stored.in, columns: stored.out, values: stored.transposed };
  const { out, in: inputs, values, scales, group } = stored;
  return { rows: out, columns: inputs, values, scales: group === 32 ? scales : spread(scales, group / 32) };
}

/** Each scale for as many groups of 32 as its group holds. */
function spread(scales: Float32Array, times: number): Float32Array {
  return Float32Array.from({ length: scales.length * times }, (_, i) => scales[Math.floor(i / times)] ?? 0);
}

/** As the file has it: half precision stays half the memory. */
function embedding(source: TensorSource, columns: number): AddonTensor {
  const name = "emb.weight";
  const dtype = source.dtype(name);
  const [rows = 0] = source.shape(name);
  if (dtype !== "F16" && dtype !== "BF16") return { rows, columns, values: source.readFloats(name) };
  const bytes = source.readBytes(name);
  const values = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  return { rows, columns, values, ...(dtype === "BF16" ? { isBrain: true } : {}) };
}

function small(source: TensorSource, name: string): AddonTensor {
  const values = source.readFloats(name);
  const columns = lowRank.test(name) ? (source.shape(name).at(-1) ?? 1) : values.length;
  return { rows: values.length / columns, columns, values };
}
