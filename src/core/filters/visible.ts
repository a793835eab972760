import type { Filter } from "./filter.js";

/** Rejects a text that is only whitespace, and trims whitespace at the end. */
export const whitespaceOnly: Filter = (candidate, { afterCursor }) => {
  const visible = candidate.text.trimEnd();
  if (visible === "") return undefined;
  const right = afterCursor.slice(candidate.replaced);
  const blanks = candidate.text.slice(visible.length);
  // Trailing whitespace that separates the text from what follows the cursor belongs to the text.
  if (right.trim() !== "" && blanks.includes("\n")) return candidate;
  const needsNoSpace = blanks === "" || !/^[\p{L}\p{N}_$]/u.test(right);
  return { ...candidate, text: needsNoSpace ? visible : `${visible} ` };
};

/** Rejects a text that equals what it would replace. */
export const changesNothing: Filter = (candidate, { afterCursor }) =>
  candidate.text === afterCursor.slice(0, candidate.replaced) ? undefined : candidate;
