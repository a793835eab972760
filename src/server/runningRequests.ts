import { CancellationTokenSource, type CancellationToken } from "vscode-languageserver";
import { contentModified } from "./contentModified.js";
import { Cancelled } from "../shared/cancellation.js";

/** Requests in progress. Each ends when the client cancels it, and all end when the model is unloaded. */
export class RunningRequests {
  /** Each request and the URI of the document whose changes cancel it; undefined if no change does. */
  readonly #running = new Map<CancellationTokenSource, string | undefined>();
  readonly #outdated = new WeakSet<CancellationTokenSource>();

  /**
   * Runs a task and returns its result. Passes it a token that is also cancelled by `changed` and `cancelAll`.
   * @param uri URI of the document whose change makes the task outdated.
   * @throws ResponseError "content modified" if the task is outdated.
   */
  async run<T>(
    client: CancellationToken,
    work: (cancellation: CancellationToken) => Promise<T>,
    uri?: string,
  ): Promise<T> {
    const source = new CancellationTokenSource();
    const { token } = source; // created now: a source without a token throws if it is cancelled twice
    this.#running.set(source, uri);
    if (client.isCancellationRequested) source.cancel();
    const subscription = client.onCancellationRequested(() => {
      source.cancel();
    });
    try {
      return await work(token);
    } catch (error) {
      throw error instanceof Cancelled && this.#outdated.has(source) ? contentModified() : error;
    } finally {
      subscription.dispose();
      this.#running.delete(source);
      source.dispose();
    }
  }

  /** True while a request is in progress. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Call when a document has changed: cancels the requests that depend on it. */
  changed(uri: string): void {
    for (const [source, one] of this.#running) {
      if (one !== uri) continue;
      this.#outdated.add(source);
      source.cancel();
    }
  }

  cancelAll(): void {
    for (const source of this.#running.keys()) source.cancel();
  }
}
