// Copies of the lines below the cursor that begin with a line without words, such as a bracket or the start of a comment.
// A single such line shows nothing, so the lines after it have to be compared as well.
import { beforeLine, columnsOf } from "../structure/lines.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { isSameLine } from "./sameLine.js";

/** "certain": the copy differs from a text that only begins alike. "possible": it may still turn out to differ. */
export type CopyKind = "certain" | "possible";

/** Cuts a text before a copy of the lines below. If it is only possible, it has to be so up to the text's end. */
export function withoutCopyBelow(text: string, point: InsertionPoint, kind: CopyKind): string {
  const at = copyBelow(`${point.linePrefix}${text}`.split("\n"), point.below, kind);
  return at === undefined ? text : beforeLine(text, at);
}

/** The index at which lines begin to be a copy of the lines below; undefined if they do not. */
export function copyBelow(lines: readonly string[], below: readonly string[], kind: CopyKind): number | undefined {
  const next = below.find(isVisible);
  if (next === undefined || hasWords(next) || isCloser.test(next)) return undefined;
  const document = below.filter(isVisible);
  const at = lines.findIndex(
    (line, i) => isSameLine(line, next) && isCopy(lines.slice(i).filter(isVisible), document, kind),
  );
  return at === -1 ? undefined : at;
}

function isCopy(own: readonly string[], document: readonly string[], kind: CopyKind): boolean {
  const differs = own.findIndex((line, i) => !isSameLine(line, document[i] ?? ""));
  const same = differs === -1 ? own : own.slice(0, differs);
  if (kind === "possible" && differs === -1) return true;
  const [first = "", ...others] = same;
  // Two objects may begin with the same property, so the whole object counts.
  if (isOpener.test(first))
    return differs === -1 && others.some((line) => columnsOf(line) === columnsOf(first) && isCloser.test(line));
  // Two comments may be equal, so what they describe counts.
  if (isCommentStart.test(first)) return others.some((line) => hasWords(line) && !isInComment.test(line));
  return others.some(hasWords);
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
