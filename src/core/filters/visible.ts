import type { Filter } from "./filter.js";

/** Shows no text that is only white space, and none at the end of what is shown. */
export const whitespaceOnly: Filter = (candidate, { afterCursor }) => {
  const visible = candidate.text.trimEnd();
  if (visible === "") return undefined;
  // A line end before closers that stay right of the cursor belongs to the text.
  const ends =
    afterCursor.slice(candidate.replaced).trim() !== "" && candidate.text.slice(visible.length).includes("\n");
  return ends ? candidate : { ...candidate, text: visible };
};

/** Shows no text that is just what it would replace. */
export const changesNothing: Filter = (candidate, { afterCursor }) =>
  candidate.text === afterCursor.slice(0, candidate.replaced) ? undefined : candidate;
