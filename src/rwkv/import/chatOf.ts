import path from "node:path";
import type { ChatFormat } from "../../core/model.js";

/** How a published model was trained to talk, told from its file's name: G1 models think, World models only talk. */
export function chatOf(source: string): ChatFormat {
  const name = path.basename(source).toLowerCase();
  if (/(^|[^a-z\d])g1/.test(name)) return "g1";
  return name.includes("world") ? "world" : "none";
}
