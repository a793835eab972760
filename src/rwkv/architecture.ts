import { ModelError } from "./modelError.js";
import { checkAllKnown, checkKind, supported } from "./otherModels.js";
import { checkShapes, shapeOf } from "./shapeCheck.js";
import * as shapes from "./tensorShapes.js";
import type { TensorSource } from "./weights/tensorSource.js";

/** A model's version and sizes, detected from its tensors. */
export interface Dimensions {
  readonly version: 4 | 5 | 6 | 7;
  /** RWKV-5 only: 5.0 has no gate, 5.1 has a gate, 5.2 also has a decay per channel. 0 for the other versions. */
  readonly revision: 0 | 1 | 2;
  readonly layers: number;
  /** C, the width. */
  readonly width: number;
  /** H, the number of heads. Each has size N. RWKV-4 has no heads and counts as one head of size C. */
  readonly heads: number;
  readonly headSize: number;
  /** F, the width within channel-mix. */
  readonly ffnWidth: number;
  readonly vocabularySize: number;
  /** The epsilon of ln_x. Weights files do not contain it; model.json can override it. RWKV-4 has no ln_x. */
  readonly groupNormEps: number;
}

/**
 * The training code divides ln_x's input by 8 (head_size_divisor) and uses epsilon 1e-5. Without the division, the
 * equivalent epsilon is 64e-5.
 */
export const publishedGroupNormEps = 64e-5;

/**
 * Detects version and sizes from the tensors' names and shapes (docs/RWKV.md §6).
 * @param groupNormEps the epsilon of ln_x from model.json.
 * @throws ModelError if the file is not a supported RWKV model, or a tensor is missing, unknown or has a wrong shape.
 */
export function detectDimensions(source: TensorSource, groupNormEps = publishedGroupNormEps): Dimensions {
  checkKind(source);
  const release = releaseOf(source);
  const layers = 1 + source.names.reduce((highest, name) => Math.max(highest, blockOf(name)), -1);
  const [vocabularySize = 0, width = 0] = shapeOf(source, "emb.weight");
  const [ffnWidth = 0] = shapeOf(source, "blocks.0.ffn.key.weight");
  const { heads, headSize } = headsOf(source, release, width);
  const dimensions = { ...release, layers, width, heads, headSize, ffnWidth, vocabularySize, groupNormEps };
  checkTensors(source, dimensions);
  return dimensions;
}

/** The name of a version, for example "RWKV-7" or "RWKV-5.2". */
export function versionName({ version, revision }: Release): string {
  return version === 5 ? `RWKV-5.${revision}` : `RWKV-${version}`;
}

/** The index of the block that a tensor belongs to; -1 for a tensor outside the blocks. */
function blockOf(name: string): number {
  return Number(/^blocks\.(\d{1,6})\./.exec(name)?.[1] ?? -1);
}

type Release = Pick<Dimensions, "version" | "revision">;

function releaseOf(source: TensorSource): Release {
  const has = (name: string): boolean => source.has(`blocks.0.att.${name}`);
  if (has("r_k")) return { version: 7, revision: 0 };
  if (has("time_maa_x")) return { version: 6, revision: 0 };
  if (has("ln_x.weight") && has("time_decay")) {
    if (!has("gate.weight")) return { version: 5, revision: 0 };
    const [, perHead = 1] = source.shape("blocks.0.att.time_decay");
    return { version: 5, revision: perHead === 1 ? 1 : 2 };
  }
  if (has("time_first")) return { version: 4, revision: 0 };
  throw new ModelError(source.path, `is not an RWKV model; ${supported}`);
}

/** @throws ModelError if the heads do not add up to the width. */
function headsOf(
  source: TensorSource,
  { version }: Release,
  width: number,
): { readonly heads: number; readonly headSize: number } {
  if (version === 4) return { heads: 1, headSize: width };
  const name = `blocks.0.att.${{ 5: "time_decay", 6: "time_faaaa", 7: "r_k" }[version]}`;
  const shape = shapeOf(source, name);
  const [heads = 1, headSize = width / heads] = version === 5 ? shape.slice(0, 1) : shape;
  if (heads * headSize !== width || !Number.isInteger(headSize)) {
    throw new ModelError(source.path, `${name} is [${shape.join(", ")}], which does not fit a width of ${width}`);
  }
  return { heads, headSize };
}

function checkTensors(source: TensorSource, dimensions: Dimensions): void {
  const { width: C, ffnWidth: F, heads: H, headSize: N, vocabularySize: V } = dimensions;
  const sizes = { C, F, H, N, V };
  checkShapes(source, "", { table: shapes.frame, sizes });
  const known = new Set([...Object.keys(shapes.frame), ...unread(dimensions)]);
  for (let block = 0; block < dimensions.layers; block++) {
    const table = blockTable(source, dimensions, block);
    checkShapes(source, `blocks.${block}.`, { table, sizes });
    for (const name of Object.keys(table)) known.add(`blocks.${block}.${name}`);
  }
  checkAllKnown(source, versionName(dimensions), (name) => known.has(name));
}

/**
 * Tensors that a file may contain but no engine reads. In RWKV-7, v0 to v2 mix block 0's values into a later block, so
 * those of block 0 have no use.
 */
function unread({ version }: Release): readonly string[] {
  return version === 7 ? ["v0", "v1", "v2"].map((name) => `blocks.0.att.${name}`) : [];
}

function blockTable(source: TensorSource, { version, revision }: Release, block: number): shapes.ShapeTable {
  switch (version) {
    case 4:
      return shapes.block4;
    case 5: {
      if (revision > 0) return revision === 1 ? shapes.block51 : shapes.block52;
      const bonus = source.has("blocks.0.att.time_faaaa") ? "att.time_faaaa" : "att.time_first";
      return { ...shapes.block50, [bonus]: "H" };
    }
    case 6:
      return shapes.block6;
    case 7:
      return block === 0 ? shapes.firstBlock7 : shapes.block7;
  }
}
