import { framesInside } from "../structure/frame.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { areClosersOnly } from "../structure/trace.js";

/**
 * True if an automatic completion is welcome: after the cursor there are only closers, or text that begins by closing
 * what the line has opened (`{║}, [x])`, `(║) {`, `<li>║</li>`, `/** ║ *\/`). In a string, only the end of the string
 * and of its tag may follow.
 */
export function isWelcome({ afterCursor, lineStart, state, surroundings }: InsertionPoint): boolean {
  if (areClosersOnly(afterCursor)) return true;
  const [innermost] = framesInside(state.frame, 0);
  if (innermost === undefined) return false;
  if (innermost.kind === "string") return endsTag.test(afterCursor) && innermost.parent?.kind === "tag";
  const closed = surroundings.closedAt[innermost.depth];
  if (closed?.kind !== "right" || innermost.depth <= commonDepth(lineStart.frame, state.frame)) return false;
  const isTag = innermost.kind === "tag";
  const tagEnd = afterCursor.trimStart().startsWith("/") ? "/>" : ">";
  const closer = isTag ? tagEnd : innermost.closer;
  return afterCursor.trimStart().startsWith(closer) && closed.end <= afterCursor.indexOf(closer) + closer.length;
}

/** Matches the end of an attribute's value and of its tag, and any end tags that follow. */
const endsTag = /^["']\s*\/?>(<\/[\w.:-]+>\s*)*$/;

/** The number of frames that are open at the line's start and still open at the cursor. */
function commonDepth(lineStart: InsertionPoint["state"]["frame"], cursor: InsertionPoint["state"]["frame"]): number {
  const open = new Set(framesInside(lineStart, 0));
  return framesInside(cursor, 0).find((frame) => open.has(frame))?.depth ?? 0;
}
