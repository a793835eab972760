import { columnsOfUnit, indentation, type IndentUnit } from "./indentStyle.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { columnsOf, isComment, opensLevel, type CodeLine } from "./lines.js";

/** One line of a text, and its depth in the document. */
export interface PlacedLine extends CodeLine {
  /** Columns in the document's terms; those of its first line are where the cursor's statement begins. */
  readonly placed: number;
  /** How many of them align the line with one above: blanks in any document. */
  readonly aligned: number;
}

/** How the columns of a text's own style become the document's. */
export type ColumnMapping = (columns: number) => number;

/** Columns of the next statement at a point, going by the lines above it. */
export function statementColumns({ above, lastAbove: last, lineStart, unit }: InsertionPoint): number {
  if (last === undefined) return 0;
  if (opensLevel(last)) return last.indent + columnsOfUnit(unit);
  const comment = above.findLast(({ kind }) => kind !== "blank");
  if (last.start.grammar.blocksByIndentation && comment !== undefined && isComment(comment)) return comment.columns;
  return last.start === lineStart.frame && !last.isCloser ? last.columns : last.indent;
}

/**
 * What an empty line lacks to be as deep as its block. Empty if nothing is missing or the block may have ended; a block
 * by indentation continues only if the lines around it show that.
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

/** A text's lines and their columns, as a whole: the first is where a statement belongs, the others keep their depth. */
export function placedLines(text: string, point: InsertionPoint, known?: ColumnMapping): PlacedLine[] {
  const { linePrefix, state } = point;
  const isWholeLine = linePrefix.trim() === "";
  const lines = point.linesOf(text);
  const [first, ...others] = lines;
  if (first === undefined) return [];
  const start = isWholeLine ? firstColumns(first, point) : state.indent;
  const mapping = known ?? columnMapping(lineAsWhole(first, point), others, start, point);
  let statement = { own: start, placed: start };
  const placed: PlacedLine[] = [{ ...first, placed: start, aligned: 0 }];
  for (const line of others) {
    if (line.kind === "statement") statement = { own: line.columns, placed: mapping(line.columns) };
    const aligned = Math.max(0, line.columns - statement.own);
    placed.push({ ...line, placed: statement.placed + line.columns - statement.own, aligned });
  }
  return placed;
}

/** The mapping that a text's lines are placed by: kept, later lines do not change what earlier ones said. */
export function mappingOf(text: string, point: InsertionPoint): ColumnMapping | undefined {
  const [first, ...others] = point.linesOf(text);
  if (first === undefined || others.every(({ kind }) => kind === "blank")) return undefined;
  const start = point.linePrefix.trim() === "" ? firstColumns(first, point) : point.state.indent;
  return columnMapping(lineAsWhole(first, point), others, start, point);
}

/** A text indented as the document is, without blanks at line ends. */
export function reindented(text: string, point: InsertionPoint, known?: ColumnMapping): string {
  const { linePrefix, unit } = point;
  const lines = placedLines(text, point, known);
  return lines
    .map((line, i) => {
      const isLast = i === lines.length - 1;
      if (i > 0 && line.kind === "text") return line.text;
      const own = isLast || line.end.kind === "string" ? line.text : line.text.trimEnd();
      if (i > 0) return own.trim() === "" ? "" : blanksOf(line, unit) + own.trimStart();
      return linePrefix.trim() === "" && own.trim() !== ""
        ? fill(linePrefix, line.placed, unit) + own.trimStart()
        : own;
    })
    .join("\n");
}

/** A line's indentation: its own if that is the document's, so that alignment with blanks remains. */
function blanksOf({ text, columns, placed, aligned }: PlacedLine, unit: IndentUnit): string {
  const own = /^[ \t]*/.exec(text)?.[0] ?? "";
  if (placed === columns && (unit === "\t" ? /^\t+ *$|^ {0,3}$/ : /^ *$/).test(own)) return own;
  return indentation(placed - aligned, unit) + " ".repeat(aligned);
}

/** A text's first line with what stands before the cursor: together they may open a block. */
export function lineAsWhole<Line extends CodeLine>(first: Line, { linePrefix, lineStart }: InsertionPoint): Line {
  return { ...first, text: linePrefix + first.text, start: lineStart.frame };
}

/** Columns at which a text's first line begins, if nothing but blanks stands before the cursor. */
function firstColumns(first: CodeLine, point: InsertionPoint): number {
  const linePrefixColumns = columnsOf(point.linePrefix);
  if (first.text.trim() === "") return linePrefixColumns;
  const own = linePrefixColumns + columnsOf(first.text);
  const expected = statementColumns(point);
  const { lastAbove } = point;
  if (isFlat(point)) return own;
  if (lastAbove !== undefined && own <= lastAbove.indent && needsLevel(first, lastAbove)) return expected;
  if (own === linePrefixColumns || own === expected) return own;
  if (!point.isUnitKnown && linePrefixColumns === 0 && lastAbove !== undefined) return own;
  if (linePrefixColumns > 0 && linePrefixColumns >= expected) return linePrefixColumns;
  // A line that is not complete may continue at any depth.
  if (own > expected)
    return lastAbove === undefined || /[;{}]\s*$/.test(lastAbove.text) ? Math.max(linePrefixColumns, expected) : own;
  const isFree = point.state.frame.grammar.blocksByIndentation || first.isCloser || lastAbove === undefined;
  return isFree || own % columnsOfUnit(point.unit) === 0 ? own : expected;
}

/** True in markup if what elements hold is more often not indented than it is; scripts and styles begin anywhere. */
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

/** True if a line right below another must be deeper: labels, comments and what namespaces hold may be as deep. */
function needsLevel({ text, isCloser }: CodeLine, above: CodeLine): boolean {
  if (!opensLevel(above) || isCloser || /^\s*(export\s+)?(namespace|extern|module)\b/.test(above.text)) return false;
  return !/^\s*([#@]|\/[/*]|\*|--|<!--|case\b|default\b|namespace\b|extern\b|class\b|(public|private|protected|\w+):)/.test(
    text,
  );
}

/** What is missing of a depth after the blanks that are there. */
function fill(linePrefix: string, columns: number, unit: IndentUnit): string {
  const whole = indentation(columns, unit);
  return whole.startsWith(linePrefix) ? whole.slice(linePrefix.length) : "";
}

/** How columns of a text's other lines become columns of the document. */
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

/** By how many columns lines are deeper than the line above them that opens a level. */
function stepsBelowOpeners(
  first: CodeLine,
  statements: readonly CodeLine[],
  { start, width }: { start: number; width: number },
): number[] {
  const steps = statements.map((line, i) => {
    const opener = i === 0 ? { ...first, columns: start } : statements[i - 1];
    const step = opener !== undefined && isHanging(opener) && !line.isCloser ? line.columns - opener.columns : 0;
    // Arguments on lines of their own are two levels deep in some styles.
    return opener?.end.closer === ")" && step === 2 * width ? 0 : step;
  });
  return steps.filter((step) => step > 1);
}

/** True if a line opens a level that is as deep as a level is: what follows on an opener's own line may be aligned with. */
function isHanging(line: CodeLine): boolean {
  return opensLevel(line) && (line.end.kind !== "bracket" || /[([{:>]\s*(?:\/\/.*|#.*)?$/.test(line.text));
}

/** By how many columns lines are deeper than the line below them that ends their level. */
function stepsAboveClosers(statements: readonly CodeLine[]): number[] {
  const steps = statements.map((line, i) => {
    const before = statements[i - 1];
    return before === undefined || opensLevel(before) ? 0 : before.columns - line.columns;
  });
  return steps.filter((step) => step > 1);
}

/** The columns that a text in another style has its first line at. */
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
