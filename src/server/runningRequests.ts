import { CancellationTokenSource, type CancellationToken } from "vscode-languageserver";
import { contentModified } from "./contentModified.js";
import { Cancelled } from "../shared/cancellation.js";

/** Requests under way that end when the client cancels them, or all at once when the model goes. */
export class RunningRequests {
  /** Each with the document whose changes end it. */
  readonly #running = new Map<CancellationTokenSource, string | undefined>();
  readonly #outdated = new WeakSet<CancellationTokenSource>();

  /**
   * Resolves or rejects as the work does.
   * @param uri of the document in which the work is for a place: it is outdated when that changes.
   * @throws ResponseError "content modified" if it is outdated.
   */
  async run<T>(
    client: CancellationToken,
    work: (cancellation: CancellationToken) => Promise<T>,
    uri?: string,
  ): Promise<T> {
    const source = new CancellationTokenSource();
    this.#running.set(source, uri);
    if (client.isCancellationRequested) source.cancel();
    const subscription = client.onCancellationRequested(() => {
      source.cancel();
    });
    try {
      return await work(source.token);
    } catch (error) {
      throw error instanceof Cancelled && this.#outdated.has(source) ? contentModified() : error;
    } finally {
      subscription.dispose();
      this.#running.delete(source);
      source.dispose();
    }
  }

  /** True while someone waits for one. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** A document has changed: ends what is for a place in it. */
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
