import { features, type Feature, type Mixture } from "../calibration.js";
import type { TokenId } from "../model.js";
import type { NgramPrediction, ExpertPrediction } from "./ngramPrediction.js";

/** The parts of the model's distribution that the mixture needs. */
export interface ModelProbabilities {
  /** Entropy in nats. */
  readonly entropy: number;
  probability(token: TokenId): number;
}

/** The model's distribution and the experts', weighed by the gate. */
export class MixedDistribution {
  readonly #model: ModelProbabilities;
  readonly #experts: readonly ExpertPrediction[];
  /** Gate weights of the model and of each expert. They sum to 1. */
  readonly #gate: readonly number[];

  constructor(model: ModelProbabilities, prediction: NgramPrediction | undefined, mixture: Mixture | undefined) {
    this.#model = model;
    this.#experts = mixture === undefined ? [] : (prediction?.experts.slice(0, mixture.experts.length) ?? []);
    this.#gate = prediction === undefined || mixture === undefined ? [1] : gateWeights(mixture, model, prediction);
  }

  /** Tokens that follow a match of any expert; empty if there is no expert. */
  get proposedTokens(): Set<TokenId> {
    return new Set(this.#experts.flatMap(({ weights }) => [...weights.keys()]));
  }

  probability(token: TokenId): number {
    let sum = (this.#gate[0] ?? 1) * this.#model.probability(token);
    this.#experts.forEach((expert, i) => {
      const weight = expert.weights.get(token);
      if (weight !== undefined) sum += ((this.#gate[i + 1] ?? 0) * weight) / expert.sum;
    });
    return sum;
  }
}

/**
 * The softmax of the scores: 0 for the model, and for each expert the sum of its features' scores. An expert without
 * matches has no weight.
 */
export function gateWeights(mixture: Mixture, model: ModelProbabilities, prediction: NgramPrediction): number[] {
  // Calibrations from before the workspace index lack scores for the workspace's experts.
  const scoresOfExperts = mixture.experts.map((expertScores, i) => {
    const expert = prediction.experts[i];
    const buckets = expert && bucketsOf(mixture.bounds, model, expert);
    if (buckets === undefined) return -Infinity;
    return features.reduce((sum, feature) => sum + (expertScores[feature][buckets[feature]] ?? 0), 0);
  });
  const scores = [0, ...scoresOfExperts];
  const maxScore = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - maxScore));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}

/** The index of each feature's bucket; undefined for an expert without matches. */
export function bucketsOf(
  bounds: Mixture["bounds"],
  model: ModelProbabilities,
  expert: ExpertPrediction,
): Record<Feature, number> | undefined {
  let top: TokenId | undefined;
  let maxWeight = 0;
  for (const [token, weight] of expert.weights) {
    if (weight <= maxWeight) continue;
    maxWeight = weight;
    top = token;
  }
  if (top === undefined) return undefined;
  return {
    longest: bucketIndex(bounds.longest, expert.maxMatch),
    entropy: bucketIndex(bounds.entropy, model.entropy),
    agreement: bucketIndex(bounds.agreement, maxWeight / expert.sum),
    model: bucketIndex(bounds.model, model.probability(top)),
    places: bucketIndex(bounds.places, expert.matchCount),
  };
}

function bucketIndex(bounds: readonly number[], value: number): number {
  return Math.max(
    0,
    bounds.findLastIndex((bound) => bound <= value),
  );
}
