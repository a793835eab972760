import { brokenCharacters } from "./brokenCharacters.js";
import { closersRight } from "./closersRight.js";
import type { CandidateText, CompletionPlace, Filter } from "./filter.js";
import { indentation } from "./indentation.js";
import { repeatsAbove } from "./repeatsAbove.js";
import { repeatsBelow } from "./repeatsBelow.js";
import { whitespaceOnly } from "./whitespaceOnly.js";

/** In this order: what is no text goes first, and what remains is looked at as it will be shown. */
const filters: readonly Filter[] = [
  brokenCharacters,
  whitespaceOnly,
  repeatsBelow,
  repeatsAbove,
  indentation,
  closersRight,
  whitespaceOnly,
];

/** What is left to show of a decoded text; undefined where nothing is. */
export function filtered(text: string, place: CompletionPlace): CandidateText | undefined {
  let candidate: CandidateText | undefined = { text, replaced: 0 };
  for (const filter of filters) {
    if (candidate === undefined) return undefined;
    candidate = filter(candidate, place);
  }
  return candidate;
}
