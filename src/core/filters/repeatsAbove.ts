import type { Filter } from "./filter.js";

/** Does not write the line above once more: what a small model does when it is unsure. */
export const repeatsAbove: Filter = (candidate, { typed, above }) => {
  const previous = above.findLast((line) => line.trim() !== "")?.trim();
  if (previous === undefined || previous.length < 3) return candidate;
  const [first = ""] = `${typed}${candidate.text}`.split("\n");
  return first.trim() === previous ? undefined : candidate;
};
