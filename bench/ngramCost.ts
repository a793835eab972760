import { DocumentNgrams, maxMatchTokens, maxNeighbors, type Neighbor } from "../src/core/decoding/documentNgrams.js";
import type { NgramPrediction } from "../src/core/decoding/ngramPrediction.js";
import { distributionOf, greedy } from "../src/core/decoding/distribution.js";
import { emptyBlockHash } from "../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../src/core/tokens/tokenizedText.js";
import type { Model } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { randomFrom } from "../test/support/random.js";

/** Milliseconds that the n-gram prediction and the mixture take per token, for one document length. */
export interface NgramCost {
  readonly lines: number;
  readonly tokens: number;
  readonly predictionP50Ms: number;
  readonly predictionP95Ms: number;
  /** The time for a prediction if four other documents of the same length are open. */
  readonly besideP50Ms: number;
  readonly besideP95Ms: number;
  readonly mixtureP50Ms: number;
}

const measured = 300;

/** Measures the cost at random positions of a text. */
export function ngramCost({ tokenizer, calibration }: Model, content: string): NgramCost {
  const text = new TokenizedText(tokenizer, emptyBlockHash(""), []);
  text.replace(0, 0, Buffer.from(content));
  const random = randomFrom(1);
  const logits = Float32Array.from({ length: tokenizer.vocabularySize }, () => random.below(1000) / 100);
  const predictionMs: number[] = [];
  const besides: number[] = [];
  const mixtures: number[] = [];
  for (let i = 0; i < measured; i++) {
    const at = maxMatchTokens + random.below(text.tokenCount - maxMatchTokens);
    const own = { from: at, to: at + 8 };
    const neighbors = Array<Neighbor>(maxNeighbors).fill({ text, cursorToken: at });
    const read = text.tokens(at - maxMatchTokens, at);
    const timed = (others: readonly Neighbor[], times: number[]): NgramPrediction | undefined => {
      const ngrams = new DocumentNgrams(text, own, others);
      const start = performance.now();
      const prediction = ngrams.predict(read);
      times.push(performance.now() - start);
      return prediction;
    };
    const prediction = timed([], predictionMs);
    timed(neighbors, besides);
    const start = performance.now();
    greedy(distributionOf(logits, undefined), prediction, calibration?.mixture);
    mixtures.push(performance.now() - start);
  }
  return {
    lines: content.split("\n").length - 1,
    tokens: text.tokenCount,
    predictionP50Ms: quantile(predictionMs, 0.5),
    predictionP95Ms: quantile(predictionMs, 0.95),
    besideP50Ms: quantile(besides, 0.5),
    besideP95Ms: quantile(besides, 0.95),
    mixtureP50Ms: quantile(mixtures, 0.5),
  };
}
