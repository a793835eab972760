/** How often a server that dies is started again before the user is asked. */
export class Restarts {
  static readonly most = 4;
  static readonly withinMs = 3 * 60_000;
  readonly #now: () => number;
  #times: number[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Counts a death; true where the server may be started again. */
  allowed(): boolean {
    const now = this.#now();
    this.#times = this.#times.filter((time) => now - time < Restarts.withinMs);
    this.#times.push(now);
    return this.#times.length <= Restarts.most;
  }

  forget(): void {
    this.#times = [];
  }
}
