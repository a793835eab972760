/** Work that shares one Reader, one after the other in the order it came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the work does; work that failed holds up nothing. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined); // whoever asked hears of the error; the next one only waits its turn
    return turn;
  }

  /** Resolves when the work under way has ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
