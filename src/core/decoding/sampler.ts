import type { NgramPrediction } from "./ngramPrediction.js";
import type { Mixture } from "../calibration.js";
import type { TokenId } from "../model.js";
import { mixWithNgrams, type Sampler, type Distribution } from "./distribution.js";

/** Returns a number in [0, 1). */
export type Random = () => number;

/** A random number generator. Equal seeds give equal numbers (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface SamplingOptions {
  readonly temperature: number;
  /** Only the most likely tokens are sampled: as many as it takes for their probabilities to reach this sum. */
  readonly topP: number;
}

/** The sampling of alternatives to the most likely text. */
const alternativesSampling: SamplingOptions = { temperature: 0.8, topP: 0.9 };
/** Maximum number of tokens that the model proposes; `topP` rarely needs more. */
const maxCandidates = 40;
/**
 * Tokens whose logit is more than this below the highest one are ignored unless an n-gram expert proposes them. Each is
 * less than a thousandth as likely as the top token.
 */
const maxLogitGap = 7;

/** Top-p sampling from the mixture, with a temperature. */
export function sampleTopP(random: Random, { temperature, topP } = alternativesSampling): Sampler {
  return (model, prediction, mixture) => {
    const candidates = candidatesByProbability(model, prediction, mixture);
    const kept: Candidate[] = [];
    let covered = 0;
    for (const candidate of candidates) {
      kept.push(candidate);
      covered += candidate.probability;
      if (covered >= topP) break;
    }
    const weights = kept.map(({ probability }) => probability ** (1 / temperature));
    let left = random() * weights.reduce((a, b) => a + b, 0);
    const drawn = kept.find((_, i) => (left -= weights[i] ?? 0) < 0) ?? kept[kept.length - 1];
    const { token, probability } = drawn ?? { token: model.top, probability: 1 };
    return { token, logProbability: Math.log(probability) };
  };
}

interface Candidate {
  readonly token: TokenId;
  readonly probability: number;
}

/** The most likely tokens with their probabilities in the mixture, the most likely one first. */
function candidatesByProbability(
  model: Distribution,
  prediction: NgramPrediction | undefined,
  mixture: Mixture | undefined,
): readonly Candidate[] {
  const mixed = mixWithNgrams(model, prediction, mixture);
  const logit = (token: TokenId): number => model.logits[token] ?? -Infinity;
  const fromModel = tokensNearTop(model)
    .sort((a, b) => logit(b) - logit(a))
    .slice(0, maxCandidates);
  return [...new Set([...fromModel, ...mixed.proposedTokens])]
    .map((token) => ({ token, probability: mixed.probability(token) }))
    .sort((a, b) => b.probability - a.probability);
}

/** The allowed tokens within `maxLogitGap`. A plain loop, because it may visit the whole vocabulary for each sample. */
function tokensNearTop({ logits, allowed, top }: Distribution): TokenId[] {
  const minLogit = (logits[top] ?? -Infinity) - maxLogitGap;
  const near: TokenId[] = [];
  const count = allowed?.length ?? logits.length;
  for (let i = 0; i < count; i++) {
    const token = (allowed === undefined ? i : allowed[i]) as TokenId; // logits have one entry for each id
    if ((logits[token] ?? -Infinity) > minLogit) near.push(token);
  }
  return near;
}
