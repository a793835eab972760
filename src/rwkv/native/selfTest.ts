import { loadAddon, type Addon, type AddonRows, type AddonSizes } from "./addon.js";
import { packTensors } from "./addonTensors.js";

const sizes: AddonSizes = {
  version: 7,
  layers: 2,
  width: 64,
  heads: 1,
  ffnWidth: 128,
  vocabularySize: 48,
  groupNormEps: 64e-5,
};
const rank = 16;
const tokens = Int32Array.from({ length: 20 }, (_, i) => (i * 7) % sizes.vocabularySize);
/** Allowed difference between instruction sets; logits are about ±1. With int8, activations may round differently. */
const tolerances = { fp32: 1e-4, int8: 0.1 };

/**
 * Runs a small model with the fastest instruction set, which the engine uses, and with the plain kernels.
 * @throws Error if the results differ, or if they depend on the chunks.
 */
export async function selfTest(addon: Addon | undefined = loadAddon()): Promise<void> {
  if (addon === undefined) throw new Error("there is no addon");
  const names = addon.instructionSets();
  const best = names.length - 1;
  for (const format of ["fp32", "int8"] as const) {
    const tensors = tensorsOf(format);
    const expected = await logitsOf(addon, { tensors, instructionSet: 0, chunk: tokens.length });
    const found = await logitsOf(addon, { tensors, instructionSet: best, chunk: tokens.length });
    const oneByOne = await logitsOf(addon, { tensors, instructionSet: best, chunk: 1 });
    const what = `${names[best] ?? "?"} ${format}`;
    if (!found.every((value, i) => value === oneByOne[i])) throw new Error(`${what}: results depend on chunks`);
    if (!found.every((value, i) => Math.abs(value - (expected[i] ?? NaN)) <= tolerances[format])) {
      throw new Error(`${what}: wrong results`);
    }
  }
}

interface Case {
  readonly tensors: readonly AddonRows[];
  readonly instructionSet: number;
  readonly chunk: number;
}

/** The logits after the last token. */
async function logitsOf(addon: Addon, { tensors, instructionSet, chunk }: Case): Promise<Float32Array> {
  const reader = addon.openReader(addon.createModel(sizes, await packTensors(addon, tensors), instructionSet));
  let logits: Float32Array | undefined;
  for (let at = 0; at < tokens.length; at += chunk) {
    logits = await addon.run(reader, tokens.slice(at, at + chunk), 1);
  }
  if (logits === undefined) throw new Error("a run ended early");
  return logits;
}

function tensorsOf(format: "fp32" | "int8"): AddonRows[] {
  const { layers, width, ffnWidth, vocabularySize } = sizes;
  const tensors = [floats("emb.weight", "embedding", vocabularySize, width)];
  const vector = (name: string): void => {
    tensors.push(floats(name, "vector", 1, width));
  };
  const matrix = (name: string, out: number, columns: number): void => {
    tensors.push(format === "fp32" ? floats(name, "matrix", out, columns) : quantized(name, out, columns));
  };
  const norm = (name: string): void => {
    vector(`${name}.weight`);
    vector(`${name}.bias`);
  };
  norm("blocks.0.ln0");
  norm("ln_out");
  matrix("head.weight", vocabularySize, width);
  for (let i = 0; i < layers; i++) {
    const at = `blocks.${i}.`;
    for (const name of ["ln1", "ln2", "att.ln_x"]) norm(at + name);
    for (const name of ["x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "a0", "v0", "k_k", "k_a", "r_k"]) {
      vector(`${at}att.${name}`);
    }
    vector(`${at}ffn.x_k`);
    for (const letter of ["w", "a", "v", "g"]) {
      tensors.push(floats(`${at}att.${letter}1`, "transposed", width, rank));
      tensors.push(floats(`${at}att.${letter}2`, "transposed", rank, width));
    }
    for (const name of ["receptance", "key", "value", "output"]) matrix(`${at}att.${name}.weight`, width, width);
    matrix(`${at}ffn.key.weight`, ffnWidth, width);
    matrix(`${at}ffn.value.weight`, width, ffnWidth);
  }
  return tensors;
}

/** Pseudo-random values within ±1. A matrix's values are divided by the square root of its number of columns. */
function floats(name: string, role: AddonRows["role"], rows: number, columns: number): AddonRows {
  const bound = (rows === 1 ? 1 : 1 / Math.sqrt(columns)) / 127;
  const values = Float32Array.from(scattered(rows, columns), (value) => value * bound);
  return { name, role, totalRows: rows, rows, columns, values };
}

function quantized(name: string, rows: number, columns: number): AddonRows {
  const scales = new Float32Array((rows * columns) / 32).fill(1 / (127 * Math.sqrt(columns)));
  return { name, role: "matrix", totalRows: rows, rows, columns, values: scattered(rows, columns), scales };
}

/** Pseudo-random values from -127 to 127. */
function scattered(rows: number, columns: number): Int8Array {
  const values = new Int8Array(rows * columns);
  for (let i = 0, value = rows; i < values.length; i++) {
    value = (value * 75 + 74) % 65_537;
    values[i] = (value % 255) - 127;
  }
  return values;
}
