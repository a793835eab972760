import type { Dimensions } from "../architecture.js";
import { publishedVocabulary, world } from "../tokenizers/publishedVocabularies.js";
import { publishedName } from "./publishedName.js";

/** What an imported model is given: the text above the cursor, or that below it as well. */
export type ImportedPrompt = "prefix" | "suffix-prefix-middle";

/** The sentinels of G1c and newer, in their training's own text (docs/RWKV.md §12, FIM). */
export const fillInMiddleSentinels = { prefix: "✿prefix✿", suffix: "✿suffix✿", middle: "✿middle✿" } as const;

/**
 * What the name of a published file suggests: G1c and newer were trained to fill in the middle. A suggestion to a person:
 * nothing in the tensors tells. Undefined where they are of another family, and there is nothing to ask.
 */
export function promptFormFromName(
  source: string,
  { version, vocabularySize }: Dimensions,
): ImportedPrompt | undefined {
  if (version !== 7 || publishedVocabulary(vocabularySize) !== world) return undefined;
  const name = publishedName(source).toLowerCase();
  return /(^|[^a-z\d])g1[c-z](?![a-z])/.test(name) ? "suffix-prefix-middle" : "prefix";
}
