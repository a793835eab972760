// Completes the end of an inserted text with the closers, separators and newlines that the text after it requires.
import { framesInside, type Frame } from "./frame.js";
import type { Grammar } from "./grammar.js";
import { indentation } from "./indentStyle.js";
import { mayStayWithoutEndTag } from "./omittedEndTags.js";
import type { Insertion, InsertionPoint } from "./insertionPoint.js";
import { columnsOf } from "./lines.js";
import { areClosersOnly, type Trace } from "./trace.js";

/**
 * "open": the user may continue a line that the text leaves open. "closed": the text must be complete, because nobody
 * continues it.
 */
export type Ending = "open" | "closed";

/** Adds the closers and newlines that a text lacks; undefined if the text cannot be completed at its end. */
export function completed(text: string, trace: Trace, point: InsertionPoint, ending: Ending): Insertion | undefined {
  const { surroundings } = point;
  const { site } = surroundings;
  const needsNoEndTag = mayStayWithoutEndTag(text, trace, point);
  const opened = framesInside(trace.frame, trace.outerDepth).filter(
    (frame) => !needsNoEndTag(frame) && !isOpenAfterBranches(frame, point),
  );
  // If the text leaves a block open, its last separator is inside that block, so it is not the one after the cursor.
  const separated =
    opened.length > 0 ? { text, replaced: trace.replaced } : withSingleSeparator(text, trace, site.after);
  const right = site.after.slice(separated.replaced);
  const isOneLine = !text.includes("\n");
  if (opened.length === 0) {
    const endTag = point.state.frame.kind === "tag" ? `</${point.state.frame.closer}>` : "";
    if (separated.replaced > 0 && endTag !== "" && right.startsWith(endTag))
      return { ...separated, replaced: separated.replaced + endTag.length };
    const own = isClosedBelow(separated.text, point) ? withoutLastLine(separated.text) : separated.text;
    return withLineEnd({ ...separated, text: own }, right, point);
  }
  const isOpenEnd = mayStayOpen(right, point.state.frame.grammar);
  // The user may close the frames next, or lines below already close them.
  if (isOpenEnd && ((isOneLine && ending === "open") || areClosedBy(opened, surroundings.unmatched))) return separated;
  // A list or block that the text only begins, as in `return [`, must not be closed while it is empty.
  if (isOneLine && ending === "open" && /(\breturn|[=:?,(])\s*[{[]\s*$/.test(text)) return undefined;
  if (isOneLine && areClosedIn(separated, opened, trace.outerDepth, point)) return separated;
  const closers = closersFor(opened, separated, point, ending);
  if (closers === undefined) return undefined;
  return withLineEnd({ ...separated, text: separated.text + closers }, right, point);
}

/**
 * True if the text after the cursor closes the frames that an inserted text leaves open, and no frame around them needs
 * these closers.
 * @param opened innermost first.
 */
function areClosedIn(
  { replaced }: Insertion,
  opened: readonly Frame[],
  outerDepth: number,
  { surroundings: { site, closedAt } }: InsertionPoint,
): boolean {
  const right = site.after.slice(replaced);
  const closers = opened.map(({ closer }) => closer).join("");
  const outer = closedAt[outerDepth];
  const end = site.after.length - right.trimStart().length + closers.length;
  return right.trimStart().startsWith(closers) && !(outer?.kind === "right" && outer.end <= end);
}

/** True if another branch of the condition around the cursor leaves a frame open, so that lines below close it. */
function isOpenAfterBranches(frame: Frame, { state }: InsertionPoint): boolean {
  const result = state.condition?.result;
  return result !== undefined && framesInside(result, 0).includes(frame);
}

/**
 * True if the unmatched closers after the cursor close the frames that a text leaves open.
 * @param opened innermost first.
 */
function areClosedBy(opened: readonly Frame[], unmatched: readonly string[]): boolean {
  return opened.every(({ closer }, i) => unmatched[i] === closer);
}

/**
 * True if at most separators or a comment follow on the line. Frames that a text opens may then be closed on later
 * lines.
 */
export function mayStayOpen(right: string, { lineComments, blockComments }: Grammar): boolean {
  const trimmed = right.replace(/^[;,\s]+/, "").trimEnd();
  if (trimmed === "" || lineComments.some((opener) => trimmed.startsWith(opener))) return true;
  return blockComments.some(
    ([opener, closer]) =>
      trimmed.startsWith(opener) && trimmed.indexOf(closer, opener.length) === trimmed.length - closer.length,
  );
}

/** Lets a final separator replace an equal one after the cursor, and drops a statement's semicolon before a closer. */
function withSingleSeparator(text: string, { replaced, frame }: Trace, after: string): Insertion {
  const right = after.slice(replaced);
  const blanks = right.length - right.trimStart().length;
  const trimmed = text.trimEnd();
  const last = trimmed.at(-1) ?? "";
  if (/[;,]/.test(last) && right.charAt(blanks) === last) return { text, replaced: replaced + blanks + 1 };
  if (last === ";" && frame.mode !== "string" && /^[)\]"'`]/.test(right.trimStart()))
    return { text: trimmed.slice(0, -1), replaced };
  return { text, replaced };
}

/** True if the text's last line is the same closer as the next line below, and the closer below has no opener. */
function isClosedBelow(text: string, { below, surroundings }: InsertionPoint): boolean {
  if (!text.includes("\n")) return false;
  const last = text.split("\n").at(-1) ?? "";
  const next = below.find((line) => line.trim() !== "") ?? "";
  const isSame = last.trim() === next.trim() && columnsOf(last) === columnsOf(next);
  return isSame && surroundings.unmatched.some((closer) => last.trim().startsWith(closer));
}

function withoutLastLine(text: string): string {
  return text.slice(0, text.lastIndexOf("\n"));
}

/**
 * The closers of the frames that a text leaves open, each right after the text or on a line of its own
 * (`closersOnOwnLine`).
 * @returns undefined if one of the frames cannot be closed here.
 */
function closersFor(
  opened: readonly Frame[],
  { text, replaced }: Insertion,
  point: InsertionPoint,
  ending: Ending,
): string | undefined {
  const right = point.surroundings.site.after.slice(replaced);
  const isOneLine = !text.includes("\n");
  const isOnOwnLine = closersOnOwnLine(text, point);
  const isSentence = ({ closer, grammar }: Frame): boolean => grammar.sentenceClosers.includes(closer);
  let closers = "";
  for (const frame of opened) {
    const { kind, closer, indent, rule } = frame;
    if (rule?.isHeredoc === true && ending === "closed") {
      closers += `\n${closer}\n`; // nothing else may be on its line
      continue;
    }
    if (kind === "tag" || kind === "embedded" || (kind === "string" && rule?.isMultiline === true && !isOneLine))
      return undefined;
    if (kind === "block" && isOneLine && !areClosersOnly(right)) return undefined; // such as `if a` before `; then`
    if (isSentence(frame) && !isOnOwnLine(frame)) continue;
    const isOnLine = closers.endsWith("\n");
    const lineStart = `${isOnLine ? "" : "\n"}${indentation(indent, point.unit)}`;
    closers += isOnOwnLine(frame) ? lineStart + closer : closer;
  }
  return closers.trimEnd();
}

/**
 * Returns a function that tells whether the closer of a frame that a text leaves open belongs on a line of its own. If
 * the text has several lines, the closers of blocks do, and so do the closers of parentheses and brackets that end a
 * line.
 */
export function closersOnOwnLine(text: string, point: InsertionPoint): (frame: Frame) => boolean {
  if (!text.includes("\n")) return () => false;
  const openers = point
    .linesOf(text)
    .slice(0, -1)
    .filter(({ text: line }, i) => /[([]\s*$/.test(i === 0 ? point.linePrefix + line : line))
    .map(({ end }) => end);
  return (frame) =>
    isBlock(frame) || openers.some(({ depth, closer }) => depth === frame.depth && closer === frame.closer);
}

/**
 * True for a frame that contains lines and has its closer on a line of its own. An interpolation is not such a frame,
 * because it ends within its string.
 */
export function isBlock({ kind, closer, rule, parent }: Frame): boolean {
  const isBrace = closer === "}" && rule === undefined && parent?.kind !== "string";
  return isBrace || kind === "block" || kind === "element";
}

/** If the text begins a line, moves closers after the cursor to a line of their own after the text. */
function withLineEnd(insertion: Insertion, right: string, point: InsertionPoint): Insertion {
  const closers = right.trim();
  const startsLine = point.linePrefix.trim() === "" || insertion.text.startsWith("\n");
  const { mode } = point.state.frame;
  if (mode === "string" || mode === "comment") return insertion;
  if (!startsLine || !/^([)\]}]|<\/)/.test(closers) || /\n[^\S\n]*$/.test(insertion.text)) return insertion;
  const block = framesInside(point.state.frame, 0).find(({ closer }) => closers.startsWith(closer));
  if (block === undefined) return insertion;
  const lineEnd = `\n${indentation(block.indent, point.unit)}`;
  if (!areClosersOnly(right)) return { ...insertion, text: insertion.text + lineEnd };
  return { text: insertion.text + lineEnd + closers, replaced: insertion.replaced + right.trimEnd().length };
}
