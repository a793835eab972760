import { CancellationTokenSource, type CancellationToken, type Disposable } from "vscode-languageserver";
import type { NothingReason } from "../shared/nothingShown.js";

/**
 * The ghost text requests in progress, at most one for each document. A newer request for the same document, or a
 * change of its text, cancels the request.
 */
export class LatestRequests {
  readonly #latest = new Map<string, LatestRequest>();

  /** Begins a request for a document. Call `end` on the result when the request has ended. */
  begin(uri: string, client: CancellationToken): LatestRequest {
    this.#latest.get(uri)?.outdate("superseded");
    const request: LatestRequest = new LatestRequest(client, () => {
      if (this.#latest.get(uri) === request) this.#latest.delete(uri);
    });
    this.#latest.set(uri, request);
    return request;
  }

  /** True while a request is in progress. */
  get isBusy(): boolean {
    return this.#latest.size > 0;
  }

  /** Call when a document has changed: cancels the request for it. */
  changed(uri: string): void {
    this.#latest.get(uri)?.outdate("textChanged");
  }

  /** Call before the model is unloaded: cancels all requests. */
  cancelAll(): void {
    for (const request of this.#latest.values()) request.cancel();
  }
}

export class LatestRequest {
  readonly #client: CancellationToken;
  readonly #onEnd: () => void;
  readonly #subscription: Disposable;
  readonly #source = new CancellationTokenSource();
  /** Cancelled when the client cancels the request, a newer one arrives, the text changes, or the model is unloaded. */
  readonly token = this.#source.token; // created now: a source without a token throws if it is cancelled twice
  #outdated: NothingReason | undefined;

  constructor(client: CancellationToken, onEnd: () => void) {
    this.#client = client;
    this.#onEnd = onEnd;
    if (client.isCancellationRequested) this.cancel();
    this.#subscription = client.onCancellationRequested(() => {
      this.cancel();
    });
  }

  /**
   * Why the request is outdated: a newer request has arrived, or the text has changed. Undefined if it is not outdated,
   * or if the client has cancelled it.
   */
  get outdated(): NothingReason | undefined {
    return this.#client.isCancellationRequested ? undefined : this.#outdated;
  }

  outdate(reason: NothingReason): void {
    if (!this.token.isCancellationRequested) this.#outdated = reason;
    this.cancel();
  }

  cancel(): void {
    this.#source.cancel();
  }

  end(): void {
    this.#onEnd();
    this.#subscription.dispose();
    this.#source.dispose();
  }
}
