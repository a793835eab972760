import type { Filter } from "./filter.js";

/** The shortest line whose repetition says something: `}` and `);` may well follow each other. */
const significantUnits = 3;

/**
 * Does not write what already stands below: drops a text whose first line, with what was typed, is the next line that is
 * not blank, and ends a longer one before the line that is. Indentation counts: an inner `}` is not the outer one.
 */
export const repeatsBelow: Filter = (candidate, { typed, below }) => {
  const next = below.find((line) => line.trim() !== "")?.trimEnd();
  if (next === undefined) return candidate;
  const lines = `${typed}${candidate.text}`.split("\n");
  const isSignificant = next.trim().length >= significantUnits;
  const repeated = lines.findIndex((line, i) => line.trimEnd() === next && (i > 0 || isSignificant));
  if (repeated < 0) return candidate;
  if (repeated === 0) return undefined;
  return { ...candidate, text: candidate.text.split("\n").slice(0, repeated).join("\n") };
};
