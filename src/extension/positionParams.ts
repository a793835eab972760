import type * as vscode from "vscode";
import type { DocumentPosition } from "../shared/protocol.js";

/** A position in a document, for a request to the server. */
export function positionParams({ uri }: vscode.TextDocument, { line, character }: vscode.Position): DocumentPosition {
  return { textDocument: { uri: uri.toString() }, position: { line, character } };
}
