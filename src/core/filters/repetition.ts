import { columnsOf } from "../structure/lines.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import type { Filter } from "./filter.js";

/** The shortest line whose repetition says something, less its blanks. */
const minSignificantUnits = 3;

/** Matches a line of closers only, which may legitimately follow an equal line. */
export const closersOnly = /^(?!\s*;;\s*$)(?:#endif\b|[)\]}>;,\s]|<\/[\w.:-]*>|\b(?:end|fi|done|esac)\b)*$/;

/** Lines are compared at their depth, and apart from a last comma or semicolon and the kind of their quotes. */
function isSameLine(a: string, b: string): boolean {
  return columnsOf(a) === columnsOf(b) && comparable(a) === comparable(b);
}

function comparable(line: string): string {
  return line.trim().replace(/[,;]$/, "").replace(/['`]/g, '"');
}

/** The cursor's line, or lines, after the insertion. */
export function linesWith({ text, replaced }: Insertion, { linePrefix, afterCursor }: InsertionPoint): string[] {
  return `${linePrefix}${text}${afterCursor.slice(replaced)}`.split("\n");
}

/** Rejects a text that repeats the line above, as small models do when they are unsure. */
export const repeatsAbove: Filter = (candidate, point) => {
  const [first = ""] = linesWith(candidate, point);
  return repeatsLineAbove(first, point) ? undefined : candidate;
};

/** True if a line repeats the nearest line above that is not blank. */
export function repeatsLineAbove(line: string, { above }: InsertionPoint): boolean {
  const previous = above.findLast(({ kind }) => kind !== "blank")?.text;
  if (previous === undefined || previous.trim().length < minSignificantUnits || closersOnly.test(previous))
    return false;
  return isSameLine(line, previous);
}

/** Cuts the text before the first line that repeats the next line below. */
export const repeatsBelow: Filter = (candidate, point) => {
  const lines = linesWith(candidate, point);
  const repeated = lines.findIndex((line, i) => repeatsLineBelow(line, point, i === 0));
  if (repeated < 0) return candidate;
  if (repeated > 0 && continuesOtherwise(lines, repeated, point)) return candidate;
  if (repeated === 0) return divergesFromBelow(lines, point) ? candidate : undefined;
  return { ...candidate, text: candidate.text.split("\n").slice(0, repeated).join("\n") };
};

/** True if a text has a statement that is the next line below as well, but another one after it. */
function continuesOtherwise(lines: readonly string[], repeated: number, { below }: InsertionPoint): boolean {
  const isVisible = (line: string): boolean => line.trim() !== "";
  const [line, next] = lines.slice(repeated).filter(isVisible);
  const [, belowNext] = below.filter(isVisible);
  if (line === undefined || next === undefined || belowNext === undefined || /[{([:]\s*$/.test(line)) return false;
  return !isSameLine(next, belowNext) && columnsOf(next) >= columnsOf(line);
}

/** True if a text begins with the next line below, but continues otherwise than the text below: it is no repetition. */
function divergesFromBelow(lines: readonly string[], { below }: InsertionPoint): boolean {
  const isVisible = (line: string): boolean => line.trim() !== "";
  const [, second] = lines.filter(isVisible);
  const [, belowSecond] = below.filter(isVisible);
  return second !== undefined && belowSecond !== undefined && !isSameLine(second, belowSecond);
}

/**
 * True if a line repeats the next line below.
 * @param isFirst true for the cursor's line, which may be short by chance.
 */
export function repeatsLineBelow(line: string, { below }: InsertionPoint, isFirst: boolean): boolean {
  const next = below.find((candidate) => candidate.trim() !== "");
  if (
    next === undefined ||
    closersOnly.test(next) ||
    !/[\p{L}\p{N}]|^\s*;;\s*$/u.test(next) ||
    (isFirst && next.trim().length < minSignificantUnits)
  )
    return false;
  return isSameLine(line, next);
}
