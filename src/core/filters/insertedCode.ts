import { columnsOfUnit, indentUnitOf } from "../structure/indentStyle.js";
import { fitted } from "../structure/insertion.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { reindentedLines, reindented, type ColumnMapping } from "../structure/reindent.js";
import { closersOnly } from "./repetition.js";

/**
 * Adapts code from another source to an insertion point: it gets the document's indentation, and nothing is closed
 * twice. The user chose this code, so if a rule would drop more than closers, the rule is not applied.
 * @param lineEnd appended to the code: empty, or a newline and the indentation of the text that follows.
 */
export function insertedCode(code: string, point: InsertionPoint, lineEnd: string): Insertion {
  const text = reindented(code.replace(/^[^\S\n]+/, ""), point, mappingOf(code, point)) + lineEnd;
  const fit = fitted(text, point);
  if (fit === undefined || !closersOnly.test(text.slice(sharedLength(text, fit.text)))) return { text, replaced: 0 };
  // Whitespace before dropped closers is dropped too.
  const isShortened = fit.text.length < text.length && text.startsWith(fit.text);
  const kept = isShortened ? fit.text.trimEnd() : fit.text;
  return kept.endsWith(lineEnd) ? { ...fit, text: kept } : { ...fit, text: kept.trimEnd() + lineEnd };
}

/** Maps the code's columns to the document's, whatever margin the code was copied with. */
function mappingOf(code: string, point: InsertionPoint): ColumnMapping {
  const start = reindentedLines(code.trimStart(), point)[0]?.targetColumns ?? 0;
  const lines = point.linesOf(code).filter(({ kind }) => kind === "statement");
  const [first, last] = [lines[0], lines.at(-1)];
  // If the selection began at the first word of a line, only the later lines show the margin.
  const endsOpenedBlock = last?.isCloser === true && last.end.depth >= point.state.frame.depth;
  const base = (endsOpenedBlock ? last : first)?.columns ?? 0;
  const unit = indentUnitOf(lines.map((line) => (line === first ? { ...line, columns: base, indent: base } : line)));
  const scale = unit === undefined || !point.isUnitKnown ? 1 : columnsOfUnit(point.unit) / columnsOfUnit(unit);
  return (columns) => Math.max(0, start + Math.round((columns - base) * scale));
}

/** The length of the longest common prefix, in UTF-16 code units. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a.charAt(length) === b.charAt(length)) length++;
  return length;
}
