import { CancellationTokenSource, type CancellationToken } from "vscode-languageserver";

/** Requests under way that end when the client cancels them, or all at once when the model goes. */
export class RunningRequests {
  readonly #running = new Set<CancellationTokenSource>();

  /** Resolves or rejects as the work does. */
  async run<T>(client: CancellationToken, work: (cancellation: CancellationToken) => Promise<T>): Promise<T> {
    const source = new CancellationTokenSource();
    this.#running.add(source);
    if (client.isCancellationRequested) source.cancel();
    const subscription = client.onCancellationRequested(() => {
      source.cancel();
    });
    try {
      return await work(source.token);
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

  cancelAll(): void {
    for (const source of this.#running) source.cancel();
  }
}
