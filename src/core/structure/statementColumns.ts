import { mayLackEndTag, nameOf } from "./htmlElements.js";
import { columnsOfUnit, missingWhitespace } from "./indentStyle.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { isFlat, isParagraph } from "./levels.js";
import { columnsOf, isBraceless, isCase, isComment, opensLevel, type CodeLine } from "./lines.js";

/** The indentation that the lines above suggest for a statement at the cursor, in columns. */
export function statementColumns({ above, below, lastAbove: last, linePrefix, unit }: InsertionPoint): number {
  if (last === undefined) return 0;
  if (last.end.kind === "embedded" && opensLevel(last))
    return columnsInEmbedded(last, below, linePrefix === "" ? 0 : columnsOfUnit(unit));
  if (last.end.closer === "esac" && last.text.trim() === ";;") return patternColumns(last, above);
  const { grammar } = last.end;
  // An empty line prefix shows that the editor did not indent the container's content here.
  const isFlatContainer = grammar.hasFlatContainers && grammar.containers.test(last.text) && linePrefix === "";
  const isFlat = isFlatContainer || (isSwitch(last) && areCasesFlat(above));
  const { indent } = last.end.kind === "block" ? last.end : last; // an `else` may be indented more than its `if`
  if (opensLevel(last)) return indent + (isFlat ? 0 : columnsOfUnit(unit));
  const comment = above.findLast(({ kind }) => kind !== "blank");
  if (last.start.grammar.blocksByIndentation && comment !== undefined && isComment(comment)) return comment.columns;
  return startOf(last, above).indent;
}

/**
 * The indentation of the first statement of embedded code: the same as the next statement's, or one level if there is
 * none. PHP code is indented as much as its tag.
 * @param level the columns of a level; 0 if the editor has left the cursor's line unindented.
 */
function columnsInEmbedded({ end, indent }: CodeLine, below: readonly string[], level: number): number {
  const next = below.find((line) => line.trim() !== "") ?? "";
  if (end.closer === "?>") return indent;
  return next === "" || /^\s*<\//.test(next) ? indent + level : columnsOf(next);
}

/** The indentation of the pattern that `;;` ends in a shell's `case`. */
function patternColumns(last: CodeLine, above: readonly CodeLine[]): number {
  const isPattern = ({ text, columns }: CodeLine): boolean =>
    columns <= last.columns && /^\s*[^\s#(][^(]*\)/.test(text);
  return above.findLast(isPattern)?.columns ?? last.indent;
}

/**
 * The first line of the statement that ends with the line `last`, if it is a chain of calls or an `if` without braces.
 */
function startOf(last: CodeLine, above: readonly CodeLine[]): CodeLine {
  let start = last;
  if (last.start.grammar.blocksByIndentation) return last;
  for (let i = above.lastIndexOf(last) - 1; i >= 0; i--) {
    const line = above[i];
    if (line === undefined || line.kind === "blank") continue;
    const continues = continuesLine.test(start.text) || isUnfinished.test(line.text) || isBraceless(line);
    if (!continues || line.columns > start.columns || line.start !== start.start || isComment(line)) break;
    start = line;
  }
  return start;
}

/** Matches a line that continues the one above it. */
const continuesLine = /^\s*(\??\.\w|&&|\|\||\?\?|[?:+] |\?: |\|>)/;

/** Matches a line that the next one continues. */
const isUnfinished = /(&&|\|\||[-+?=|\\]|%>%)\s*$/;

/**
 * The whitespace that a blank line lacks to be indented like its block. Empty if nothing is missing or the block may
 * have ended. A block delimited by indentation continues only if the lines around the cursor show it.
 */
export function missingIndentation(point: InsertionPoint): string {
  const { linePrefix, above, lastAbove, lineStart, state, below, unit } = point;
  if (linePrefix.trim() !== "" || lastAbove === undefined || state.frame.mode === "string") return "";
  // The user, or the editor, has placed the cursor at the level of a line above.
  const isPlaced =
    linePrefix !== "" && above.some(({ kind, columns: of }) => kind === "statement" && of === columnsOf(linePrefix));
  const { hasFlatLists } = state.frame.grammar;
  if (isPlaced && (!opensLevel(lastAbove) || hasFlatLists)) return "";
  if (mayLeaveBlock(point)) return "";
  // The text may be the next item of a list whose items have no end tags.
  const isItem = isParagraph(lastAbove) && mayLackEndTag(nameOf(lastAbove.end.closer));
  if (isItem && columnsOf(linePrefix) === lastAbove.columns) return "";
  if (linePrefix === "" && opensLevel(lastAbove) && lastAbove.end.kind === "element" && isFlat(point)) return "";
  let columns = statementColumns(point);
  const isBracketed = lineStart.frame.depth > 0 && lineStart.frame.grammar === lastAbove.start.grammar;
  if (!isBracketed && !opensLevel(lastAbove) && !followsComment(point)) {
    columns = Math.min(columns, columnsOf(below.find((line) => line.trim() !== "") ?? ""));
  }
  return missingWhitespace(linePrefix, columns, unit);
}

/**
 * True below a blank line in YAML, if the cursor is at the start of its line: the key above may have no value, so a
 * statement may have any depth.
 */
export function mayLeaveBlock({ linePrefix, above, state }: InsertionPoint): boolean {
  return state.frame.grammar.hasFlatLists && linePrefix === "" && above.at(-1)?.kind === "blank";
}

function followsComment({ above, state }: InsertionPoint): boolean {
  const last = above.at(-1);
  return state.frame.grammar.blocksByIndentation && last !== undefined && isComment(last);
}

function isSwitch({ text, end }: CodeLine): boolean {
  return /^\s*(switch|select)\b/.test(text) && end.closer === "}";
}

/**
 * True if cases are not indented more than their switch. In Go they never are; elsewhere, the nearest switch above that
 * has a case on the next line decides.
 */
function areCasesFlat(above: readonly CodeLine[]): boolean {
  if (above.at(-1)?.end.grammar.hasFlatCases === true) return true;
  const last = above.findLastIndex((line, i) => isCase(line.text) && isSwitch(above[i - 1] ?? line));
  return last > 0 && (above[last]?.columns ?? 0) <= (above[last - 1]?.columns ?? 0);
}
