import { isBlock } from "./completing.js";
import { columnsOfUnit, indentation, missingWhitespace } from "./indentStyle.js";
import { beginsContinued } from "./grammar.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { isArgumentInDocumentStyle, isInMixedStyle } from "./mixedStyle.js";
import { columnsOf, isBraceless, isCase, isComment, opensLevel, type CodeLine } from "./lines.js";
import { mayLeaveBlock, statementColumns } from "./statementColumns.js";

/** One line of a text, and its depth in the document. */
export interface ReindentedLine extends CodeLine {
  /** Indentation in the document's columns; for the first line, that of the cursor's statement. */
  readonly targetColumns: number;
  /** How many of these columns align the line with one above; these are always filled with spaces. */
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
  if (known === undefined && isFlatText(withLinePrefix(first, point), others, point) && !isFlat(point))
    return indentedByDepth(first, others, start, point);
  const mapping = known ?? columnMapping(withLinePrefix(first, point), others, levelOf(first, start, point), point);
  const shift = shiftOf(others, { start, mapping }, point);
  let statement = { source: start, target: start };
  const lines: ReindentedLine[] = [{ ...first, targetColumns: start, aligned: 0 }];
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
 * The columns by which the lines after a text's first one have to be moved into the block that it is in: those that
 * the next statement lacks if it is not deeper than the block's opener. A line that closes the block is not moved.
 */
function shiftOf(
  others: readonly CodeLine[],
  { start, mapping }: { readonly start: number; readonly mapping: ColumnMapping },
  point: InsertionPoint,
): number {
  const { frame } = point.state;
  const next = others.find(({ kind }) => kind !== "blank");
  if (point.linePrefix.trim() !== "" || next?.kind !== "statement" || frame.grammar.blocksByIndentation) return 0;
  if (!isBlock(frame) || next.isCloser || next.start.depth < frame.depth) return 0;
  const columns = mapping(next.columns);
  const isOutside = columns < start && columns <= frame.indent && !frame.grammar.labels.test(next.text);
  return isOutside && !isFlat(point) ? start - columns : 0;
}

/** True if no statement of a text is indented, although the first line opens a level. Pages may be flat. */
function isFlatText(first: CodeLine, others: readonly CodeLine[], { isUnitKnown }: InsertionPoint): boolean {
  const [next, ...later] = others.filter(({ kind }) => kind === "statement");
  if (first.start.mode === "text" && !isUnitKnown) return false;
  if (next === undefined || next.isCloser || first.start.grammar.blocksByIndentation) return false;
  const isKey = /^\s*[\w$"'-]+\s*:\s*\S/.test(next.text);
  if (first.end.depth <= first.start.depth || !isHanging(first) || !(isKey || needsLevel(next, first))) return false;
  return next.columns === 0 && later.every(({ columns }) => columns === 0);
}

/** The lines of a flat text, each one level deeper than the line that opens the frame around it. */
function indentedByDepth(
  first: CodeLine,
  others: readonly CodeLine[],
  start: number,
  point: InsertionPoint,
): ReindentedLine[] {
  const lines: ReindentedLine[] = [{ ...first, targetColumns: start, aligned: 0 }];
  /** The depths within the openers above that are not closed. */
  let inside = [first.end.depth];
  const base = levelOf(first, start, point);
  for (const line of others) {
    const level = inside.filter((depth) => depth <= line.start.depth).length - (line.isCloser ? 1 : 0);
    lines.push({ ...line, targetColumns: base + Math.max(0, level) * columnsOfUnit(point.unit), aligned: 0 });
    inside = inside.filter((depth) => depth <= line.end.depth);
    if (line.end.depth > line.start.depth) inside.push(line.end.depth);
  }
  return lines;
}

/** The columns that the levels of a text count from: those of the statement above if the text continues it. */
export function levelOf(first: CodeLine, start: number, { lastAbove, linePrefix }: InsertionPoint): number {
  const code = (linePrefix + first.text).trimStart();
  const { grammar } = first.start;
  const continues = grammar.continuationWords.has(/^\w+/.exec(code)?.[0] ?? "") || beginsContinued(code, grammar);
  return continues && lastAbove !== undefined ? lastAbove.indent : start;
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
  const isUndecided =
    (isShifted(whole, others, level) || isFlatText(whole, others, point)) &&
    !isFlat(point) &&
    differencesOf(statements).length === 0;
  return isUndecided ? undefined : columnMapping(whole, others, level, point);
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
 * A line's indentation. The line keeps its own if that already fits the document, so that alignment with spaces is
 * preserved.
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

/** Indentation of a text's first line if only whitespace is before the cursor, in columns. */
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
 * Indentation in columns of a text that does not begin within its block: a closer is as deep as the block's opener, and
 * a case as the one above. Undefined for other texts.
 */
export function outerColumns(first: CodeLine, { above, state: { frame } }: InsertionPoint): number | undefined {
  if (first.isCloser && isBlock(frame)) return frame.indent;
  if (!isCase(first.text) || frame.closer !== "}") return undefined;
  return above.findLast(({ text, start }) => start === frame && isCase(text))?.columns;
}

/**
 * True if the content of most blocks and elements near the cursor is not indented, or if the cursor is right inside a
 * script or style element, whose content may begin at any depth. Only the nearest blocks count, because a single style
 * sheet or object in a file may be flat.
 */
export function isFlat({ lastAbove, above, below, state }: InsertionPoint): boolean {
  if (lastAbove?.end.kind === "embedded") return true;
  const { grammar } = state.frame;
  if (grammar.blocksByIndentation) return false;
  let seen = 0;
  let flat = 0;
  for (const [i, opener] of below.entries()) {
    const line = below[i + 1] ?? "";
    if (seen >= maxOpenersBelow) break;
    if (!/[{[]\s*$/.test(opener) || !/^\s*[^\s)\]}#/]/.test(line)) continue;
    seen++;
    if (columnsOf(line) <= columnsOf(opener)) flat++;
  }
  for (let i = above.length - 1; i > 0 && seen < maxOpenersSeen; i--) {
    const [line, opener] = [above[i], above[i - 1]];
    if (line === undefined || opener === undefined || line.kind !== "statement" || line.isCloser) continue;
    if (!opensLevel(opener) || !needsLevel(line, opener)) continue;
    seen++;
    if (line.columns <= opener.columns) flat++;
  }
  return flat * 2 > seen;
}

/** True if the next line below has the same depth and is not a closer, so that it is in the same block. */
function continuesAt(columns: number, { below }: InsertionPoint): boolean {
  const next = below.find((line) => line.trim() !== "");
  return next !== undefined && columnsOf(next) === columns && !/^\s*([)\]}]|<\/|\w+$)/.test(next);
}

/** Maximum numbers of openers that are examined to decide whether a document is flat. */
const [maxOpenersSeen, maxOpenersBelow] = [12, 3];

/**
 * True if a line right below another must be deeper. Labels, comments and the content of containers may be at the same
 * depth.
 */
function needsLevel({ text, isCloser }: CodeLine, above: CodeLine): boolean {
  const { closer, grammar } = above.end;
  if (!isHanging(above) || isComment(above) || isCloser || closer === "esac") return false;
  return !opensContainer(above) && !grammar.labels.test(text);
}

/** True if a line opens a container whose content need not be deeper, such as a namespace or a script. */
export function opensContainer({ text, end }: CodeLine): boolean {
  return end.kind === "embedded" || end.grammar.containers.test(text);
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
 * True if the first line opens a level but the next one is not deeper, or is an `else` or `end` that is less deep, so
 * the text counts its columns from another base.
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

/** Additional columns of lines right below a line that opens a level. */
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
    // A formatter counts from the closer if that is deeper than the line with the opener: below `? f({`.
    const closer = statements.slice(i + 1).find((one) => one.isCloser && one.end === opener.start);
    const step = line.columns - Math.max(opener.columns, closer?.columns ?? opener.columns);
    // Some styles indent arguments on their own lines, and the body below a multi-line condition, by two levels.
    const isContinued = others[others.indexOf(line) - 1]?.kind === "continuation";
    const isDoubled = (isContinued || opener.end.closer === ")") && step === 2 * width;
    return step > 1 && !isDoubled ? [step] : [];
  });
}

/** True if a line opens a level with its last token. After `f(a,` the next line may be aligned with `a` instead. */
function isHanging(line: CodeLine): boolean {
  return opensLevel(line) && (line.end.kind !== "bracket" || /[([{:>]\s*(?:\/\/.*|#.*)?$/.test(line.text));
}

/** Dedentations of more than one column, from a line to the next one that ends its level. */
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
