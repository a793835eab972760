import { LSPErrorCodes, ResponseError } from "vscode-languageserver";

/** What a request is answered with whose place is in a text that is no longer there. */
export function contentModified(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, "the document has changed, or a newer request has come");
}
