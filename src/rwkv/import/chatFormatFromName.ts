import type { ChatFormat } from "../../core/model.js";
import { publishedName } from "./publishedName.js";

/** Guesses the chat format of a published model from its file name: G1 models can think, World models cannot. */
export function chatFormatFromName(source: string): ChatFormat {
  const name = publishedName(source).toLowerCase();
  if (/(^|[^a-z\d])g1/.test(name)) return "g1";
  return name.includes("world") ? "world" : "none";
}
