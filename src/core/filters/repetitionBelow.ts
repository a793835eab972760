// Finds repetitions of the lines below the cursor that begin with a line without words, such as a bracket or the start
// of a comment. That line alone proves nothing, so the lines after it are compared as well.
import { beforeLine, columnsOf } from "../structure/lines.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { isSameLine } from "./sameLine.js";

/**
 * How much must be equal. "certain": more than the beginning. "possible": the lines so far, although the text may still
 * turn out to differ. "ended": the text has ended, so the repetition may be incomplete.
 */
export type Certainty = "certain" | "possible" | "ended";

/** Cuts a text before it repeats the lines below. */
export function withoutRepetitionBelow(text: string, point: InsertionPoint, certainty: Certainty): string {
  const at = repetitionBelow(`${point.linePrefix}${text}`.split("\n"), point.below, certainty);
  return at === undefined ? text : beforeLine(text, at);
}

/** The index at which lines begin to repeat the lines below; undefined if they do not. */
export function repetitionBelow(
  lines: readonly string[],
  below: readonly string[],
  certainty: Certainty,
): number | undefined {
  const next = below.find(isVisible);
  if (next === undefined || hasWords(next) || isCloser.test(next)) return undefined;
  const document = below.filter(isVisible);
  const at = lines.findIndex(
    (line, i) => isSameLine(line, next) && isRepetition(lines.slice(i).filter(isVisible), document, certainty),
  );
  return at === -1 ? undefined : at;
}

function isRepetition(own: readonly string[], document: readonly string[], certainty: Certainty): boolean {
  const isLast = (i: number): boolean => certainty === "ended" && i > 0 && i === own.length - 1;
  const isSame = (line: string, i: number): boolean =>
    isSameLine(line, document[i] ?? "") || (isLast(i) && document[i]?.startsWith(line.trimEnd()) === true);
  const differs = own.findIndex((line, i) => !isSame(line, i));
  const [first = "", ...others] = differs === -1 ? own : own.slice(0, differs);
  if (differs === -1 && (certainty === "possible" || (certainty === "ended" && isBeginning(first, others))))
    return true;
  // Two objects may begin with the same property, so the object must be equal up to its end.
  if (isOpener.test(first))
    return differs === -1 && others.some((line) => columnsOf(line) === columnsOf(first) && isCloser.test(line));
  // Two comments may be equal, so the code after them must be equal as well.
  if (isCommentStart.test(first)) return others.some((line) => hasWords(line) && !isInComment.test(line));
  return others.some(hasWords);
}

/**
 * True for text that is useless without the lines that follow: a comment's start, or an opening bracket and more lines.
 */
function isBeginning(first: string, others: readonly string[]): boolean {
  return isCommentStart.test(first) || (isOpener.test(first) && others.length > 0);
}

function isVisible(line: string): boolean {
  return line.trim() !== "";
}

function hasWords(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line);
}

const isOpener = /^\s*[([{]+\s*$/;
const isCloser = /^\s*(?:[)\]}]|\*\/|-->)/;
const isCommentStart = /^\s*(?:\/\*|<!--)/;
const isInComment = /^\s*(?:\/?\*|\/\/)/;
