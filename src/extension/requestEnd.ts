import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageclient/node";

/** True for an error that says no more than that nobody answers: the model was replaced, or the server went. */
export function isRequestEnd(error: unknown): boolean {
  const ends: readonly number[] = [
    LSPErrorCodes.RequestCancelled,
    LSPErrorCodes.ServerCancelled,
    LSPErrorCodes.ContentModified,
    ErrorCodes.PendingResponseRejected,
  ];
  return error instanceof ResponseError && ends.includes(error.code);
}
