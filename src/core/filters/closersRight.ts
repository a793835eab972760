import type { CompletionPlace, Filter } from "./filter.js";
import { areOnlyClosers, unmatchedClosers } from "./unmatchedClosers.js";

/**
 * Closing brackets and quotes that stand right of the cursor are replaced by the text's own, not doubled: as many of
 * them as the end of the text's first line spells. Where other text stands there, what the two share is left out.
 */
export const closersRight: Filter = (candidate, { typed, rest }) => {
  const right = rest.trimEnd();
  if (right === "") return candidate;
  const [line = "", ...more] = candidate.text.split("\n");
  if (areOnlyClosers(right)) {
    const shared = closedUnits(line, { typed, rest });
    if (more.length > 0 && shared < right.length) return { ...candidate, text: line, replaced: shared };
    return { ...candidate, replaced: shared };
  }
  const overlap = overlapUnits(line, right);
  return { text: line.slice(0, line.length - overlap), replaced: 0 };
};

/** How many units right of the cursor a text of one or several lines closes itself; 0 where other text stands there. */
export function closedUnits(text: string, { typed, rest }: Pick<CompletionPlace, "typed" | "rest">): number {
  return areOnlyClosers(rest) ? sharedClosers(unmatchedClosers(typed, text), rest.trimEnd()) : 0;
}

/** How many units of `right`, from its first, occur among the text's closers in this order; blanks go with what follows. */
function sharedClosers(closersOfText: string, right: string): number {
  let shared = 0;
  for (const unit of closersOfText) {
    const next = right.length - right.slice(shared).trimStart().length;
    if (unit === right.charAt(next)) shared = next + 1;
  }
  return shared;
}

/** The longest end of `line` with which `right` begins. */
function overlapUnits(line: string, right: string): number {
  for (let units = Math.min(line.length, right.length); units > 0; units--) {
    if (right.startsWith(line.slice(-units))) return units;
  }
  return 0;
}
