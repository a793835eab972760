import { LSPErrorCodes, ResponseError } from "vscode-languageserver";

/** The error for a request whose document has changed in the meantime. */
export function contentModified(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, "the document has changed, or a newer request has come");
}
