import * as vscode from "vscode";
import { ProgressType, type LanguageClient } from "vscode-languageclient/node";
import { isRequestEnd } from "./requestEnd.js";

export interface LongRequest {
  readonly method: string;
  readonly params: object;
}

export interface StreamListener<Delta> {
  readonly onDelta: (delta: Delta) => void;
  readonly cancellation: vscode.CancellationToken;
}

let streams = 0;

/** Sends a request whose result is streamed. @returns the same as `longRequest`. @throws the same errors. */
export async function streamed<Result, Delta>(
  client: LanguageClient | undefined,
  { method, params }: LongRequest,
  { onDelta, cancellation }: StreamListener<Delta>,
): Promise<Result | undefined> {
  const partialResultToken = `${method}-${++streams}`;
  const subscription = client?.onProgress(new ProgressType<Delta>(), partialResultToken, onDelta);
  try {
    return await longRequest<Result>(client, { method, params: { ...params, partialResultToken } }, cancellation);
  } finally {
    subscription?.dispose();
  }
}

/**
 * Sends a request.
 * @param client the running client. @throws Error if there is none.
 * @returns undefined if the request was cancelled, or if the model or the server is gone; the status then says so.
 */
export async function longRequest<Result>(
  client: LanguageClient | undefined,
  { method, params }: LongRequest,
  cancellation: vscode.CancellationToken,
): Promise<Result | undefined> {
  if (client === undefined) throw new Error(vscode.l10n.t("The server is not running."));
  try {
    return await client.sendRequest<Result>(method, params, cancellation);
  } catch (error) {
    if (!cancellation.isCancellationRequested && !isRequestEnd(error)) throw error;
    return undefined;
  }
}
