import { InsertionPoint, type CursorText } from "../structure/insertionPoint.js";
import type { DocumentSession } from "./documentSession.js";

/** A cursor in an open document. Text is normalized. */
export interface Cursor {
  readonly session: DocumentSession;
  readonly line: number;
  /** The last line of the replaced range; `line` if absent. */
  readonly lastLine?: number;
  /** The cursor's line before the cursor, and the text after the cursor or after the replaced range. */
  readonly linePrefix: string;
  readonly afterCursor: string;
  /** One level of indentation in the editor, if it is known. */
  readonly indentUnit?: string;
}

/** Bounds of the text that is examined on each side of the cursor's line. */
const maxLines = 200;
const maxBytes = 20_000;

/** The insertion point of a cursor, for stop rules and filters, from the document as it is now. */
export function pointAt(cursor: Cursor): InsertionPoint {
  return new InsertionPoint(cursorTextAt(cursor));
}

/**
 * Like `pointAt`, for callers that have other work to start first. The text is taken from the document now, but it is
 * examined only on the first call of the returned function.
 */
export function lazyPointAt(cursor: Cursor): () => InsertionPoint {
  const text = cursorTextAt(cursor);
  let point: InsertionPoint | undefined;
  return () => (point ??= new InsertionPoint(text));
}

function cursorTextAt({ session, line, lastLine = line, linePrefix, afterCursor, indentUnit }: Cursor): CursorText {
  const { document } = session;
  const from = firstLine((one) => document.lineStart(line) - document.lineStart(one) <= maxBytes, line);
  let to = Math.min(document.lineCount, lastLine + 1 + maxLines);
  while (document.lineEnd(to - 1) - document.lineEnd(lastLine) > maxBytes) to -= Math.ceil((to - lastLine) / 8);
  return {
    linePrefix,
    afterCursor,
    above: document.lines(from, line),
    below: document.lines(lastLine + 1, to),
    aboveState: document.structureAt(from),
    reachesEnd: to >= document.lineCount,
    ...(indentUnit !== undefined && { indentUnit }),
  };
}

/** The first line to examine: about as far above as the bounds allow. */
function firstLine(isNear: (line: number) => boolean, line: number): number {
  let from = Math.max(0, line - maxLines);
  while (!isNear(from)) from += Math.ceil((line - from) / 8);
  return from;
}
