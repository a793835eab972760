import { LSPErrorCodes, ResponseError } from "vscode-languageserver";

/** The error for a request that is outdated: its document has changed, or a newer request has arrived. */
export function contentModified(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, "the document has changed, or a newer request has come");
}
