import type { InsertionPoint } from "../structure/insertionPoint.js";
import { framesInside } from "../structure/frame.js";
import { isComment, opensLevel, type CodeLine } from "../structure/lines.js";
import { withLinePrefix, type ReindentedLine } from "../structure/reindent.js";

/**
 * The head: the line that decides when generated text stops (generationStop.ts), and the index of its last line, which
 * may be a brace below.
 */
export interface Head {
  /** Undefined if the head has not been generated yet. */
  readonly head: ReindentedLine | undefined;
  readonly index: number;
  /** True if the head begins below the cursor's line. */
  readonly isBelow: boolean;
}

/**
 * Finds the head of a text: the first line that is not blank and not part of a decorator or comment at the text's
 * start. A brace alone on a line below is part of the head. If the text begins with such a brace, the head is the line
 * above the text.
 */
export function headOf(lines: readonly ReindentedLine[], firstIndex: number, point: InsertionPoint): Head {
  const index = headIndexOf(lines, firstIndex, point);
  const head = lines[index];
  const isBelow = index > 0;
  if (head === undefined || opensLevel(index === 0 ? withLinePrefix(head, point) : head)) {
    const isBrace = head?.text.trim() === "{" && point.linePrefix.trim() === "" && !isBelow;
    return { head: isBrace ? withBrace(point.lastAbove ?? head, head) : head, index, isBelow };
  }
  let end = index + 1;
  while (end - index < maxHeadLines && /[^\s;{}]\s*$/.test(lines[end]?.text ?? "")) end++;
  const brace = lines[end];
  if (brace?.text.trim() !== "{" || brace.start.depth > head.start.depth) return { head, index, isBelow };
  return { head: withBrace(head, brace), index: end, isBelow };
}

/** The brace of a function is at most this many lines below the start of the function's head. */
const maxHeadLines = 5;

function withBrace({ text }: CodeLine, brace: ReindentedLine): ReindentedLine {
  return { ...brace, text: `${text.trimEnd()} {` };
}

function headIndexOf(lines: readonly ReindentedLine[], firstIndex: number, point: InsertionPoint): number {
  let index = firstIndex;
  for (let line; (line = lines[index]) !== undefined; index++) {
    const whole = index === 0 ? withLinePrefix(line, point) : line;
    const isInComment = whole.start.kind === "comment" || isComment(whole);
    if (isInComment) continue;
    if (line.kind === "blank") return firstIndex; // a comment on its own
    if (!whole.start.grammar.decorator.test(whole.text)) return index;
    const end = lines.findIndex((one, i) => i >= index && depthAfter(one) <= whole.start.depth);
    if (!isDecorator(whole, end === index ? whole : lines[end])) return index;
    index = end === -1 ? lines.length : end;
  }
  return index;
}

/**
 * True if a line is a decorator or an attribute, or the beginning of one. False for `[A] void f() {`.
 * @param last the line that closes what the first line opens; undefined if it has not been generated yet.
 */
function isDecorator({ text, start, end }: CodeLine, last: CodeLine | undefined): boolean {
  const isCall = /^\s*@/.test(text);
  const isEnd = isCall ? /^\s*@[\w.$:]+$|\)$/ : /\]$/;
  if (last !== undefined && !isEnd.test(withoutComment(last.text))) return false;
  const opened = framesInside(end, start.depth).findLast(({ kind }) => kind !== "comment");
  if (opened !== undefined) return opened.closer === (isCall ? ")" : "]") && /[([{,]$/.test(withoutComment(text));
  return !/^\s*@[\w.$:]+\s*\(.*\)\s+[\w<].*\)/.test(withoutComment(text));
}

/** The number of frames that are open after a line. A line comment does not count, because it ends with the line. */
function depthAfter({ end }: CodeLine): number {
  return end.kind === "comment" && end.closer === "\n" ? end.depth - 1 : end.depth;
}

function withoutComment(line: string): string {
  return line.replace(/\s(?:\/\/|\/\*|#(?!\[)).*/, "").trimEnd();
}
