import type { Dimensions } from "../architecture.js";
import { publishedVocabulary, world } from "../tokenizers/publishedVocabularies.js";
import { publishedName } from "./publishedName.js";

/** The prompt form of an imported model: the document's prefix alone, or its suffix as well (fill in the middle). */
export type ImportedPrompt = "prefix" | "suffix-prefix-middle";

/** The sentinels that G1c and newer models were trained with (docs/RWKV.md §12, FIM). */
export const fillInMiddleSentinels = { prefix: "✿prefix✿", suffix: "✿suffix✿", middle: "✿middle✿" } as const;

/**
 * Guesses the prompt form from a published file's name: G1c and newer models were trained to fill in the middle. The
 * tensors do not show that, so the user has to confirm the guess.
 * @returns undefined for other model families, which have only the prefix form.
 */
export function promptFormFromName(
  source: string,
  { version, vocabularySize }: Dimensions,
): ImportedPrompt | undefined {
  if (version !== 7 || publishedVocabulary(vocabularySize) !== world) return undefined;
  const name = publishedName(source).toLowerCase();
  return /(^|[^a-z\d])g1[c-z](?![a-z])/.test(name) ? "suffix-prefix-middle" : "prefix";
}
