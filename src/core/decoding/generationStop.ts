import { isDeclaredTwice, mayBeDeclaredTwice } from "../filters/redeclaration.js";
import { repetitionBelow } from "../filters/repetitionBelow.js";
import { repeatsLineAbove, repeatsLineBelow } from "../filters/repetition.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { framesInside, type Frame } from "../structure/frame.js";
import { opensString } from "../structure/leftOpen.js";
import { beginsMiddle, opensLevel, type CodeLine } from "../structure/lines.js";
import { opensContainer } from "../structure/levels.js";
import { withLinePrefix, reindentedLines, type ReindentedLine } from "../structure/reindent.js";
import { traced } from "../structure/trace.js";
import { headOf } from "./textHead.js";

/** The stop scope of text that a command generates: to the end of the cursor's block, but at most `maxLines` lines. */
export interface GenerationScope {
  readonly kind: "generation";
  readonly point: InsertionPoint;
  readonly maxLines: number;
}

/**
 * The length in UTF-16 code units at which generated text stops. Only complete lines are considered. The text stops at
 * the end of the cursor's block, or after `maxLines` lines. If it begins with a definition, or with any top-level
 * block, it stops at the end of that block. Other top-level text stops at a blank line. The text also stops before a
 * line that is probably wrong, such as a repetition.
 * @returns undefined while the text may continue.
 */
export function generationStop(text: string, { point, maxLines }: GenerationScope): number | undefined {
  const lines = reindentedLines(text, point).slice(0, -1); // the last one is not complete yet
  const firstIndex = point.linePrefix.trim() === "" ? lines.findIndex(({ kind }) => kind !== "blank") : 0;
  const first = lines[firstIndex];
  if (first === undefined) return lines.length < maxLines ? undefined : 0;
  const { index: headIndex, head = first, isBelow } = headOf(lines, firstIndex, point);
  const block = blockOf(head, point, isBelow);
  const progress: Progress = { point, block, isInsideBlock: false, hasText: false };
  const repeated = repetitionBelow(lines.map(inDocument), point.below, "certain");
  let end = -1;
  for (const [i, line] of lines.entries()) {
    if (i === repeated) return Math.max(0, end);
    const start = Math.max(0, end);
    end += line.text.length + 1;
    const isInHead = i > firstIndex && i <= headIndex;
    const stopAtOther = isInHead ? stopInHead : stopAtNext;
    const stop = i === 0 ? stopAtFirst(line, point) : stopAtOther(line, progress, () => lines.slice(0, i));
    if (stop !== undefined) return stop === "before" ? start : end;
    advance(progress, line, i <= headIndex);
    if (i + 1 === maxLines) return end;
  }
  return undefined;
}

/** State that is kept while the lines are examined one after another. */
interface Progress {
  readonly point: InsertionPoint;
  readonly block: TextBlock;
  /** The last line that is not blank. */
  previous?: ReindentedLine;
  isInsideBlock: boolean;
  hasText: boolean;
}

/** Whether the text ends before or after a line; undefined if it continues. */
type Stop = "before" | "after" | undefined;

function stopAtFirst(line: ReindentedLine, point: InsertionPoint): Stop {
  if (point.afterCursor.trim() !== "") return undefined;
  const whole = point.linePrefix + line.text;
  return repeatsLineAbove(whole, point) || repeatsLineBelow(whole, point, true) ? "before" : undefined;
}

function stopInHead(line: ReindentedLine, { previous, point }: Progress): Stop {
  return isRepeated(line, previous, point) ? "before" : undefined;
}

/** @param before returns the lines of the text above `line`. */
function stopAtNext(line: ReindentedLine, progress: Progress, before: () => readonly ReindentedLine[]): Stop {
  const { point } = progress;
  if (leavesString(line, point)) return "before";
  const placed = (one: ReindentedLine): CodeLine => ({ ...one, columns: one.targetColumns });
  const isRedeclaration = mayBeDeclaredTwice(line) && isDeclaredTwice(placed(line), before().map(placed), point);
  return isRedeclaration ? "before" : stopAt(line, progress);
}

function stopAt(line: ReindentedLine, progress: Progress): Stop {
  const { block, isInsideBlock, hasText, previous, point } = progress;
  const isInBlock = isInsideBlock || (previous !== undefined && opensLevel(previous));
  if (line.kind === "blank") return hasText && !isInBlock && block.isOutside ? "before" : undefined;
  if (isRepeated(line, previous, point)) return "before";
  if (isOuter(line, block)) return stopAtOuter(line, progress);
  // In Python, a closer that is indented more than the block ends only a list or a call.
  const isBlockEnd = !line.start.grammar.blocksByIndentation || line.targetColumns <= block.columns;
  return block.isAlone && isBlockEnd && line.end.depth <= block.depth && closesOnly(line) ? "after" : undefined;
}

/** True if a line shows that the text has not closed a string that was opened on the cursor's line. */
function leavesString({ start, text }: ReindentedLine, { lineStart, state }: InsertionPoint): boolean {
  const isOfLine = ({ kind, closer, depth }: Frame): boolean =>
    kind === "string" && closer.length === 1 && depth <= state.frame.depth;
  const string = framesInside(start, lineStart.frame.depth).findLast(isOfLine);
  return string !== undefined && opensString(text, string.closer);
}

/** A line with the indentation that it will have in the document. */
function inDocument({ kind, targetColumns, text }: ReindentedLine): string {
  return kind === "text" ? text : " ".repeat(Math.max(0, targetColumns)) + text.trim();
}

/** True for a line of the string or comment that the cursor is in. */
function isInTextOf({ state }: InsertionPoint, { start }: ReindentedLine): boolean {
  return start === state.frame && (start.kind === "string" || start.kind === "comment");
}

function stopAtOuter(line: ReindentedLine, { block, isInsideBlock }: Progress): Stop {
  if (closesOnly(line)) return "after";
  if (line.targetColumns < block.columns && !line.isCloser && !line.start.grammar.outdented.test(line.text))
    return "before";
  const isNext = block.isAlone && isInsideBlock && line.targetColumns === block.columns && !continuesBlock(line);
  return isNext ? "before" : undefined;
}

function advance(progress: Progress, line: ReindentedLine, isInHead: boolean): void {
  if (line.kind === "blank") return;
  const { block } = progress;
  if (!isInHead && (!isOuter(line, block) || line.targetColumns > block.columns)) progress.isInsideBlock = true;
  if (!isInHead || line.text.trim() !== "") progress.hasText = true;
  progress.previous = line;
}

/** True for a statement outside all frames that the text has opened. */
function isOuter(line: ReindentedLine, block: TextBlock): boolean {
  return line.kind === "statement" && line.start.depth <= block.depth;
}

function closesOnly(line: ReindentedLine): boolean {
  return line.isCloser && !opensLevel(line);
}

interface TextBlock {
  /** Lines indented by fewer columns than this belong to the surrounding block. */
  readonly columns: number;
  /** The number of frames that are open around the text. */
  readonly depth: number;
  /** True if the head opens a block and is a definition or at top level. The text stops at the end of that block. */
  readonly isAlone: boolean;
  /** True if the text is at top level, so that a blank line ends it. */
  readonly isOutside: boolean;
}

/** @param isBelow true if the head begins below the cursor's line. */
function blockOf(head: ReindentedLine, point: InsertionPoint, isBelow: boolean): TextBlock {
  const { linePrefix, state } = point;
  const completeLine = isBelow ? head : withLinePrefix(head, point);
  const startsLine = isBelow || linePrefix.trim() === "";
  const isOpener = head.text.trim() === "" && opensLevel(completeLine);
  const isDeeper = isOpener && !opensContainer(completeLine);
  const columns = startsLine ? head.targetColumns : state.indent + (isDeeper ? 1 : 0);
  const { outerDepth } = traced(head.text, point);
  const isAlone = opensLevel(completeLine) && !isOpener && (columns === 0 || isDefinition(completeLine));
  return { columns, depth: outerDepth, isAlone, isOutside: columns === 0 && outerDepth === 0 };
}

const modifiers =
  "(?:(?:export|default|public|private|protected|internal|static|async|abstract|final|pub(?:\\([^)]*\\))?|unsafe|inline|virtual|override|const|open|data|sealed)\\s+)*";
const definition = new RegExp(
  `^\\s*${modifiers}(?:def|class|function|fn|func|fun|interface|struct|enum|trait|impl|module|namespace|record|object|sub|describe|it|test)\\b`,
);
const method = /^\s*(?:[\w$<>[\],.*&]+\s+)*[\w$~]+\s*\([^;]*\)[^;=]*[{:]\s*$/;

/** Matches a statement with a block that looks like a method without a type: `lock (a) {`. */
const statement =
  /^\s*(?:(?:if|for|while|switch|catch|with|else|elif|try|return|case)\b|(?:synchronized|using|lock|fixed|unless|until|guard|\w*(?:each|EACH)\w*)\s*\()/;

/** Matches annotations before a definition on its line: @A @B("c") */
const annotations = /^\s*(?:@[\w.$:]+(?:\([^()]*\))?\s+)+/;

function isDefinition({ text: line, start: { grammar } }: CodeLine): boolean {
  const hasAnnotations = grammar.decorator.test("@a()"); // in other languages, @ may have other meanings
  const text = hasAnnotations ? line.replace(annotations, "") : line;
  const isCall = grammar.hasTrailingBlocks && /^\s*[A-Z]\w*\s*\(/.test(text);
  return definition.test(text) || (method.test(text) && !statement.test(text) && !isCall);
}

function isRepeated(line: ReindentedLine, previous: ReindentedLine | undefined, point: InsertionPoint): boolean {
  if (line.kind === "text") return isInTextOf(point, line) && repeatsLineBelow(line.text, point, false);
  // Equal closers may follow each other, but a branch such as `else` occurs only once in its statement.
  const { grammar, depth } = line.start;
  const isBranch = beginsMiddle(line.text, grammar) || grammar.branch.test(line.text);
  if (line.isCloser && !(isBranch && depth <= point.state.frame.depth)) return false;
  const isLikePrevious =
    line.kind === "statement" && line.text.trim() === previous?.text.trim() && line.text.trim().length >= 3;
  return isLikePrevious || repeatsLineBelow(inDocument(line), point, false);
}

/** True if a line continues the statement of the block before it, as `else` does. */
function continuesBlock({ text }: ReindentedLine): boolean {
  return /^\s*(else|elif|elsif|except|catch|finally|rescue|ensure|case|default|when)\b/.test(text);
}
