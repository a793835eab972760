import { features, type Feature, type Mixture } from "../calibration.js";
import type { TokenId } from "../model.js";
import type { CacheGuess, ExpertGuess } from "./guess.js";

/** What the model says, as far as the mixture looks at it. */
export interface ModelView {
  /** In nats. */
  readonly entropy: number;
  probability(token: TokenId): number;
}

/** Shares of model and experts in the mixture, and what comes of them. */
export class Mixed {
  readonly #model: ModelView;
  readonly #experts: readonly ExpertGuess[];
  /** The model's, then each expert's; together 1. */
  readonly #shares: readonly number[];

  constructor(model: ModelView, guess: CacheGuess | undefined, mixture: Mixture | undefined) {
    this.#model = model;
    this.#experts = mixture === undefined ? [] : (guess?.experts ?? []);
    this.#shares = guess === undefined || mixture === undefined ? [1] : sharesOf(mixture, model, guess);
  }

  /** Tokens that any expert has seen follow; none where the model is alone. */
  get proposed(): Set<TokenId> {
    return new Set(this.#experts.flatMap(({ weights }) => [...weights.keys()]));
  }

  probability(token: TokenId): number {
    let sum = (this.#shares[0] ?? 1) * this.#model.probability(token);
    this.#experts.forEach((expert, i) => {
      const weight = expert.weights.get(token);
      if (weight !== undefined) sum += ((this.#shares[i + 1] ?? 0) * weight) / expert.sum;
    });
    return sum;
  }
}

/** A softmax over scores: 0 for the model, for each expert the sum over its features. */
export function sharesOf(mixture: Mixture, model: ModelView, guess: CacheGuess): number[] {
  const scores = guess.experts.map((expert, i) => {
    const buckets = bucketsOf(mixture.bounds, model, { expert, longest: guess.longest });
    if (buckets === undefined) return -Infinity;
    return features.reduce((sum, feature) => sum + (mixture.experts[i]?.[feature][buckets[feature]] ?? 0), 0);
  });
  const most = Math.max(0, ...scores);
  const parts = [0, ...scores].map((score) => Math.exp(score - most));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}

/** The bucket of each feature; undefined for an expert that has nothing to say. */
export function bucketsOf(
  bounds: Mixture["bounds"],
  model: ModelView,
  { expert, longest }: { readonly expert: ExpertGuess; readonly longest: number },
): Record<Feature, number> | undefined {
  let top: TokenId | undefined;
  let most = 0;
  for (const [token, weight] of expert.weights) {
    if (weight <= most) continue;
    most = weight;
    top = token;
  }
  if (top === undefined) return undefined;
  return {
    longest: lastNotAbove(bounds.longest, longest),
    entropy: lastNotAbove(bounds.entropy, model.entropy),
    agreement: lastNotAbove(bounds.agreement, most / expert.sum),
    model: lastNotAbove(bounds.model, model.probability(top)),
    places: lastNotAbove(bounds.places, expert.places),
  };
}

function lastNotAbove(bounds: readonly number[], value: number): number {
  let bucket = 0;
  while (bucket + 1 < bounds.length && (bounds[bucket + 1] ?? Infinity) <= value) bucket++;
  return bucket;
}
