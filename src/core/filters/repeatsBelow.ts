import type { Filter } from "./filter.js";

/** The shortest line whose repetition says something: `}` and `);` may well follow each other. */
const significantUnits = 3;

/**
 * Does not write what already stands below: drops a text whose first line, with what was typed, is the next line that is
 * not blank, and ends a longer one before the line that is.
 */
export const repeatsBelow: Filter = (candidate, { typed, below }) => {
  const next = below.find((line) => line.trim() !== "")?.trim();
  if (next === undefined) return candidate;
  const lines = `${typed}${candidate.text}`.split("\n");
  const repeated = lines.findIndex((line, i) => line.trim() === next && (i > 0 || next.length >= significantUnits));
  if (repeated < 0) return candidate;
  if (repeated === 0) return undefined;
  return { ...candidate, text: candidate.text.split("\n").slice(0, repeated).join("\n") };
};
