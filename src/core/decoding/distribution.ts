import { restrictPrediction, type NgramPrediction } from "./ngramPrediction.js";
import { MixedDistribution } from "./mixture.js";
import type { Mixture } from "../calibration.js";
import type { LogitsSummary, Model, TokenId } from "../model.js";
import { expOfNegative, maxBelow } from "./expOfNegative.js";

export interface NextToken {
  readonly token: TokenId;
  /** Natural logarithm of the token's probability among the allowed tokens. */
  readonly logProbability: number;
  /** The model's own probability of the token; undefined if the token was sampled. */
  readonly modelProbability?: number;
}

/** The model's distribution over the allowed tokens. */
export interface Distribution {
  readonly logits: Float32Array;
  /** Undefined if all tokens are allowed. */
  readonly allowed: readonly TokenId[] | undefined;
  readonly top: TokenId;
  /** log Σ e^logit over the allowed tokens. */
  readonly logSum: number;
  /** Entropy in nats. */
  readonly entropy: number;
}

/** @param summarize the engine's function for logits of the whole vocabulary, if it has one. */
export function distributionOf(
  logits: Float32Array,
  allowed: readonly TokenId[] | undefined,
  summarize: Model["summarize"] = summaryOf,
): Distribution {
  const candidates = allowed === undefined ? logits : Float32Array.from(allowed, (token) => logits[token] ?? -Infinity);
  const { top, logSum, entropy } = (allowed === undefined ? summarize : summaryOf)(candidates);
  // An index of `logits` is a token id, because there is one entry for each id.
  return { logits, allowed, top: (allowed === undefined ? top : allowed[top]) as TokenId, logSum, entropy };
}

/** Without an engine's own summary, this runs over the whole vocabulary for every token, so it uses plain loops. */
function summaryOf(logits: Float32Array): LogitsSummary {
  let top = 0;
  let maxLogit = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] ?? -Infinity;
    if (!(logit > maxLogit)) continue; // also false for NaN
    maxLogit = logit;
    top = i;
  }
  let sum = 0;
  let weighted = 0;
  for (const logit of logits) {
    const below = maxLogit - logit;
    if (!(below < maxBelow)) continue; // negligible, or the -Infinity of a forbidden token
    const part = expOfNegative(below);
    sum += part;
    weighted -= part * below;
  }
  return { top, logSum: maxLogit + Math.log(sum), entropy: Math.log(sum) - weighted / sum };
}

/** Chooses the next token from the model's distribution and the n-gram prediction. */
export type Sampler = (
  model: Distribution,
  prediction: NgramPrediction | undefined,
  mixture: Mixture | undefined,
) => NextToken;

/** Chooses the token with the highest probability in the mixture. */
export function greedy(
  model: Distribution,
  prediction: NgramPrediction | undefined,
  mixture: Mixture | undefined,
): NextToken {
  const mixed = mixWithNgrams(model, prediction, mixture);
  let token = model.top;
  let maxProbability = mixed.probability(token);
  for (const proposed of mixed.proposedTokens) {
    const probability = mixed.probability(proposed);
    if (probability <= maxProbability) continue;
    maxProbability = probability;
    token = proposed;
  }
  const modelProbability = Math.exp((model.logits[token] ?? -Infinity) - model.logSum);
  return { token, logProbability: Math.log(maxProbability), modelProbability };
}

/** The mixed distribution over the allowed tokens. */
export function mixWithNgrams(
  { logits, logSum, entropy, allowed }: Distribution,
  prediction: NgramPrediction | undefined,
  mixture: Mixture | undefined,
): MixedDistribution {
  const modelProbabilities = {
    entropy,
    probability: (token: TokenId) => Math.exp((logits[token] ?? -Infinity) - logSum),
  };
  return new MixedDistribution(
    modelProbabilities,
    allowed === undefined ? prediction : prediction && restrictPrediction(prediction, allowed),
    mixture,
  );
}
