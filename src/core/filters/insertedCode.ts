import { columnsOfUnit, indentUnitOf } from "../structure/indentStyle.js";
import { fitted } from "../structure/insertion.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { placedLines, reindented, type ColumnMapping } from "../structure/reindent.js";
import { closersOnly } from "./repetition.js";

/**
 * The form in which code from elsewhere is inserted: indented as the document is, and nothing is closed twice. Nobody loses
 * code that they chose: if a rule would drop more of it than closers, it stays as it is.
 * @param lineEnd follows the code; empty, or a line end and the indentation of what comes after it.
 */
export function insertedCode(code: string, point: InsertionPoint, lineEnd: string): Insertion {
  const own = code.replace(/^[^\S\n]+/, "");
  const text = reindented(own, point, mappingOf(code, point)) + lineEnd;
  const fit = fitted(text, point);
  if (fit === undefined || !closersOnly.test(text.slice(sharedLength(text, fit.text)))) return { text, replaced: 0 };
  const isLineEnd = point.afterCursor.slice(fit.replaced).trim() === "";
  // Blanks before closers that were dropped go with them.
  const isShortened = fit.text.length < text.length && text.startsWith(fit.text);
  const kept = isShortened ? fit.text.trimEnd() : fit.text;
  return isLineEnd || kept.endsWith(lineEnd) ? { ...fit, text: kept } : { ...fit, text: kept.trimEnd() + lineEnd };
}

/** How the code's own columns, whatever margin it was copied with, become the document's. */
function mappingOf(code: string, point: InsertionPoint): ColumnMapping {
  const start = placedLines(code.trimStart(), point)[0]?.placed ?? 0;
  const lines = point.linesOf(code).filter(({ kind }) => kind === "statement");
  const [first, last] = [lines[0], lines.at(-1)];
  // Code that was selected from its first word on has its margin from the second line on.
  const endsOwnBlock = last?.isCloser === true && last.end.depth >= point.state.frame.depth;
  const base = (endsOwnBlock ? last : first)?.columns ?? 0;
  const unit = indentUnitOf(lines.map((line) => (line === first ? { ...line, columns: base, indent: base } : line)));
  const scale = unit === undefined || !point.isUnitKnown ? 1 : columnsOfUnit(point.unit) / columnsOfUnit(unit);
  return (columns) => Math.max(0, start + Math.round((columns - base) * scale));
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a.charAt(length) === b.charAt(length)) length++;
  return length;
}
