import { DocumentCache, mostMatch, mostNeighbours, type Neighbour } from "../src/core/cache/documentCache.js";
import type { CacheGuess } from "../src/core/cache/guess.js";
import { distributionOf, likeliest } from "../src/core/completion/nextToken.js";
import { emptyBlockHash } from "../src/core/document/tokenChain.js";
import { TokenizedText } from "../src/core/document/tokenizedText.js";
import type { Model } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { randomFrom } from "../test/support/random.js";

/** Milliseconds that the document's guess and the mixture add to a token, at one length of the document. */
export interface CacheCost {
  readonly lines: number;
  readonly tokens: number;
  readonly guessP50Ms: number;
  readonly guessP95Ms: number;
  /** With four other documents open that are as long. */
  readonly besideP50Ms: number;
  readonly besideP95Ms: number;
  readonly mixtureP50Ms: number;
}

const measured = 300;

/** At random places of a text. */
export function cacheCost({ tokenizer, calibration }: Model, content: string): CacheCost {
  const text = new TokenizedText(tokenizer, emptyBlockHash(""), []);
  text.replace(0, 0, Buffer.from(content));
  const random = randomFrom(1);
  const logits = Float32Array.from({ length: tokenizer.vocabularySize }, () => random.below(1000) / 100);
  const guesses: number[] = [];
  const besides: number[] = [];
  const mixtures: number[] = [];
  for (let i = 0; i < measured; i++) {
    const at = mostMatch + random.below(text.tokenCount - mostMatch);
    const own = { from: at, to: at + 8 };
    const neighbours = Array<Neighbour>(mostNeighbours).fill({ text, cursor: at });
    const read = text.tokens(at - mostMatch, at);
    const timed = (others: readonly Neighbour[], times: number[]): CacheGuess | undefined => {
      const cache = new DocumentCache(text, own, others);
      const start = performance.now();
      const guess = cache.guess(read);
      times.push(performance.now() - start);
      return guess;
    };
    const guess = timed([], guesses);
    timed(neighbours, besides);
    const start = performance.now();
    likeliest(distributionOf(logits, undefined), guess, calibration?.mixture);
    mixtures.push(performance.now() - start);
  }
  return {
    lines: content.split("\n").length - 1,
    tokens: text.tokenCount,
    guessP50Ms: quantile(guesses, 0.5),
    guessP95Ms: quantile(guesses, 0.95),
    besideP50Ms: quantile(besides, 0.5),
    besideP95Ms: quantile(besides, 0.95),
    mixtureP50Ms: quantile(mixtures, 0.5),
  };
}
