/** Work that takes longer than this is paused between its parts. */
const burstMs = 30_000;
/** The share of the time that such work takes up then. */
const busyShare = 1 / 2;

/**
 * Limits how much of the time work takes up. A large model reads a long document for minutes, which would keep a
 * processor busy and warm all the while. Time without work counts toward the next burst.
 */
export class DutyCycle {
  readonly #burstMs: number;
  /** Time that work may take before it is paused. */
  #creditMs: number;
  #lastMs = 0;

  constructor(burst = burstMs) {
    this.#burstMs = burst;
    this.#creditMs = burst;
  }

  /** Call after each part of the work. @returns milliseconds to pause before the next part; 0 for none. */
  pauseAfter(startMs: number, endMs: number): number {
    const earned = Math.max(0, endMs - this.#lastMs) * busyShare;
    this.#creditMs = Math.min(this.#burstMs, this.#creditMs + earned) - (endMs - startMs);
    this.#lastMs = endMs;
    return Math.max(0, -this.#creditMs / busyShare);
  }
}
