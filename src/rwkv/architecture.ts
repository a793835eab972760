import { ModelError } from "./modelError.js";
import { shapeOfValues } from "./weights/matrices.js";
import type { TensorSource } from "./weights/tensorSource.js";

/** Sizes of a model, read off its tensors. */
export interface Dimensions {
  readonly version: 4 | 7;
  readonly layers: number;
  /** C, the width. */
  readonly width: number;
  /** H heads of N; RWKV-4 has no heads: one of the width. */
  readonly heads: number;
  readonly headSize: number;
  /** F, the width within channel-mix. */
  readonly ffnWidth: number;
  readonly vocabularySize: number;
}

/** Variants that share names with what this build reads and compute something else. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/\.ffn\.s_emb|^blocks\.\d+\.qkv\./, "an RWKV-7a or 7b model with DeepEmbed"],
  [/tiny_q/, "an RWKV-4a or 4b model"],
  [/gate_w1|time_maa_rkvw_w1/, "an experimental RWKV-6 model"],
  [/\.att\.time_maa_x$/, "an RWKV-6 model"],
  [/\.att\.ln_x\.weight$/, "an RWKV-5 model"],
];

const readable = "RWKV-4 and RWKV-7 models with BlinkDL's names are read";

/** Tells version and sizes from names and shapes (RWKV.md §6). @throws ModelError where the model is of another kind. */
export function detect(source: TensorSource): Dimensions {
  const { path, names } = source;
  const is7 = source.has("blocks.0.att.r_k");
  for (const [pattern, what] of foreign) {
    const isOf7 = pattern.source.includes("ln_x") && is7;
    if (!isOf7 && names.some((name) => pattern.test(name))) throw new ModelError(path, `${what}; ${readable}`);
  }
  if (!is7 && !source.has("blocks.0.att.time_first")) throw new ModelError(path, `not an RWKV model; ${readable}`);
  const layers = 1 + Math.max(...names.map((name) => Number(/^blocks\.(\d+)\./.exec(name)?.[1] ?? -1)));
  const [vocabularySize = 0, width = 0] = shapeOf(source, "emb.weight");
  const [ffnWidth = 0] = shapeOf(source, "blocks.0.ffn.key.weight");
  const [heads = 1, headSize = width] = is7 ? shapeOf(source, "blocks.0.att.r_k") : [];
  const dimensions: Dimensions = { version: is7 ? 7 : 4, layers, width, heads, headSize, ffnWidth, vocabularySize };
  for (const [name, shape] of expectedShapes(dimensions, source)) checkShape(source, name, shape);
  return dimensions;
}

function shapeOf(source: TensorSource, name: string): readonly number[] {
  if (!source.has(name)) throw new ModelError(source.path, `has no tensor ${name}; the file is not whole or not RWKV`);
  return shapeOfValues(source, name);
}

function checkShape(source: TensorSource, name: string, expected: readonly number[]): void {
  const shape = shapeOf(source, name).filter((length) => length !== 1);
  const wanted = expected.filter((length) => length !== 1);
  if (shape.join() !== wanted.join()) {
    throw new ModelError(source.path, `${name} is [${source.shape(name).join(", ")}], not [${expected.join(", ")}]`);
  }
}

type Shapes = (readonly [string, readonly number[]])[];

function expectedShapes(dimensions: Dimensions, source: TensorSource): Shapes {
  const { layers, width: C, vocabularySize: V, version } = dimensions;
  const shapes: Shapes = [
    ["emb.weight", [V, C]],
    ["head.weight", [V, C]],
  ];
  for (const norm of ["blocks.0.ln0", "ln_out"]) shapes.push([`${norm}.weight`, [C]], [`${norm}.bias`, [C]]);
  for (let i = 0; i < layers; i++) {
    for (const norm of ["ln1", "ln2"])
      shapes.push([`blocks.${i}.${norm}.weight`, [C]], [`blocks.${i}.${norm}.bias`, [C]]);
    const block = version === 4 ? blockOf4(dimensions) : blockOf7(dimensions, source, i);
    for (const [name, shape] of block) shapes.push([`blocks.${i}.${name}`, shape]);
  }
  return shapes;
}

function blockOf4({ width: C, ffnWidth: F }: Dimensions): Shapes {
  const vectors = ["time_decay", "time_first", "time_mix_k", "time_mix_v", "time_mix_r"];
  return [
    ...vectors.map((name) => [`att.${name}`, [C]] as const),
    ...["key", "value", "receptance", "output"].map((name) => [`att.${name}.weight`, [C, C]] as const),
    ["ffn.time_mix_k", [C]],
    ["ffn.time_mix_r", [C]],
    ["ffn.key.weight", [F, C]],
    ["ffn.receptance.weight", [C, C]],
    ["ffn.value.weight", [C, F]],
  ];
}

/** Block 0 has no v0, v1, v2, or ones that nothing reads. The ranks of the low-rank pairs are whatever the file has. */
function blockOf7(
  { width: C, heads: H, headSize: N, ffnWidth: F }: Dimensions,
  source: TensorSource,
  block: number,
): Shapes {
  const vectors = ["x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "a0", "k_k", "k_a", "ln_x.weight", "ln_x.bias"];
  const shapes: Shapes = vectors.map((name) => [`att.${name}`, [C]] as const);
  for (const letter of block === 0 ? "wag" : "wagv") {
    const [, rank = 0] = shapeOf(source, `blocks.${block}.att.${letter}1`);
    shapes.push([`att.${letter}1`, [C, rank]], [`att.${letter}2`, [rank, C]]);
  }
  if (block > 0) shapes.push(["att.v0", [C]]);
  shapes.push(["att.r_k", [H, N]], ["ffn.x_k", [C]], ["ffn.key.weight", [F, C]], ["ffn.value.weight", [C, F]]);
  for (const name of ["receptance", "key", "value", "output"]) shapes.push([`att.${name}.weight`, [C, C]]);
  return shapes;
}
