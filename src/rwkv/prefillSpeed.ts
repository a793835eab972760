import type { Reader } from "../core/model.js";
import { withFeed } from "./wrappedReader.js";

/**
 * The prefill speed of a model. A measurement at load is too low if the machine is busy then, so a whole chunk that is
 * read faster raises it.
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

  /** A reader that measures how fast it reads whole chunks. */
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
