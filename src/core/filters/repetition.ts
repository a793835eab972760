import { beforeLine } from "../structure/lines.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { repetitionBelow } from "./repetitionBelow.js";
import type { Filter } from "./filter.js";
import { endsBlockAbove } from "./blockEndAbove.js";
import { isSameLine } from "./sameLine.js";
import { isBeforeLine } from "../structure/trace.js";

/** Minimum length, without the whitespace around it, of a line whose repetition is significant. */
const minSignificantUnits = 3;

/** Matches a line of closers only, which may legitimately follow an equal line. */
export const closersOnly = /^(?!\s*;;\s*$)(?:#endif\b|[)\]}>;,\s]|<\/[\w.:-]*>|\b(?:end|fi|done|esac)\b)*$/;

/**
 * True if one of two lines is a prototype and the other begins the definition that belongs to it, in C, C++ and similar
 * languages.
 */
function areDeclarationAndDefinition(a: string, b: string, { state }: InsertionPoint): boolean {
  if (!state.frame.grammar.hasPrototypes) return false;
  return isPrototype(a) !== isPrototype(b) && isPrototype(`${a.trimEnd().replace(/;$/, "")};`);
}

/** True for `int f(int a);` or `struct a;`, but not for a call or another statement. */
function isPrototype(line: string): boolean {
  return (
    /^\s*(?:[\w:<>,~]+[\s*&]+)+[\w:~]+\s*\([^;{}]*\)[\w\s]*;\s*$|^\s*(?:struct|class|union|enum)\s+\w+\s*;\s*$/.test(
      line,
    ) && !/^\s*(?:return|else|throw|delete|new|case|goto|co_\w+)\b/.test(line)
  );
}

/**
 * The cursor's line, or lines, after the insertion. If the text ends with a newline, the text after the cursor becomes
 * a line of its own, and that line is left out.
 */
function linesWith({ text, replaced }: Insertion, point: InsertionPoint): string[] {
  const { linePrefix, afterCursor } = point;
  const lines = `${linePrefix}${text}${afterCursor.slice(replaced)}`.split("\n");
  return isBeforeLine(point) && /\n[^\S\n]*$/.test(text) ? lines.slice(0, -1) : lines;
}

/** Rejects a text whose first line repeats the line above, as small models do when they are unsure. */
export const repeatsAbove: Filter = (candidate, point) => {
  const [first = ""] = linesWith(candidate, point);
  return repeatsLineAbove(first, point) ? undefined : candidate;
};

/**
 * True if a line repeats the nearest line above that is not blank. Closers, very short lines and rows of data may be
 * equal.
 */
export function repeatsLineAbove(line: string, point: InsertionPoint): boolean {
  const { above, below } = point;
  const [previous, beforeIt] = above
    .filter(({ kind }) => kind !== "blank")
    .slice(-2)
    .map(({ text }) => text)
    .reverse();
  if (previous === undefined || previous.trim().length < minSignificantUnits || closersOnly.test(previous))
    return false;
  if (!/[\p{L}\p{N}]/u.test(previous)) return false; // such as an empty line of a comment
  if (!isSameLine(line, previous) || isRun(previous, [beforeIt, below[0]])) return false;
  return !areDeclarationAndDefinition(line, previous, point);
}

/**
 * True if a line is one of several equal rows of data, so that another equal row is plausible. Statements do not count.
 */
function isRun(line: string, neighbors: readonly (string | undefined)[]): boolean {
  if (!/[,\\]\s*$|^\s*[\w"'.+-]+\s*$|^\s*</.test(line)) return false;
  return neighbors.some((neighbor) => neighbor !== undefined && isSameLine(line, neighbor));
}

/** Cuts a text before the line at which it begins to repeat the lines below. Rejects it if that is its first line. */
export const repeatsBelow: Filter = (candidate, point) => {
  const lines = linesWith(candidate, point);
  const line = lines.findIndex(
    (one, i) => repeatsLineBelow(one, point, i === 0) && !continuesOtherwise(lines.slice(i), point),
  );
  const repeated = Math.min(line === -1 ? Infinity : line, repetitionBelow(lines, point.below, "certain") ?? Infinity);
  if (repeated === Infinity) return candidate;
  if (repeated === 0) return undefined;
  return { ...candidate, text: beforeLine(candidate.text, repeated) };
};

/**
 * True if `lines`, which begin like the next line below, then continue differently from the document, so that they do
 * not repeat it: two branches may end with the same statement, and two loops may begin with the same line. A
 * declaration occurs only once, so it is always a repetition.
 */
function continuesOtherwise(lines: readonly string[], point: InsertionPoint): boolean {
  const isVisible = (line: string): boolean => line.trim() !== "";
  const own = lines.filter(isVisible);
  const document = point.below.filter(isVisible);
  if (declaration.test(own[0] ?? "") || endsBlockAbove(own[0] ?? "", point)) return false;
  const differs = own.findIndex((line, i) => !isSameLine(line, document[i] ?? line));
  return differs !== -1;
}

/** Matches a line that declares a name that can be declared only once in its block. */
const declaration =
  /^\s*(?:(?:export|default|async|public|private|protected|internal|static|final|abstract|virtual|override|pub|unsafe|extern|inline|local|declare)\s+)*(?:import|from|using|package|namespace|module|function|func|fn|def|class|struct|enum|interface|trait|impl|type|record)\s+[^\s(]/;

/**
 * True for a line without words that occurs only once in a block: the arm for all other cases (`_ =>`) or a placeholder
 * (`...`). Among arguments, `_ => {}` is a function and may occur several times.
 */
function occursOnce(line: string, { state: { frame } }: InsertionPoint): boolean {
  if (frame.mode !== "code" || (line.includes("=>") && /^[)\]]$/.test(frame.closer))) return false;
  return /^\s*(?:(?:\|\s*)?_\s*[-=]>[\s{([)\]},;]*|_;|\.\.\.)\s*$/.test(line);
}

/**
 * True if a line repeats the next line below that is not blank. Closers, most lines without words, and rows of data may
 * be equal.
 * @param isFirst true for the cursor's line, which may equal a short line by chance.
 */
export function repeatsLineBelow(line: string, point: InsertionPoint, isFirst: boolean): boolean {
  const { above, below } = point;
  const [next, afterIt] = below.filter((candidate) => candidate.trim() !== "");
  if (
    next === undefined ||
    closersOnly.test(next) ||
    !(
      /[\p{L}\p{N}]|^\s*(;;|[([{]+[)\]}]+,?)\s*$/u.test(next) ||
      occursOnce(next, point) ||
      endsBlockAbove(next, point)
    ) ||
    (isFirst && next.trim().length < minSignificantUnits)
  )
    return false;
  if (!isSameLine(line, next) || isRun(next, [afterIt, above.at(-1)?.text])) return false;
  return !areDeclarationAndDefinition(line, next, point);
}
