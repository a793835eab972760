import { InsertionPoint } from "../structure/insertionPoint.js";
import type { DocumentSession } from "./documentSession.js";

/** A cursor in an open document. Text is normalised. */
export interface Cursor {
  readonly session: DocumentSession;
  readonly line: number;
  /** The last line of what is to be replaced; `line` if absent. */
  readonly lastLine?: number;
  /** The line before the cursor, and what follows it or what is to be replaced. */
  readonly linePrefix: string;
  readonly afterCursor: string;
  /** One level of indentation in the editor, if it is known. */
  readonly indentUnit?: string;
}

/** How many lines around the cursor are looked at, and how many bytes of them. */
const maxLines = 200;
const maxBytes = 20_000;

/** What stop rules and filters know of a cursor's surroundings, as the document is now. */
export function pointAt({
  session,
  line,
  lastLine = line,
  linePrefix,
  afterCursor,
  indentUnit,
}: Cursor): InsertionPoint {
  const { document } = session;
  const from = firstLine((one) => document.lineStart(line) - document.lineStart(one) <= maxBytes, line);
  let to = Math.min(document.lineCount, lastLine + 1 + maxLines);
  while (to > lastLine + 1 && document.lineEnd(to - 1) - document.lineEnd(lastLine) > maxBytes)
    to -= Math.ceil((to - lastLine) / 8);
  return new InsertionPoint({
    linePrefix,
    afterCursor,
    above: document.lines(from, line),
    below: document.lines(lastLine + 1, to),
    aboveState: document.structureAt(from),
    reachesEnd: to >= document.lineCount,
    ...(indentUnit !== undefined && { indentUnit }),
  });
}

/** The first of the lines above from which on few enough bytes are left. */
function firstLine(isNear: (line: number) => boolean, line: number): number {
  let from = Math.max(0, line - maxLines);
  while (from < line && !isNear(from)) from += Math.ceil((line - from) / 8);
  return from;
}
