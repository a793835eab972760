import { orCancelled, type CancellationToken } from "./cancellation.js";

/** Runs tasks one after the other, in order of arrival, because they share one Reader. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Settles like the task. If a task fails, the next one runs as usual.
   * @throws Cancelled as soon as the token is cancelled, if the task has not started. A running task must check the
   * token itself.
   */
  run<T>(work: () => Promise<T>, cancellation: CancellationToken): Promise<T> {
    const before = this.#last;
    const result = orCancelled(before, cancellation).then(work);
    // Only the caller gets the task's error; the next task just waits for the end.
    this.#last = Promise.all([before, result.catch(() => undefined)]);
    return result;
  }

  /** Resolves when all tasks added so far have ended. */
  async drained(): Promise<void> {
    await this.#last;
  }
}
