import { insertedCode } from "../filters/insertedCode.js";
import { missingIndentation } from "../structure/statementColumns.js";
import { areClosersOnly } from "../structure/trace.js";
import { normalize, rawUnits } from "../tokens/normalize.js";
import type { DocumentSession } from "./documentSession.js";
import { pointAt } from "./pointAt.js";

/** Code from elsewhere, and the range of a document that it replaces. All text is as in the editor, not normalized. */
export interface CodeInsertion {
  readonly line: number;
  /** The last line of the range. */
  readonly lastLine: number;
  /** The text before the range on its first line, and after the range on its last line. */
  readonly before: string;
  readonly after: string;
  /** True if the range is empty. */
  readonly isEmpty: boolean;
  readonly code: string;
  /** One level of indentation, for a document that has none yet. */
  readonly indentUnit: string;
}

/** The inserted `text`, which replaces the range and `replaced` UTF-16 code units after it. */
export interface InsertedText {
  readonly text: string;
  readonly replaced: number;
}

/** Adapts code to the place where it is inserted (filters/insertedCode.ts). */
export function codeInsertion(
  session: DocumentSession,
  { line, lastLine, before, after, isEmpty, code, indentUnit }: CodeInsertion,
  sentinelBytes: ReadonlySet<number>,
): InsertedText {
  const linePrefix = normalize(before, sentinelBytes);
  const afterCursor = normalize(after, sentinelBytes);
  const cursor = { session, line, lastLine, linePrefix, afterCursor, indentUnit };

  // Code at the start of a line, before text other than closers, gets that text's indentation. If it replaces nothing,
  // it also gets a line of its own.
  const isBefore = linePrefix.trim() === "" && !areClosersOnly(afterCursor);
  const missing = isBefore ? (/^\s*/.exec(afterCursor)?.[0] ?? "") : missingIndentation(pointAt(cursor));
  const point = pointAt({ ...cursor, linePrefix: linePrefix + missing });
  const text = code.replace(/\r\n?/g, "\n");
  const lineEnd = isBefore && isEmpty && !text.endsWith("\n") ? `\n${linePrefix}` : "";
  const shown = insertedCode(text, point, lineEnd);
  return { text: missing + shown.text, replaced: rawUnits(after, shown.replaced, sentinelBytes) };
}
