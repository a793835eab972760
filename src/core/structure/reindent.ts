import type { Frame } from "./frame.js";
import { columnsOfUnit, indentation, type IndentUnit } from "./indentStyle.js";
import { codeLines, columnsOf, opensLevel, type CodeLine } from "./lines.js";
import type { LexerState } from "./lexerCursor.js";

/** Where a text is put in. */
export interface IndentSite {
  /** The cursor's line before the cursor. */
  readonly linePrefix: string;
  /** What is open at the line's start and at the cursor. */
  readonly lineStart: Frame;
  readonly state: LexerState;
  /** Lines above, the nearest last. */
  readonly above: readonly CodeLine[];
  readonly unit: IndentUnit;
}

/** Columns of the next statement at a place, going by the lines above it. */
export function statementColumns({ above, lineStart, unit }: IndentSite): number {
  const last = above.findLast(({ kind }) => kind !== "blank" && kind !== "text");
  if (last === undefined) return 0;
  if (opensLevel(last)) return last.indent + columnsOfUnit(unit);
  return last.start === lineStart && !last.isCloser ? last.columns : last.indent;
}

/**
 * A text indented as the document is, as a whole: its first line stands where a statement belongs, and the others keep
 * their depth relative to it, in the document's units. Blanks at line ends go.
 */
export function reindented(text: string, site: IndentSite): string {
  const { linePrefix, unit, state } = site;
  const lines = codeLines(encoder.encode(text), 0, { ...state, isFirst: linePrefix.trim() === "" });
  const [first, ...others] = lines;
  if (first === undefined) return text;
  const start = linePrefix.trim() === "" ? firstColumns(first, site) : state.indent;
  const head = linePrefix.trim() === "" ? fill(linePrefix, start, unit) + first.text.trimStart() : first.text;
  const columns = columnMapping(first, others, start, unit);
  let statement = { old: start, now: start };
  const tail = others.map((line) => {
    if (line.kind === "text") return line.text;
    if (line.kind === "blank") return "";
    const now = line.kind === "statement" ? columns(line.columns) : statement.now + line.columns - statement.old;
    if (line.kind === "statement") statement = { old: line.columns, now };
    return indentation(now, unit) + line.text.trim();
  });
  return [lines.length > 1 && first.end.kind !== "string" ? head.trimEnd() : head, ...tail].join("\n");
}

const encoder = new TextEncoder();

/** Columns at which a text's first line begins, if nothing but blanks stands before the cursor. */
function firstColumns(first: CodeLine, site: IndentSite): number {
  const typed = columnsOf(site.linePrefix);
  const expected = statementColumns(site);
  if (typed >= expected || first.text.trim() === "") return typed;
  const wanted = typed + columnsOf(first.text);
  const isFree = site.state.frame.grammar.blocksByIndentation || first.isCloser;
  return isFree || wanted === typed ? Math.min(wanted, expected) : expected;
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
  unit: IndentUnit,
): (columns: number) => number {
  const statements = others.filter(({ kind }) => kind === "statement");
  const width = columnsOfUnit(unit);
  const hasTabs = statements.some(({ text }) => text.startsWith("\t"));
  const isAlike = hasTabs === (unit === "\t") || statements.every(({ columns }) => columns === 0);
  const step = stepOf(first, statements, { start, width, hasTabs });
  const base = isAlike ? start : baseOf(first, statements, { start, step });
  if (step === width) return (columns) => Math.max(0, columns - base + start);
  return (columns) => Math.max(0, start + Math.round((columns - base) / step) * width);
}

/** By how many columns a text's blocks are deeper than what opens them. */
function stepOf(
  first: CodeLine,
  statements: readonly CodeLine[],
  { start, width, hasTabs }: { start: number; width: number; hasTabs: boolean },
): number {
  if (hasTabs) return columnsOfUnit("\t");
  const steps: number[] = [];
  statements.forEach((line, i) => {
    const before = i === 0 ? undefined : statements[i - 1];
    if (before === undefined) return;
    if (opensLevel(before) && !line.isCloser) steps.push(line.columns - before.columns);
    else if (!opensLevel(before)) steps.push(before.columns - line.columns);
  });
  const [inner] = statements;
  if (inner !== undefined && opensLevel(first) && !inner.isCloser) steps.push(inner.columns - start);
  return steps.filter((step) => step > 1).sort((a, b) => a - b)[0] ?? width;
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
