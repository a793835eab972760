import { withoutHalfGrapheme } from "./graphemes.js";
import type { Filter } from "./filter.js";

/** Rejects a text that is only whitespace, and trims whitespace and incomplete graphemes at the end. */
export const whitespaceOnly: Filter = (candidate, { afterCursor, state }) => {
  const trimmed = candidate.text.trimEnd();
  const visible = withoutHalfGrapheme(trimmed).trimEnd();
  if (visible === "") return undefined;
  const right = afterCursor.slice(candidate.replaced);
  const blanks = candidate.text.slice(trimmed.length);
  // Trailing whitespace that separates the text from what follows the cursor belongs to the text.
  if (right.trim() !== "" && blanks.includes("\n")) return { ...candidate, text: visible + blanks };
  const begins = state.frame.mode === "code" ? /^[\p{L}\p{N}_$"'`]/u : /^[\p{L}\p{N}_$]/u;
  return { ...candidate, text: blanks !== "" && begins.test(right) ? `${visible} ` : visible };
};

/** Rejects a text that equals what it would replace. */
export const changesNothing: Filter = (candidate, { afterCursor }) =>
  candidate.text === afterCursor.slice(0, candidate.replaced) ? undefined : candidate;
