import type { ChatFormat } from "../../core/model.js";
import { publishedName } from "./publishedName.js";

/** How a published model was trained to talk, told from its file's name: G1 models think, World models only talk. */
export function chatFormatFromName(source: string): ChatFormat {
  const name = publishedName(source).toLowerCase();
  if (/(^|[^a-z\d])g1/.test(name)) return "g1";
  return name.includes("world") ? "world" : "none";
}
