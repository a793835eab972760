import type { NothingReason } from "../../shared/nothingShown.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { strayBranch } from "./branches.js";
import { strayDirective } from "./directives.js";
import type { Filter } from "./filter.js";
import { endlessRun } from "./endlessRun.js";
import { deeperThanOpener, firstLineEnd, indentation, singleBlank } from "./layout.js";
import { strayBrace } from "./plainBrackets.js";
import { endsBeforePlainQuote } from "./plainQuotes.js";
import { caseBelow, redeclaration } from "./redeclaration.js";
import { repeatsAbove, repeatsBelow } from "./repetition.js";
import { lineContinues, structure } from "./structure.js";
import { lastOperator, lastSeparator } from "./separators.js";
import { unreadable } from "./unreadable.js";
import { changesNothing, whitespaceOnly } from "./visible.js";

/** The filters in order, each with the reason that is given if it leaves nothing. */
const filters: readonly (readonly [Filter, NothingReason])[] = [
  [unreadable, "unreadable"],
  [endlessRun, "repeatsItself"],
  [endsBeforePlainQuote, "unbalanced"],
  [whitespaceOnly, "onlyWhitespace"],
  [firstLineEnd, "onlyWhitespace"],
  [singleBlank, "onlyWhitespace"],
  [indentation, "onlyWhitespace"],
  [deeperThanOpener, "unbalanced"],
  [strayBranch, "unbalanced"],
  [strayDirective, "unbalanced"],
  [strayBrace, "unbalanced"],
  [redeclaration, "repeatsAbove"],
  [caseBelow, "repeatsBelow"],
  [lineContinues, "repeatsAfterCursor"],
  [repeatsBelow, "repeatsBelow"], // the structure filter may remove the closer that makes two lines equal
  [structure, "unbalanced"],
  [lastSeparator, "unbalanced"],
  [lastOperator, "unbalanced"],
  [whitespaceOnly, "onlyWhitespace"],
  [repeatsBelow, "repeatsBelow"],
  [repeatsAbove, "repeatsAbove"],
  [changesNothing, "changesNothing"],
];

/** The part of a decoded text that is shown, or the reason why nothing is. */
export function applyFilters(text: string, point: InsertionPoint): Insertion | NothingReason {
  let candidate: Insertion = { text, replaced: 0 };
  /**
   * The reason of the filter that left only whitespace. A later filter may still add closers to the whitespace, or
   * reject it.
   */
  let blankedBy: NothingReason | undefined;
  for (const [filter, reason] of filters) {
    const next = filter(candidate, point);
    const wasBlank = candidate.text.trim() === "";
    if (next === undefined) return blankedBy ?? reason;
    if (next.text.trim() !== "") blankedBy = undefined;
    else if (!wasBlank) blankedBy = reason;
    candidate = next;
  }
  return candidate;
}
