import type { Filter } from "./filter.js";

/** Shows no text that is only white space, and none at the end of what is shown. */
export const whitespaceOnly: Filter = (candidate, { afterCursor }) => {
  const visible = candidate.text.trimEnd();
  if (visible === "") return undefined;
  const right = afterCursor.slice(candidate.replaced);
  const blanks = candidate.text.slice(visible.length);
  // A line end or a blank before what stays right of the cursor belongs to the text.
  if (right.trim() !== "" && blanks.includes("\n")) return candidate;
  const isApart = blanks === "" || !/^[\p{L}\p{N}_$]/u.test(right);
  return { ...candidate, text: isApart ? visible : `${visible} ` };
};

/** Shows no text that is just what it would replace. */
export const changesNothing: Filter = (candidate, { afterCursor }) =>
  candidate.text === afterCursor.slice(0, candidate.replaced) ? undefined : candidate;
