import type { setTimer } from "../platform.js";

/** How long the user must be inactive, neither editing nor requesting anything, before more text is read. */
export interface PauseLengths {
  /** The pause before text below the cursor is read. An edit would make the states of that text stale. */
  readonly quietMs: number;
  /** The further pause before the rest of a text that has changed all over is read again; two minutes if absent. */
  readonly idleMs?: number;
}

const defaultIdleMs = 120_000;

/** Tells whether the user has been inactive for long enough. Until the first edit or request, this is assumed. */
export class UserPause {
  readonly #lengths: PauseLengths;
  readonly #setTimer: typeof setTimer;
  readonly #onLonger: () => void;
  #isQuiet = true;
  #isIdle = true;
  #cancelTimer = (): void => undefined;

  /** @param onLonger called when `isQuiet` or `isIdle` becomes true. */
  constructor(lengths: PauseLengths, timer: typeof setTimer, onLonger: () => void) {
    this.#lengths = lengths;
    this.#setTimer = timer;
    this.#onLonger = onLonger;
  }

  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Call when the user has edited or requested something. */
  ended(): void {
    this.dispose();
    this.#isQuiet = false;
    this.#isIdle = false;
    const { quietMs, idleMs = defaultIdleMs } = this.#lengths;
    this.#cancelTimer = this.#setTimer(quietMs, () => {
      this.#isQuiet = true;
      this.#cancelTimer = this.#setTimer(idleMs, () => {
        this.#isIdle = true;
        this.#onLonger();
      });
      this.#onLonger();
    });
  }

  dispose(): void {
    this.#cancelTimer();
  }
}
