import path from "node:path";
import { openSafetensors } from "../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { randomModel } from "./randomModel.js";

const embedded = path.join(__dirname, "../../models/default/model.safetensors");

/** The embedded model, or an RWKV-7 of random weights by the name of its shape. */
export function sourceOf(shape: string): TensorSource {
  switch (shape) {
    case "embedded":
      return openSafetensors(embedded);
    case "d512":
      return randomModel({ layers: 8, width: 512, vocabularySize: 16_384, ranks: [32, 32, 32, 64] });
    case "0.1B":
      return randomModel({ layers: 12, width: 768, vocabularySize: 65_536, ranks: [64, 64, 32, 128] });
    case "0.4B":
      return randomModel({ layers: 24, width: 1024, vocabularySize: 65_536, ranks: [64, 64, 32, 128] });
    default:
      throw new Error(`no shape ${shape}: embedded, d512, 0.1B, 0.4B`);
  }
}
