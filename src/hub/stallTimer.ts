import { DownloadError } from "./downloadError.js";

/** Aborts a request that nothing came from for a while. */
export class StallTimer {
  /** Aborted by the user's signal, or with a DownloadError by a stall. */
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #stallMs: number;
  readonly #host: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(user: AbortSignal, stallMs: number, host: string) {
    this.signal = AbortSignal.any([user, this.#stalled.signal]);
    this.#stallMs = stallMs;
    this.#host = host;
  }

  /** Something came, or is asked for now. */
  restart(): void {
    this.pause();
    this.#timer = setTimeout(() => {
      const failure = { kind: "stalled", host: this.#host, seconds: Math.round(this.#stallMs / 1000) } as const;
      this.#stalled.abort(new DownloadError(failure));
    }, this.#stallMs);
  }

  /** Nothing is waited for. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  stop(): void {
    this.pause();
    this.#stalled.abort(new Error("ended")); // an answer that nobody reads any more
  }
}
