// Texts whose lines do not show their levels by their indentation.
import { isBlock } from "./completing.js";
import { columnsOfUnit } from "./indentStyle.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { isFlat, isHanging, isParagraph, isSibling, needsLevel } from "./levels.js";
import type { CodeLine } from "./lines.js";

/**
 * True if no statement of a text is indented, although the first line opens a level. False for the text of a page if
 * the width of a level is unknown, because pages may be flat.
 */
export function isFlatText(first: CodeLine, others: readonly CodeLine[], { isUnitKnown }: InsertionPoint): boolean {
  const [next, ...later] = others.filter(({ kind }) => kind === "statement");
  if (first.start.mode === "text" && !isUnitKnown) return false;
  if (isParagraph(first)) return false;
  if (next === undefined || next.isCloser || first.start.grammar.blocksByIndentation) return false;
  if (first.end.depth <= first.start.depth || !isHanging(first) || !(isKey(next.text) || needsLevel(next, first)))
    return false;
  return next.columns === 0 && later.every(({ columns }) => columns === 0);
}

/**
 * The columns of a flat text's lines after the first. Each is indented one level more than the line that opens the
 * frame around it.
 */
export function columnsByDepth(
  first: CodeLine,
  others: readonly CodeLine[],
  base: number,
  { unit }: InsertionPoint,
): number[] {
  /** The depths inside the openers found so far that are not closed yet. */
  let inside = [first.end.depth];
  return others.map((line) => {
    const level = inside.filter((depth) => depth <= line.start.depth).length - (line.isCloser ? 1 : 0);
    inside = inside.filter((depth) => depth <= line.end.depth);
    if (line.end.depth > line.start.depth) inside.push(line.end.depth);
    return base + Math.max(0, level) * columnsOfUnit(unit);
  });
}

/**
 * The columns by which the lines after a text's first line must be moved so that they are inside the cursor's block. If
 * the next statement is indented no more than the block's opener, this is its distance from the first line, otherwise
 * 0. A line that closes the block is not moved.
 */
export function shiftOf(
  others: readonly CodeLine[],
  { start, mapping }: { readonly start: number; readonly mapping: (columns: number) => number },
  point: InsertionPoint,
): number {
  const { frame } = point.state;
  const next = others.find(({ kind }) => kind !== "blank");
  if (point.linePrefix.trim() !== "" || next?.kind !== "statement" || frame.grammar.blocksByIndentation) return 0;
  if (!isBlock(frame) || next.isCloser || isSibling(next.text, next.start) || next.start.depth < frame.depth) return 0;
  const columns = mapping(next.columns);
  const isLabel = frame.grammar.labels.test(next.text) && !isKey(next.text);
  const isOutside = columns < start && columns <= frame.indent && !isLabel;
  return isOutside && !isFlat(point) ? start - columns : 0;
}

/** True for `a: b`, as in an object or a style sheet; a label has nothing after its colon. */
function isKey(text: string): boolean {
  return /^\s*(?!default\b)[\w$"'-]+\s*:\s*[^\s:]/.test(text);
}
