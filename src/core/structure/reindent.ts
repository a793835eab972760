import { isBlock } from "./completing.js";
import { columnsByDepth, isFlatText, shiftOf } from "./flatText.js";
import { columnsOfUnit, indentation, missingWhitespace } from "./indentStyle.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { isFlat, isHanging, levelOf, needsLevel } from "./levels.js";
import { isArgumentInDocumentStyle, isInMixedStyle } from "./mixedStyle.js";
import { columnsOf, isBraceless, isCase, opensLevel, type CodeLine } from "./lines.js";
import { mayLeaveBlock, statementColumns } from "./statementColumns.js";

/** One line of a text, and its depth in the document. */
export interface ReindentedLine extends CodeLine {
  /** Indentation in the document's columns; for the first line, the indentation of the cursor's statement. */
  readonly targetColumns: number;
  /** How many of `targetColumns` align the line with text above; they are always filled with spaces. */
  readonly aligned: number;
}

/** Converts columns of the text's own indentation style to the document's. */
export type ColumnMapping = (columns: number) => number;

/**
 * A text's lines with their columns in the document: the first is placed like a statement, and the others keep their
 * depth relative to it.
 */
export function reindentedLines(text: string, point: InsertionPoint, known?: ColumnMapping): ReindentedLine[] {
  const { linePrefix, state } = point;
  const [first, ...others] = point.linesOf(text);
  if (first === undefined) return [];
  const start = linePrefix.trim() === "" ? firstColumns(first, point) : state.indent;
  const [whole, level] = [withLinePrefix(first, point), levelOf(first, start, point)];
  const lines: ReindentedLine[] = [{ ...first, targetColumns: start, aligned: 0 }];
  if (known === undefined && isFlatText(whole, others, point) && !isFlat(point)) {
    const columns = columnsByDepth(first, others, level, point);
    return [...lines, ...others.map((line, i) => ({ ...line, targetColumns: columns[i] ?? level, aligned: 0 }))];
  }
  const mapping = known ?? columnMapping(whole, others, level, point);
  const shift = shiftOf(others, { start, mapping }, point);
  let statement = { source: start, target: start };
  for (const line of others) {
    const isOfOuter = line.isCloser && line.end.depth < state.frame.depth;
    const target = mapping(line.columns) + (isOfOuter ? 0 : shift);
    if (line.kind === "statement") statement = { source: line.columns, target };
    const aligned = Math.max(0, line.columns - statement.source);
    lines.push({ ...line, targetColumns: statement.target + line.columns - statement.source, aligned });
  }
  return lines;
}

/**
 * The mapping of columns that the text so far implies. Callers keep it, so that later lines do not change the
 * indentation of earlier ones. Undefined while the text is too short to tell.
 */
export function mappingOf(text: string, point: InsertionPoint): ColumnMapping | undefined {
  const [first, ...others] = point.linesOf(text);
  if (first === undefined || others.every(({ kind }) => kind === "blank")) return undefined;
  const start = point.linePrefix.trim() === "" ? firstColumns(first, point) : point.state.indent;
  const statements = others.filter(({ kind }) => kind === "statement");
  const whole = withLinePrefix(first, point);
  const level = levelOf(first, start, point);
  // Lines that are as deep as the first one show no level, and any mapping keeps them that deep.
  const isEven = !opensLevel(whole) && statements.every(({ columns }) => columns === level);
  const isUndecided =
    (isShifted(whole, others, level) || isFlatText(whole, others, point)) &&
    !isFlat(point) &&
    differencesOf(statements).length === 0;
  return isEven || isUndecided ? undefined : columnMapping(whole, others, level, point);
}

/** The text in the document's indentation, without trailing whitespace on lines of code that other lines follow. */
export function reindented(text: string, point: InsertionPoint, known?: ColumnMapping): string {
  const { linePrefix, unit } = point;
  if (linePrefix.trim() !== "" && !text.includes("\n")) return text; // single lines need no analysis
  if (known === undefined && isInMixedStyle(text, point)) return text.replace(/[^\S\n]+(?=\n)/g, "");
  const lines = reindentedLines(text, point, known);
  return lines
    .map((line, i) => {
      const isLast = i === lines.length - 1;
      if (i > 0 && line.kind === "text") return line.text;
      const content = isLast || line.end.kind === "string" ? line.text : line.text.trimEnd();
      if (i > 0) return content.trim() === "" ? "" : indentationOf(line, point) + content.trimStart();
      return linePrefix.trim() === "" && content.trim() !== ""
        ? missingWhitespace(linePrefix, line.targetColumns, unit) + content.trimStart()
        : content;
    })
    .join("\n");
}

/**
 * A line's indentation. The line keeps its own indentation if that already fits the document, so that alignment with
 * spaces is preserved.
 */
function indentationOf(line: ReindentedLine, point: InsertionPoint): string {
  const { text, columns, targetColumns, aligned } = line;
  const { unit, isUnitKnown } = point;
  const present = /^[ \t]*/.exec(text)?.[0] ?? "";
  if (isArgumentInDocumentStyle(line, point)) return present;
  if (targetColumns === columns && !isUnitKnown) return present;
  if (targetColumns === columns && (unit === "\t" ? /^\t+ *$|^ {0,3}$/ : /^ *$/).test(present)) return present;
  return indentation(targetColumns - aligned, unit) + " ".repeat(aligned);
}

/** A text's first line joined with the line prefix, because together they may open a block. */
export function withLinePrefix<Line extends CodeLine>(first: Line, { linePrefix, lineStart }: InsertionPoint): Line {
  const kind = first.kind === "blank" && linePrefix.trim() !== "" ? "statement" : first.kind;
  return { ...first, kind, text: linePrefix + first.text, start: lineStart.frame };
}

/** Indentation in columns of a text's first line if only whitespace is before the cursor. */
function firstColumns(first: CodeLine, point: InsertionPoint): number {
  const linePrefixColumns = columnsOf(point.linePrefix);
  if (first.text.trim() === "") return linePrefixColumns;
  const present = linePrefixColumns + columnsOf(first.text);
  const expected = statementColumns(point);
  const { lastAbove } = point;
  const outer = outerColumns(first, point);
  if (outer !== undefined && outer < linePrefixColumns) return outer;
  if (isFlat(point) || mayLeaveBlock(point) || point.state.frame.mode !== "code") return present;
  if (lastAbove !== undefined && present <= lastAbove.indent && needsLevel(first, lastAbove))
    return continuesAt(present, point) ? present : expected;
  if (present === linePrefixColumns || present === expected) return present;
  if (!point.isUnitKnown && linePrefixColumns === 0 && lastAbove !== undefined) return present;
  if (linePrefixColumns > 0 && linePrefixColumns >= expected) return linePrefixColumns;
  // A continuation of an incomplete line may have any depth.
  if (present > expected)
    return lastAbove === undefined || /[;{}]\s*$/.test(lastAbove.text)
      ? Math.max(linePrefixColumns, expected)
      : present;
  const isFree = point.state.frame.grammar.blocksByIndentation || first.isCloser || lastAbove === undefined;
  return isFree || present % columnsOfUnit(point.unit) === 0 ? present : expected;
}

/**
 * Indentation in columns of a text that does not begin within its block: a closer is indented as much as the block's
 * opener, a case as much as the case above, and a line with a leading comma as much as the line above. Undefined for
 * other texts.
 */
export function outerColumns(
  first: CodeLine,
  { above, lastAbove, state: { frame } }: InsertionPoint,
): number | undefined {
  if (first.isCloser && isBlock(frame)) return frame.indent;
  if (/^\s*,/.test(first.text) && /^\s*[,([{] ?\S/.test(lastAbove?.text ?? "")) return lastAbove?.columns;
  if (!isCase(first.text) || frame.closer !== "}") return undefined;
  return above.findLast(({ text, start }) => start === frame && isCase(text))?.columns;
}

/** True if the next line below is indented by `columns` and is not a closer, so that it is in the same block. */
function continuesAt(columns: number, { below }: InsertionPoint): boolean {
  const next = below.find((line) => line.trim() !== "");
  return next !== undefined && columnsOf(next) === columns && !/^\s*([)\]}]|<\/|\w+$)/.test(next);
}

/** Infers the text's indentation style from its lines, and maps its columns to the document's. */
function columnMapping(
  first: CodeLine,
  others: readonly CodeLine[],
  start: number,
  point: InsertionPoint,
): ColumnMapping {
  const { unit, isUnitKnown, widths } = point;
  const statements = others.filter(({ kind }) => kind === "statement");
  const indented = statements.filter(({ columns }) => columns > 0);
  const hasTabs = indented.some(({ text }) => text.startsWith("\t"));
  const width = columnsOfUnit(unit);
  const openerSteps = stepsBelowOpeners(first, others, { start, width });
  const isAtOtherBase = isShifted(first, others, start) && !isFlat(point);
  if (indented.length === 0 || !isUnitKnown || hasTabs === (unit === "\t")) {
    const isOther =
      isUnitKnown &&
      !hasTabs &&
      openerSteps.length > 0 &&
      !openerSteps.some((one) => one === width || widths.includes(one));
    // The smallest step is one level, because a dedentation may end several levels at once.
    const ownSteps = isOther || isAtOtherBase ? [...differencesOf(statements), ...openerSteps] : [];
    const step = ownSteps.length > 0 ? Math.min(...ownSteps) : width;
    if (!isOther && !isAtOtherBase) return (columns) => Math.max(0, columns);
    const base = baseOf(first, statements, { start, step });
    return (columns) => Math.max(0, start + Math.round((columns - base) / step) * width);
  }
  const steps = [...openerSteps, ...stepsAboveClosers(statements)];
  const step = hasTabs ? columnsOfUnit("\t") : Math.min(...(steps.length > 0 ? steps : [width]));
  const base = baseOf(first, statements, { start, step });
  return (columns) => Math.max(0, start + Math.round((columns - base) / step) * width);
}

/**
 * True if the first line opens a level but the next one is not indented more, or is an `else` or `end` that is indented
 * less. Then the text counts its columns from another base.
 */
function isShifted(first: CodeLine, others: readonly CodeLine[], start: number): boolean {
  const next = others.find(({ kind }) => kind !== "blank");
  if (next?.kind !== "statement" || !isHanging(first)) return false;
  if (next.isCloser) return first.end.kind === "block" && next.columns < start;
  return needsLevel(next, first) && next.columns <= start;
}

/** Differences of more than one column between each line and the one above it. */
function differencesOf(statements: readonly CodeLine[]): number[] {
  return statements
    .map(({ columns }, i) => Math.abs(columns - (statements[i - 1]?.columns ?? columns)))
    .filter((difference) => difference > 1);
}

/** By how many columns the lines right below openers are indented more than their openers. */
function stepsBelowOpeners(
  first: CodeLine,
  others: readonly CodeLine[],
  { start, width }: { start: number; width: number },
): number[] {
  const statements = others.filter(({ kind }) => kind === "statement");
  const openers = [{ ...first, columns: start }, ...statements];
  return statements.flatMap((line, i) => {
    const opener = openers[i];
    if (opener === undefined || !isHanging(opener) || line.isCloser) return [];
    // If the closer is indented more than the line with the opener, as after `? f({`, the formatter has counted from
    // the closer.
    const closer = statements.slice(i + 1).find((one) => one.isCloser && one.end === opener.start);
    const step = line.columns - Math.max(opener.columns, closer?.columns ?? opener.columns);
    // Some styles indent arguments on their own lines, and the body below a multi-line condition, by two levels.
    const isContinued = others[others.indexOf(line) - 1]?.kind === "continuation";
    const isDoubled = (isContinued || opener.end.closer === ")") && step === 2 * width;
    return step > 1 && !isDoubled ? [step] : [];
  });
}

/** By how many columns each line that ends a level is indented less than the line above, if by more than one. */
function stepsAboveClosers(statements: readonly CodeLine[]): number[] {
  return statements.flatMap((line, i) => {
    const before = statements[i - 1];
    const step = before === undefined || opensLevel(before) ? 0 : before.columns - line.columns;
    return step > 1 ? [step] : [];
  });
}

/** The indentation, in the text's own style, that its first line would have. */
function baseOf(
  first: CodeLine,
  statements: readonly CodeLine[],
  { start, step }: { start: number; step: number },
): number {
  const [next] = statements;
  if (next === undefined) return start;
  if (/^\s*(then|do)\b/.test(next.text)) return next.columns;
  if (!opensLevel(first) && !isBraceless(first)) return next.isCloser ? next.columns + step : next.columns;
  // A colon opens a level without a frame, so no closer ends it.
  const opensFrame = first.end.depth > first.start.depth;
  const closer = statements.find((line) => opensFrame && line.isCloser && line.end.depth <= first.start.depth);
  if (closer === undefined) return next.isCloser ? next.columns : next.columns - step;
  // The closer may be aligned with a word of the first line: `a = if b`.
  const later = statements.filter((line) => line.start.depth <= first.start.depth && !line.isCloser);
  return Math.min(closer.columns, ...later.map(({ columns }) => columns));
}
