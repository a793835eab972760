/**
 * The initial and maximum credit. Credit grows with time even while work runs, so the first pause comes after a minute.
 */
const burstMs = 30_000;
/** The share of the time that the work may take up after the initial credit is used up. */
const busyShare = 1 / 2;
/**
 * Maximum length of a pause. Without it, a long part of the work, or a clock that keeps running in standby, would stop
 * the work for too long.
 */
const maxPauseMs = 10_000;

/**
 * Limits how much of the time work takes up. A large model reads a long document for minutes, which would keep the
 * processor busy and hot. Time without work counts toward the next burst.
 */
export class DutyCycle {
  readonly #burstMs: number;
  /** Busy time that is left before the work is paused; negative if it must pause. */
  #creditMs: number;
  #lastMs = 0;

  constructor(burst = burstMs) {
    this.#burstMs = burst;
    this.#creditMs = burst;
  }

  /**
   * Call after each part of the work.
   * @param busyMs the time of the work itself, without the time that it waited for other work.
   * @returns milliseconds to pause before the next part; 0 for none.
   */
  pauseAfter(busyMs: number, nowMs: number): number {
    const earned = Math.max(0, nowMs - this.#lastMs) * busyShare;
    const creditMs = Math.min(this.#burstMs, this.#creditMs + earned) - busyMs;
    this.#creditMs = Math.max(-maxPauseMs * busyShare, creditMs);
    this.#lastMs = nowMs;
    return Math.max(0, -this.#creditMs / busyShare);
  }
}
