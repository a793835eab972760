import { isBlock } from "./completing.js";
import { framesInside, type Frame } from "./frame.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { columnsOf } from "./lines.js";

/**
 * The closers that end a block which the cursor's line opens: those of its brace, and of the brackets around it on the
 * line.
 * @returns undefined if the line does not end with the cursor after an opening brace, something below closes the block
 *   or is its content, the line is not indented like its statement, or the language is unknown.
 */
export function missingBlockEnd(point: InsertionPoint): string | undefined {
  const { linePrefix, afterCursor, state, lineStart, surroundings } = point;
  const block = state.frame;
  const { name, sentenceClosers } = block.grammar;
  const isOpener = /(^|[^${#\\])\{\s*$/.test(linePrefix) && afterCursor.trim() === "";
  if (!isOpener || block.closer !== "}" || !isBlock(block) || name === "unknown" || sentenceClosers.includes("}"))
    return undefined;
  const isMissing = ({ depth }: Frame): boolean => surroundings.closedAt[depth]?.kind === "nowhere";
  const columns = columnsOf(linePrefix);
  if (!isMissing(block) || block.indent !== columns || isContentBelow(point, columns)) return undefined;
  const around = block.parent === undefined ? [] : framesInside(block.parent, lineStart.frame.depth);
  if (around.some(({ kind }) => kind !== "bracket")) return undefined; // such as a template around an interpolation
  const closed = around.findIndex((frame) => !isMissing(frame));
  const open = closed === -1 ? around : around.slice(0, closed);
  return [block, ...open].map(({ closer }) => closer).join("");
}

function isContentBelow({ below }: InsertionPoint, columns: number): boolean {
  const next = below.find((line) => line.trim() !== "");
  return next !== undefined && columnsOf(next) > columns;
}
