import type { Position, SelectedCompletionInfo } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { EngineRequest } from "../core/engine/engineOptions.js";
import { rawLine } from "./documents.js";

/** Converts a position for the engine. A position past the last line is moved to the last line. */
export function engineRequest(
  document: TextDocument,
  position: Position,
  selected?: SelectedCompletionInfo,
): EngineRequest {
  const line = Math.min(position.line, document.lineCount - 1);
  return {
    uri: document.uri,
    line,
    rawLine: rawLine(document, line),
    character: position.character,
    selected: selected && {
      start: selected.range.start.character,
      end: selected.range.end.character,
      text: selected.text,
    },
  };
}
