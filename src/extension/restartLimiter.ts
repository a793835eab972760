/** Limits how often a server that keeps crashing is restarted automatically. */
export class RestartLimiter {
  static readonly maxRestarts = 4;
  static readonly withinMs = 3 * 60_000;
  readonly #now: () => number;
  #times: number[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Counts a crash. @returns true if the server may be restarted. */
  allowed(): boolean {
    const now = this.#now();
    this.#times = this.#times.filter((time) => now - time < RestartLimiter.withinMs);
    this.#times.push(now);
    return this.#times.length <= RestartLimiter.maxRestarts;
  }

  forget(): void {
    this.#times = [];
  }
}
