import type { Reader } from "../core/model.js";
import { withFeed } from "./wrappedReader.js";

/**
 * The highest prefill speed measured so far. If the machine is busy while the model is loaded, the first measurement is
 * too low; later chunks that are read faster correct it.
 */
export class PrefillSpeed {
  readonly #chunkTokens: number;
  #tokensPerSecond: number;

  constructor(chunkTokens: number, measured: number) {
    this.#chunkTokens = chunkTokens;
    this.#tokensPerSecond = measured;
  }

  get tokensPerSecond(): number {
    return this.#tokensPerSecond;
  }

  /** Wraps a reader to measure each of its reads that is at least one chunk long. */
  timed(reader: Reader): Reader {
    return withFeed(reader, async (tokens, want, cancellation) => {
      const startMs = performance.now();
      const logits = await reader.feed(tokens, want, cancellation);
      this.#wasRead(tokens.length, performance.now() - startMs);
      return logits;
    });
  }

  #wasRead(tokens: number, ms: number): void {
    if (tokens < this.#chunkTokens || ms <= 0) return;
    this.#tokensPerSecond = Math.max(this.#tokensPerSecond, (1000 * tokens) / ms);
  }
}
