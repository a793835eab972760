import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageclient/node";

/**
 * True for errors that only mean that no response will come: the request was cancelled, its document has changed, the
 * model was unloaded, or the server is gone.
 */
export function isRequestEnd(error: unknown): boolean {
  const ends: readonly number[] = [
    LSPErrorCodes.RequestCancelled,
    LSPErrorCodes.ServerCancelled,
    LSPErrorCodes.ContentModified,
    ErrorCodes.PendingResponseRejected,
  ];
  return error instanceof ResponseError && ends.includes(error.code);
}
