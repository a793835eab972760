import { CancellationTokenSource, type CancellationToken } from "vscode-languageserver";
import { contentModified } from "./contentModified.js";
import { Cancelled } from "../shared/cancellation.js";

/** Requests in progress. Each ends when the client cancels it, and all end when the model is unloaded. */
export class RunningRequests {
  /** Each request, with the document whose changes cancel it. */
  readonly #running = new Map<CancellationTokenSource, string | undefined>();
  readonly #outdated = new WeakSet<CancellationTokenSource>();

  /**
   * Settles as the task does.
   * @param uri of the document whose change makes the task outdated.
   * @throws ResponseError "content modified" if the task is outdated.
   */
  async run<T>(
    client: CancellationToken,
    work: (cancellation: CancellationToken) => Promise<T>,
    uri?: string,
  ): Promise<T> {
    const source = new CancellationTokenSource();
    const { token } = source; // taken at once: a source that is cancelled before cannot be cancelled again
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

  /** A document has changed: cancels the requests that depend on it. */
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
