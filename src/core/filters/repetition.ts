import { columnsOf } from "../structure/lines.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import type { Filter } from "./filter.js";

/** The shortest line whose repetition says something, less its blanks. */
const minSignificant = 3;

/** A line of closers may well follow an equal one. */
export const closersOnly = /^(?!\s*;;\s*$)(?:#endif\b|[)\]}>;,\s]|<\/[\w.:-]*>|\b(?:end|fi|done|esac)\b)*$/;

/** Lines are compared at their depth, and apart from a last comma or semicolon. */
function isSameLine(a: string, b: string): boolean {
  return columnsOf(a) === columnsOf(b) && withoutSeparator(a) === withoutSeparator(b);
}

function withoutSeparator(line: string): string {
  return line.trim().replace(/[,;]$/, "");
}

/** The cursor's lines as they will be. */
export function linesWith({ text, replaced }: Insertion, { linePrefix, afterCursor }: InsertionPoint): string[] {
  return `${linePrefix}${text}${afterCursor.slice(replaced)}`.split("\n");
}

/** Does not write the line above once more: what a small model does if it is unsure. */
export const repeatsAbove: Filter = (candidate, point) => {
  const [first = ""] = linesWith(candidate, point);
  return repeatsLineAbove(first, point) ? undefined : candidate;
};

/** True if a line says what the line above says. */
export function repeatsLineAbove(line: string, { above }: InsertionPoint): boolean {
  const previous = above.findLast(({ kind }) => kind !== "blank")?.text;
  if (previous === undefined || previous.trim().length < minSignificant || closersOnly.test(previous)) return false;
  return isSameLine(line, previous);
}

/** Cuts the text before the first line that equals the next line below. */
export const repeatsBelow: Filter = (candidate, point) => {
  const lines = linesWith(candidate, point);
  const repeated = lines.findIndex((line, i) => repeatsLineBelow(line, point, i === 0));
  if (repeated < 0) return candidate;
  if (repeated === 0) return isOppositeDirection(lines, point) ? candidate : undefined;
  return { ...candidate, text: candidate.text.split("\n").slice(0, repeated).join("\n") };
};

/** True if a text begins with the next line below, but continues otherwise than the text below: it is no repetition. */
function isOppositeDirection(lines: readonly string[], { below }: InsertionPoint): boolean {
  const isVisible = (line: string): boolean => line.trim() !== "";
  const [, second] = lines.filter(isVisible);
  const [, belowSecond] = below.filter(isVisible);
  return second !== undefined && belowSecond !== undefined && !isSameLine(second, belowSecond);
}

/** True if a line says what the next line below says. @param isFirst it is the cursor's. */
export function repeatsLineBelow(line: string, { below }: InsertionPoint, isFirst: boolean): boolean {
  const next = below.find((one) => one.trim() !== "");
  if (
    next === undefined ||
    closersOnly.test(next) ||
    !/[\p{L}\p{N}]|^\s*;;\s*$/u.test(next) ||
    (isFirst && next.trim().length < minSignificant)
  )
    return false;
  return isSameLine(line, next);
}
