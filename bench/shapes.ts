import path from "node:path";
import { openSafetensors } from "../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { randomModel, type RandomShape } from "./randomModel.js";

const embedded = path.join(__dirname, "../../models/default/model.safetensors");

/** Shapes of RWKV-7 models by name. The names with B are sizes of published models; the others contain the width. */
const randomShapes = {
  d128: { layers: 2, width: 128, vocabularySize: 512, ranks: [16, 16, 16, 32] },
  d512: { layers: 8, width: 512, vocabularySize: 16_384, ranks: [32, 32, 32, 64] },
  "0.1B": { layers: 12, width: 768, vocabularySize: 65_536, ranks: [64, 64, 32, 128] },
  "0.4B": { layers: 24, width: 1024, vocabularySize: 65_536, ranks: [64, 64, 32, 128] },
} as const satisfies Record<string, RandomShape>;

/** @throws Error if there is no shape with that name. */
export function randomShape(name: string): RandomShape {
  // `randomShapes` has this key.
  if (Object.hasOwn(randomShapes, name)) return randomShapes[name as keyof typeof randomShapes];
  throw new Error(`no shape ${name}: ${Object.keys(randomShapes).join(", ")}`);
}

/** The embedded model, or random weights of a given shape. */
export function sourceOf(name: string): TensorSource {
  return name === "embedded" ? openSafetensors(embedded) : randomModel(randomShape(name));
}
