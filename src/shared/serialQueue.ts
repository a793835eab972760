import { orCancelled, type CancellationToken } from "./cancellation.js";

/** Work that shares one Reader, one after the other in the order it came. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Resolves or rejects as the work does; work that failed holds up nothing.
   * @throws Cancelled as soon as the token is set before the turn comes; from then on the work looks at it.
   */
  run<T>(work: () => Promise<T>, cancellation: CancellationToken): Promise<T> {
    const before = this.#last;
    const result = orCancelled(before, cancellation).then(work);
    // Whoever asked hears of the error; the next one only waits its turn.
    this.#last = Promise.all([before, result.catch(() => undefined)]);
    return result;
  }

  /** Resolves when the work under way has ended. */
  async drained(): Promise<void> {
    await this.#last;
  }
}
