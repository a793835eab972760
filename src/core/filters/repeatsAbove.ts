import type { Filter } from "./filter.js";

/** Does not write the line above once more, at the same depth: what a small model does when it is unsure. */
export const repeatsAbove: Filter = (candidate, { typed, above }) => {
  const previous = above.findLast((line) => line.trim() !== "")?.trimEnd();
  if (previous === undefined || previous.trim().length < 3) return candidate;
  const [first = ""] = `${typed}${candidate.text}`.split("\n");
  return first.trimEnd() === previous ? undefined : candidate;
};
