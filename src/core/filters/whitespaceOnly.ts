import type { Filter } from "./filter.js";

/** Shows no text that is only white space, and none at the end of what is shown. */
export const whitespaceOnly: Filter = (candidate) => {
  const text = candidate.text.trimEnd();
  return text === "" ? undefined : { ...candidate, text };
};
