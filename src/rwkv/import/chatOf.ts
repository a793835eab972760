import path from "node:path";
import type { ChatFormat } from "../../core/model.js";

/** Hugging Face's files are called the same; their folder has the model's name. */
const nameless = new Set(["model", "pytorch_model"]);

/** How a published model was trained to talk, told from its file's name: G1 models think, World models only talk. */
export function chatOf(source: string): ChatFormat {
  const { name: file, dir } = path.parse(path.resolve(source));
  const name = (nameless.has(file) ? path.basename(dir) : file).toLowerCase();
  if (/(^|[^a-z\d])g1/.test(name)) return "g1";
  return name.includes("world") ? "world" : "none";
}
