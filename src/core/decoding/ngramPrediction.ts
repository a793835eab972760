import type { TokenId } from "../model.js";

/** Experts that count the places where at least so many tokens agree (the orders of their contexts). */
const orders = [1, 2, 5] as const;
/** One more looks at the places where most tokens agree, and above all at the nearest of them. */
export const expertCount = orders.length + 1;
/** A single token that agrees tells little: only this near the cursor it counts. */
export const maxUnigramDistance = 4096;
/** A place this far from the cursor counts half, for the orders and for the nearest. */
const halfWeightTokens = 1024;
const nearestHalfWeightTokens = 16;

/** What one expert expects: weights of the tokens that followed at its places. */
export interface ExpertPrediction {
  readonly matchCount: number;
  readonly weights: ReadonlyMap<TokenId, number>;
  /** Of all weights. */
  readonly sum: number;
}

/** What followed elsewhere where the same tokens stood before. */
export interface NgramPrediction {
  /** Tokens in a row that agree with what was read last, at the place where most do. */
  readonly maxMatch: number;
  /** One for each order, and the nearest. */
  readonly experts: readonly ExpertPrediction[];
}

/** What follows, place by place. */
export class PredictionBuilder {
  readonly #orders = orders.map((order) => ({ order, counts: new ExpertCounts() }));
  #nearestCounts = new ExpertCounts();
  #maxMatch = 0;

  add(next: number | undefined, match: number, distance: number): void {
    const token = next as TokenId; // every entry came from the tokenizer, and a place has something behind it
    if (match === 1 && distance >= maxUnigramDistance) return;
    for (const { order, counts } of this.#orders) {
      if (match >= order) counts.add(token, 1 / (1 + distance / halfWeightTokens));
    }
    if (match < this.#maxMatch) return;
    if (match > this.#maxMatch) {
      this.#maxMatch = match;
      this.#nearestCounts = new ExpertCounts();
    }
    this.#nearestCounts.add(token, 1 / (1 + distance / nearestHalfWeightTokens));
  }

  build(): NgramPrediction | undefined {
    if (this.#maxMatch === 0) return undefined;
    return { maxMatch: this.#maxMatch, experts: [...this.#orders.map(({ counts }) => counts), this.#nearestCounts] };
  }
}

class ExpertCounts implements ExpertPrediction {
  readonly weights = new Map<TokenId, number>();
  matchCount = 0;
  sum = 0;

  add(token: TokenId, weight: number): void {
    this.weights.set(token, (this.weights.get(token) ?? 0) + weight);
    this.sum += weight;
    this.matchCount++;
  }
}

/** The guess where only some tokens are allowed: what an expert gave to others is taken out. */
export function restrictPrediction(prediction: NgramPrediction, allowed: readonly TokenId[]): NgramPrediction {
  const set = new Set(allowed);
  const experts = prediction.experts.map(({ matchCount, weights }) => {
    const kept = [...weights].filter(([token]) => set.has(token));
    return { matchCount, weights: new Map(kept), sum: kept.reduce((sum, [, weight]) => sum + weight, 0) };
  });
  return { maxMatch: prediction.maxMatch, experts };
}
