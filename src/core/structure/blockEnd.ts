import { isBlock } from "./completing.js";
import { framesInside, type Frame } from "./frame.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { columnsOf } from "./lines.js";

/**
 * The missing end of the block or markup element that the cursor's line opens: the closers of its brace and of the
 * brackets around it on the line, or the end tags of the element and of the elements around it on the line.
 * @returns undefined if the line does not end with the cursor after an opening brace or a start tag, if something below
 * ends the block or is its content, if the line is not indented like its statement, or if the language has no blocks.
 */
export function missingBlockEnd(point: InsertionPoint): string | undefined {
  const { linePrefix, afterCursor, state, lineStart, surroundings } = point;
  const opened = state.frame;
  if (afterCursor.trim() !== "" || !(opensBlock(linePrefix, opened) || opensElement(linePrefix, opened)))
    return undefined;
  // A closer below that has no opener may end this block, if the block's content is not indented.
  const isMissing = ({ depth, closer }: Frame): boolean =>
    surroundings.closedAt[depth]?.kind === "nowhere" && !surroundings.unmatched.includes(closer);
  const columns = columnsOf(linePrefix);
  if (!isMissing(opened) || opened.indent !== columns || isContentBelow(point, columns)) return undefined;
  if (isElement(opened) && isEndTagBelow(point, opened)) return undefined;
  const around = opened.parent === undefined ? [] : framesInside(opened.parent, lineStart.frame.depth);
  const kind = isElement(opened) ? "element" : "bracket";
  if (around.some((frame) => frame.kind !== kind)) return undefined; // such as a template around an interpolation
  const closed = around.findIndex((frame) => !isMissing(frame));
  const open = closed === -1 ? around : around.slice(0, closed);
  return [opened, ...open].map(({ closer }) => closer).join("");
}

function opensBlock(linePrefix: string, frame: Frame): boolean {
  const { isProse, sentenceClosers, hasDirectives } = frame.grammar;
  if (hasDirectives && /^\s*#/.test(linePrefix)) return false; // a macro ends with its line
  if (!/(^|[^${#\\])\{\s*$/.test(linePrefix) || frame.closer !== "}" || !isBlock(frame)) return false;
  return !isProse && !sentenceClosers.includes("}");
}

function opensElement(linePrefix: string, frame: Frame): boolean {
  return endsWithStartTag.test(linePrefix) && isElement(frame);
}

/**
 * Matches a start tag at the end of a line. Its attributes may contain strings, `=>` and `->`, but no other angle
 * brackets.
 */
const endsWithStartTag = /<[\w.:-]*(?:\s(?:[^<>"']|"[^"]*"|'[^']*'|[=-]>)*)?(?<!\/)>\s*$/;

/** True for a frame between a start tag and its end tag, including scripts and style sheets. */
function isElement({ closer }: Frame): boolean {
  return closer.startsWith("</");
}

function isContentBelow({ below }: InsertionPoint, columns: number): boolean {
  const next = below.find((line) => line.trim() !== "");
  return next !== undefined && columnsOf(next) > columns;
}

/**
 * True if an end tag below, indented as much as the cursor's line, ends the JSX element that the line opens. The lexer
 * does not recognize that tag if the lines before it are not indented more either, because they have already ended the
 * element.
 */
function isEndTagBelow({ below }: InsertionPoint, { closer, indent, grammar }: Frame): boolean {
  if (grammar.markup !== "jsx") return false;
  const startTag = closer.replace("/", "").slice(0, -1);
  const last = below.find((line) => {
    const [tag = ""] = /^<\/?[\w.:-]*/.exec(line.trim()) ?? [];
    const isOther = columnsOf(line) < indent || (columnsOf(line) === indent && tag === startTag);
    return line.trim() !== "" && (isOther || tag.startsWith("</"));
  });
  return last !== undefined && columnsOf(last) === indent && last.trim().startsWith(closer);
}
