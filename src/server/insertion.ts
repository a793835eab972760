import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import type { InsertionParams, InsertionResult } from "../shared/structureRequests.js";
import { rawLine } from "./documents.js";

/** Answers `rwkv/insertion`; null if the document is not open in the engine. */
export function insertion(
  engine: CompletionEngine,
  document: TextDocument,
  { range: { start, end }, text, indentUnit }: InsertionParams,
): InsertionResult | null {
  const lastOfDocument = document.lineCount - 1;
  const line = Math.min(start.line, lastOfDocument);
  const lastLine = Math.max(line, Math.min(end.line, lastOfDocument));
  const inserted = engine.insertion(document.uri, {
    line,
    lastLine,
    before: rawLine(document, line).slice(0, start.character),
    after: rawLine(document, lastLine).slice(end.character),
    isEmpty: line === lastLine && start.character === end.character,
    code: text,
    indentUnit,
  });
  return inserted ?? null;
}
