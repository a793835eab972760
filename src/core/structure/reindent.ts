import { columnsOfUnit, indentation, type IndentUnit } from "./indentStyle.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { columnsOf, isComment, opensLevel, type CodeLine } from "./lines.js";

/** A line of a text to insert, with its indentation in the document. */
export interface ReindentedLine extends CodeLine {
  /** Indentation in the document, in columns. For the first line: that of the cursor's statement. */
  readonly targetColumns: number;
  /** How many of these columns align the line with one above. They are spaces even in a document that uses tabs. */
  readonly aligned: number;
}

/** Converts columns of the text's own indentation style to the document's. */
export type ColumnMapping = (columns: number) => number;

/** The indentation that the lines above suggest for a statement at the cursor, in columns. */
export function statementColumns({ above, lastAbove: last, lineStart, unit }: InsertionPoint): number {
  if (last === undefined) return 0;
  if (opensLevel(last)) return last.indent + columnsOfUnit(unit);
  const comment = above.findLast(({ kind }) => kind !== "blank");
  if (last.start.grammar.blocksByIndentation && comment !== undefined && isComment(comment)) return comment.columns;
  return last.start === lineStart.frame && !last.isCloser ? last.columns : last.indent;
}

/**
 * The whitespace that a blank line lacks to be indented like its block. Empty if nothing is missing or the block may
 * have ended. A block delimited by indentation continues only if the lines around the cursor show it.
 */
export function missingIndentation(point: InsertionPoint): string {
  const { linePrefix, lastAbove, lineStart, below, unit } = point;
  if (linePrefix.trim() !== "" || lastAbove === undefined) return "";
  let columns = statementColumns(point);
  const isBracketed = lineStart.frame.depth > 0 && lineStart.frame.grammar === lastAbove.start.grammar;
  if (!isBracketed && !opensLevel(lastAbove) && !followsComment(point)) {
    const next = below.find((line) => line.trim() !== "");
    columns = next === undefined ? 0 : Math.min(columns, columnsOf(next));
  }
  return columnsOf(linePrefix) >= columns ? "" : fill(linePrefix, columns, unit);
}

function followsComment({ above, state }: InsertionPoint): boolean {
  const last = above.at(-1);
  return state.frame.grammar.blocksByIndentation && last !== undefined && isComment(last);
}

/**
 * The lines of a text with their indentation in the document. The first line is indented as a statement at the cursor;
 * the others keep their depth relative to it.
 */
export function reindentedLines(text: string, point: InsertionPoint, known?: ColumnMapping): ReindentedLine[] {
  const { linePrefix, state } = point;
  const [first, ...others] = point.linesOf(text);
  if (first === undefined) return [];
  const start = linePrefix.trim() === "" ? firstColumns(first, point) : state.indent;
  const mapping = known ?? columnMapping(withLinePrefix(first, point), others, start, point);
  let statement = { source: start, target: start };
  const lines: ReindentedLine[] = [{ ...first, targetColumns: start, aligned: 0 }];
  for (const line of others) {
    if (line.kind === "statement") statement = { source: line.columns, target: mapping(line.columns) };
    const aligned = Math.max(0, line.columns - statement.source);
    lines.push({ ...line, targetColumns: statement.target + line.columns - statement.source, aligned });
  }
  return lines;
}

/**
 * The mapping for the lines of a text, or undefined if it has one line so far. A caller that receives the text
 * gradually keeps it, so that later lines do not change the indentation of earlier ones.
 */
export function mappingOf(text: string, point: InsertionPoint): ColumnMapping | undefined {
  const [first, ...others] = point.linesOf(text);
  if (first === undefined || others.every(({ kind }) => kind === "blank")) return undefined;
  const start = point.linePrefix.trim() === "" ? firstColumns(first, point) : point.state.indent;
  return columnMapping(withLinePrefix(first, point), others, start, point);
}

/** The text in the document's indentation, without trailing whitespace on its lines. */
export function reindented(text: string, point: InsertionPoint, known?: ColumnMapping): string {
  const { linePrefix, unit } = point;
  const lines = reindentedLines(text, point, known);
  return lines
    .map((line, i) => {
      const isLast = i === lines.length - 1;
      if (i > 0 && line.kind === "text") return line.text;
      const content = isLast || line.end.kind === "string" ? line.text : line.text.trimEnd();
      if (i > 0) return content.trim() === "" ? "" : indentationOf(line, unit) + content.trimStart();
      return linePrefix.trim() === "" && content.trim() !== ""
        ? fill(linePrefix, line.targetColumns, unit) + content.trimStart()
        : content;
    })
    .join("\n");
}

/** The line's new indentation. If the present one already suits the document, it stays, with its alignment. */
function indentationOf({ text, columns, targetColumns, aligned }: ReindentedLine, unit: IndentUnit): string {
  const present = /^[ \t]*/.exec(text)?.[0] ?? "";
  if (targetColumns === columns && (unit === "\t" ? /^\t+ *$|^ {0,3}$/ : /^ *$/).test(present)) return present;
  return indentation(targetColumns - aligned, unit) + " ".repeat(aligned);
}

/** A text's first line joined with the line prefix: together they may open a block. */
export function withLinePrefix<Line extends CodeLine>(first: Line, { linePrefix, lineStart }: InsertionPoint): Line {
  return { ...first, text: linePrefix + first.text, start: lineStart.frame };
}

/** Indentation of a text's first line if only whitespace is before the cursor, in columns. */
function firstColumns(first: CodeLine, point: InsertionPoint): number {
  const linePrefixColumns = columnsOf(point.linePrefix);
  if (first.text.trim() === "") return linePrefixColumns;
  const present = linePrefixColumns + columnsOf(first.text);
  const expected = statementColumns(point);
  const { lastAbove } = point;
  if (isFlat(point)) return present;
  if (lastAbove !== undefined && present <= lastAbove.indent && needsLevel(first, lastAbove)) return expected;
  if (present === linePrefixColumns || present === expected) return present;
  if (!point.isUnitKnown && linePrefixColumns === 0 && lastAbove !== undefined) return present;
  if (linePrefixColumns > 0 && linePrefixColumns >= expected) return linePrefixColumns;
  // If the line above may be an incomplete statement, its continuation may have any indentation.
  if (present > expected)
    return lastAbove === undefined || /[;{}]\s*$/.test(lastAbove.text)
      ? Math.max(linePrefixColumns, expected)
      : present;
  const isFree = point.state.frame.grammar.blocksByIndentation || first.isCloser || lastAbove === undefined;
  return isFree || present % columnsOfUnit(point.unit) === 0 ? present : expected;
}

/** True in markup whose elements mostly do not indent their content, and right inside a script or a style sheet. */
function isFlat({ lastAbove, above, state }: InsertionPoint): boolean {
  if (lastAbove?.end.kind === "embedded") return true;
  if (state.frame.grammar.markup !== "html") return false;
  let balance = 0;
  for (const [i, line] of above.entries()) {
    const opener = above[i - 1];
    if (opener === undefined || line.kind !== "statement" || line.isCloser || !opensLevel(opener)) continue;
    balance += line.columns > opener.columns ? -1 : 1;
  }
  return balance > 0;
}

/** True if a line must be indented more than the line above it. Labels, comments and namespace members need not be. */
function needsLevel({ text, isCloser }: CodeLine, above: CodeLine): boolean {
  const { containers, labels } = above.end.grammar;
  return opensLevel(above) && !isCloser && !containers.test(above.text) && !labels.test(text);
}

/** The whitespace that `linePrefix` lacks to reach `columns`; empty if it begins with other whitespace. */
function fill(linePrefix: string, columns: number, unit: IndentUnit): string {
  const target = indentation(columns, unit);
  return target.startsWith(linePrefix) ? target.slice(linePrefix.length) : "";
}

/** Infers the text's indentation style from its lines, and maps its columns to the document's. */
function columnMapping(
  first: CodeLine,
  others: readonly CodeLine[],
  start: number,
  { unit, isUnitKnown }: InsertionPoint,
): ColumnMapping {
  const statements = others.filter(({ kind }) => kind === "statement");
  const indented = statements.filter(({ columns }) => columns > 0);
  const hasTabs = indented.some(({ text }) => text.startsWith("\t"));
  const width = columnsOfUnit(unit);
  const openerSteps = stepsBelowOpeners(first, statements, { start, width });
  if (indented.length === 0 || !isUnitKnown || hasTabs === (unit === "\t")) {
    const isOther = isUnitKnown && !hasTabs && openerSteps.length > 0 && !openerSteps.includes(width);
    const step = isOther ? Math.min(...openerSteps) : width;
    if (step === width) return (columns) => Math.max(0, columns);
    return (columns) => Math.max(0, start + Math.round((columns - start) / step) * width);
  }
  const steps = [...openerSteps, ...stepsAboveClosers(statements)];
  const step = hasTabs ? columnsOfUnit("\t") : Math.min(...(steps.length > 0 ? steps : [width]));
  const base = baseOf(first, statements, { start, step });
  return (columns) => Math.max(0, start + Math.round((columns - base) / step) * width);
}

/** Indentation, in columns, of lines relative to an opener on the line above. */
function stepsBelowOpeners(
  first: CodeLine,
  statements: readonly CodeLine[],
  { start, width }: { start: number; width: number },
): number[] {
  const steps = statements.map((line, i) => {
    const opener = i === 0 ? { ...first, columns: start } : statements[i - 1];
    const step = opener !== undefined && isHanging(opener) && !line.isCloser ? line.columns - opener.columns : 0;
    // Some styles indent arguments on their own lines by two levels.
    return opener?.end.closer === ")" && step === 2 * width ? 0 : step;
  });
  return steps.filter((step) => step > 1);
}

/** True if a line opens a level with its last token. After `f(a,` the next line may be aligned with `a` instead. */
function isHanging(line: CodeLine): boolean {
  return opensLevel(line) && (line.end.kind !== "bracket" || /[([{:>]\s*(?:\/\/.*|#.*)?$/.test(line.text));
}

/** Dedentation, in columns, from a line to the next one that ends its level. */
function stepsAboveClosers(statements: readonly CodeLine[]): number[] {
  const steps = statements.map((line, i) => {
    const before = statements[i - 1];
    return before === undefined || opensLevel(before) ? 0 : before.columns - line.columns;
  });
  return steps.filter((step) => step > 1);
}

/** The indentation, in the text's own style, that its first line would have. */
function baseOf(
  first: CodeLine,
  statements: readonly CodeLine[],
  { start, step }: { start: number; step: number },
): number {
  const [next] = statements;
  if (next === undefined) return start;
  if (!opensLevel(first)) return next.isCloser ? next.columns + step : next.columns;
  const closer = statements.find((line) => line.isCloser && line.end.depth <= first.start.depth);
  return closer?.columns ?? (next.isCloser ? next.columns : next.columns - step);
}
