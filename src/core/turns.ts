import { Cancelled, throwIfCancelled, type CancellationToken } from "./model.js";

/** Work that shares one Reader, one after the other in the order it came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Resolves or rejects as the work does; work that failed holds up nothing.
   * @throws Cancelled as soon as the token is set before the turn comes; from then on the work looks at it.
   */
  take<T>(work: () => Promise<T>, cancellation: CancellationToken): Promise<T> {
    const before = this.#last;
    const turn = orCancelled(before, cancellation).then(work);
    // Whoever asked hears of the error; the next one only waits its turn.
    this.#last = Promise.all([before, turn.catch(() => undefined)]);
    return turn;
  }

  /** Resolves when the work under way has ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}

/** Settles as something that is waited for does. @throws Cancelled as soon as the token is set. */
export async function orCancelled<T>(waited: Promise<T>, cancellation: CancellationToken): Promise<T> {
  throwIfCancelled(cancellation);
  return new Promise((resolve, reject) => {
    const listening = cancellation.onCancellationRequested?.(() => {
      reject(new Cancelled());
    });
    void waited.then(resolve, reject).finally(() => listening?.dispose());
  });
}
