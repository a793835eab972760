import { isBlock } from "./completing.js";
import { framesInside, type Frame } from "./frame.js";
import type { InsertionPoint } from "./insertionPoint.js";

/**
 * The closers that end a block which the cursor's line opens: those of its brace, and of the brackets around it on the
 * line.
 * @returns undefined if the line does not end with the cursor after an opening brace, or something below closes the
 *   block.
 */
export function missingBlockEnd({
  linePrefix,
  afterCursor,
  state,
  lineStart,
  surroundings,
}: InsertionPoint): string | undefined {
  const block = state.frame;
  if (!/\{\s*$/.test(linePrefix) || afterCursor.trim() !== "" || block.closer !== "}" || !isBlock(block))
    return undefined;
  const isMissing = ({ depth }: Frame): boolean => surroundings.closedAt[depth]?.kind === "nowhere";
  if (!isMissing(block)) return undefined;
  const around = block.parent === undefined ? [] : framesInside(block.parent, lineStart.frame.depth);
  const closed = around.findIndex((frame) => frame.kind !== "bracket" || !isMissing(frame));
  const open = closed === -1 ? around : around.slice(0, closed);
  return [block, ...open].map(({ closer }) => closer).join("");
}
