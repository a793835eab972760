import { orCancelled, type CancellationToken } from "./cancellation.js";

/** Runs tasks that share one Reader one after the other, in order of arrival. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Settles as the task does. A task that fails does not hold up the next one.
   * @throws Cancelled as soon as the token is set, if the task has not started; after that, the task itself checks the
   * token.
   */
  run<T>(work: () => Promise<T>, cancellation: CancellationToken): Promise<T> {
    const before = this.#last;
    const result = orCancelled(before, cancellation).then(work);
    // The caller gets the error; the next task only waits.
    this.#last = Promise.all([before, result.catch(() => undefined)]);
    return result;
  }

  /** Resolves when all tasks have ended. */
  async drained(): Promise<void> {
    await this.#last;
  }
}
