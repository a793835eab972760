import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { detectDimensions } from "../src/rwkv/architecture.js";
import { weightsName } from "../src/rwkv/modelFolder.js";
import { sha256Of } from "../src/rwkv/sha256.js";
import { elementBytes } from "../src/rwkv/weights/dtypes.js";
import { isLowRank } from "../src/rwkv/weights/matrices.js";
import { scaleName } from "../src/rwkv/weights/quantized.js";
import { openSafetensors } from "../src/rwkv/weights/safetensors.js";
import { writeSafetensors, type NamedTensor, type TensorPart } from "../src/rwkv/weights/safetensorsFile.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { neverCancelled } from "../src/shared/cancellation.js";
import { rwkv7Shapes, type RandomShape } from "./randomModel.js";

/** The logit of the added tokens, which have no text. */
export const unusedLogit = -100;

/**
 * Writes an RWKV-7 of the given shape that computes the same as a smaller one. It is as slow as any model of this
 * shape, so larger models can be measured on real text. Channels and heads are repeated, so that norms see the same
 * statistics. Matrices read only the first copy: the weights for the other copies are zero, and so are those of added
 * layers, ranks and tokens.
 * @param shape its width must be a multiple of the smaller model's width, at least twice as large. It needs at least as
 *   many layers.
 */
export async function writeWidenedModel(folder: string, smaller: string, shape: RandomShape): Promise<void> {
  mkdirSync(folder);
  const source = openSafetensors(path.join(smaller, weightsName));
  const parts = partsOf(source, shape);
  await writeSafetensors(path.join(folder, weightsName), parts, () => undefined, neverCancelled);
  // Copies the other files from the smaller model.
  const json = JSON.parse(readFileSync(path.join(smaller, "model.json"), "utf8")) as {
    name: string;
    files: Record<string, { sha256: string }>;
  };
  json.name += ` widened to ${shape.layers} layers of ${shape.width}`;
  for (const name of Object.keys(json.files)) {
    if (name !== weightsName) copyFileSync(path.join(smaller, name), path.join(folder, name));
    json.files[name] = { sha256: await sha256Of(path.join(folder, name), neverCancelled) };
  }
  writeFileSync(path.join(folder, "model.json"), JSON.stringify(json));
}

function partsOf(source: TensorSource, shape: RandomShape): TensorPart[] {
  const { width, layers } = detectDimensions(source);
  if (shape.width % width !== 0 || shape.width === width || shape.layers < layers) {
    throw new Error(`${layers} layers of ${width} cannot be widened to ${shape.layers} layers of ${shape.width}`);
  }
  const parts: TensorPart[] = [];
  for (const [name, wanted] of rwkv7Shapes(shape)) {
    const isAdded = Number(/^blocks\.(\d+)\./.exec(name)?.[1] ?? 0) >= layers;
    // An added layer has the tensors of the second layer, because the first one has fewer.
    const model = isAdded ? name.replace(/^blocks\.\d+/, "blocks.1") : name;
    if (!source.has(model)) continue; // the first block has no v0, v1 and v2
    for (const suffix of source.has(scaleName(model)) ? ["", scaleName("")] : [""]) {
      const group = suffix === "" ? 1 : (source.shape(model)[1] ?? 1) / (source.shape(model + suffix)[1] ?? 1);
      const size = wanted.map((length, i) => (i === wanted.length - 1 ? length / group : length));
      const tensor = { name: name + suffix, dtype: source.dtype(model + suffix), shape: size };
      const values = isAdded ? zeros : widened;
      parts.push({ tensors: [tensor], make: () => [values(source, tensor)] });
    }
  }
  return parts;
}

function zeros(_: TensorSource, { dtype, shape }: NamedTensor): Uint8Array {
  return new Uint8Array(shape.reduce((a, b) => a * b, elementBytes(dtype)));
}

/**
 * How a tensor's rows or columns are widened. Channels that the tensor writes are repeated. Channels that it reads,
 * ranks and tokens are filled up with zeros.
 */
type Growth = "repeated" | "zero";

function growthOf(name: string): { readonly rows: Growth; readonly columns: Growth } {
  if (isLowRank(name)) {
    const isDown = name.endsWith("1"); // [in, rank]; the other one is [rank, out]
    return isDown ? { rows: "zero", columns: "zero" } : { rows: "zero", columns: "repeated" };
  }
  if (name === "emb.weight") return { rows: "zero", columns: "repeated" };
  if (name.startsWith("head.")) return { rows: "zero", columns: "zero" };
  if (name.startsWith("ln_out.")) return { rows: "repeated", columns: "zero" };
  const isMatrix = /\.(receptance|key|value|output)\.weight/.test(name);
  return { rows: "repeated", columns: isMatrix ? "zero" : "repeated" };
}

function widened(source: TensorSource, tensor: NamedTensor): Uint8Array {
  const { name, dtype } = tensor;
  const bytes = elementBytes(dtype);
  const [rows, columns] = matrixShape(source.shape(name));
  const [outRows, outColumns] = matrixShape(tensor.shape);
  const growth = growthOf(name);
  const from = source.readBytes(name);
  const to = new Uint8Array(outRows * outColumns * bytes);
  for (let row = 0; row < (growth.rows === "zero" ? rows : outRows); row++) {
    const own = from.subarray((row % rows) * columns * bytes, ((row % rows) + 1) * columns * bytes);
    for (let at = 0; at < (growth.columns === "zero" ? columns : outColumns); at += columns) {
      to.set(own, (row * outColumns + at) * bytes);
    }
  }
  markUnused(tensor, { rows, columns, outRows, outColumns }, to);
  return to;
}

/**
 * Gives the added tokens a constant logit. The head's rows for real tokens read only the first copy of the channels.
 * ln_out sets the other copies to 1, and the head's rows for added tokens read one channel of them.
 */
function markUnused(
  { name, dtype }: NamedTensor,
  sizes: { readonly rows: number; readonly columns: number; readonly outRows: number; readonly outColumns: number },
  to: Uint8Array,
): void {
  const { rows, columns, outRows, outColumns } = sizes;
  const view = new DataView(to.buffer);
  if (name === "ln_out.bias") for (let i = columns; i < outColumns; i++) view.setFloat32(4 * i, 1, true);
  if (!name.startsWith("head.")) return;
  for (let row = rows; row < outRows; row++) {
    const at = row * outColumns + columns;
    if (dtype === "I8") view.setInt8(at, unusedLogit);
    else view.setFloat32(4 * at, name === "head.weight" ? unusedLogit : 1, true);
  }
}

/** The number of rows and columns of a tensor; a vector is one row. */
function matrixShape(shape: readonly number[]): readonly [number, number] {
  const columns = shape.at(-1) ?? 1;
  return [shape.reduce((a, b) => a * b, 1) / columns, columns];
}
