import { DownloadError } from "./downloadError.js";

/** Aborts a request that has received nothing for a while. */
export class StallTimer {
  /** Aborted when the user's signal is aborted, or, with a DownloadError, when nothing has arrived for `stallMs`. */
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

  /** Call when data has arrived or a request is sent. */
  restart(): void {
    this.pause();
    this.#timer = setTimeout(() => {
      const failure = { kind: "stalled", host: this.#host, seconds: Math.round(this.#stallMs / 1000) } as const;
      this.#stalled.abort(new DownloadError(failure));
    }, this.#stallMs);
  }

  /** Stops the timer until `restart` is called. Call before work that does not wait for data. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  stop(): void {
    this.pause();
    this.#stalled.abort(new Error("ended")); // closes a response that was not read to its end
  }
}
