import type { TextDocument } from "vscode-languageserver-textdocument";
import { pointAt } from "../core/completion/pointAt.js";
import { insertedCode } from "../core/filters/insertedCode.js";
import { missingIndentation } from "../core/structure/reindent.js";
import { areClosersOnly } from "../core/structure/trace.js";
import { normalize, rawUnits } from "../core/tokens/normalize.js";
import type { InsertionParams, InsertionResult } from "../shared/protocol.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

/** Answers `rwkv/insertion`; null if the model does not have the document open. */
export function insertion(
  loaded: LoadedModel,
  document: TextDocument,
  { range, text, indentUnit }: InsertionParams,
): InsertionResult | null {
  const session = loaded.session(document.uri);
  if (session === undefined) return null;
  const { sentinelBytes } = loaded.model.tokenizer;
  const lastOfDocument = document.lineCount - 1;
  const line = Math.min(range.start.line, lastOfDocument);
  const lastLine = Math.max(line, Math.min(range.end.line, lastOfDocument));
  const linePrefix = normalize(rawLine(document, line).slice(0, range.start.character), sentinelBytes);
  const right = rawLine(document, lastLine).slice(range.end.character);
  const afterCursor = normalize(right, sentinelBytes);
  const cursor = { session, line, lastLine, linePrefix, afterCursor, indentUnit };

  const isLineStart = linePrefix.trim() === "";
  const isAlone = afterCursor.trim() === "";
  const isEmpty = line === lastLine && range.start.character === range.end.character;
  // Code inserted before other text at the start of a line gets that text's indentation and a line of its own.
  const isBefore = isLineStart && !isAlone;
  const missing =
    isBefore && !areClosersOnly(afterCursor)
      ? (/^\s*/.exec(afterCursor)?.[0] ?? "")
      : missingIndentation(pointAt(cursor));
  const point = pointAt({ ...cursor, linePrefix: linePrefix + missing });
  const code = text.replace(/\r\n?/g, "\n");
  const lineEnd = isBefore && isEmpty && !code.endsWith("\n") ? `\n${linePrefix}` : "";
  const shown = insertedCode(code, point, lineEnd);
  return { text: missing + shown.text, replaced: rawUnits(right, shown.replaced, sentinelBytes) };
}
