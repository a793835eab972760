import type { TokenId } from "../model.js";

/** The orders of the experts: each counts the matches of at least so many tokens. */
const orders = [1, 2, 5] as const;
/** One more expert counts only the longest matches, and weighs the nearest of them most. */
export const expertCount = orders.length + 1;
/** A match of a single token is weak evidence, so it counts only within this distance of the cursor. */
export const maxUnigramDistance = 4096;
/** A match at this distance from the cursor has half the weight: for the orders, and for the last expert. */
const halfWeightTokens = 1024;
const nearestHalfWeightTokens = 16;

/** One expert's prediction: the weights of the tokens that follow its matches. */
export interface ExpertPrediction {
  readonly matchCount: number;
  readonly weights: ReadonlyMap<TokenId, number>;
  /** The sum of all weights. */
  readonly sum: number;
}

/** What follows the matches, by expert. */
export interface NgramPrediction {
  /** Length of the longest match. */
  readonly maxMatch: number;
  /** One per order, and then the one of the longest matches. */
  readonly experts: readonly ExpertPrediction[];
}

/** Collects the matches one by one. */
export class PredictionBuilder {
  readonly #orders = orders.map((order) => ({ order, counts: new ExpertCounts() }));
  #nearestCounts = new ExpertCounts();
  #maxMatch = 0;

  add(next: number | undefined, match: number, distance: number): void {
    const token = next as TokenId; // every entry came from the tokenizer, and a match always has a next token
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

/** The prediction over the allowed tokens only. */
export function restrictPrediction(prediction: NgramPrediction, allowed: readonly TokenId[]): NgramPrediction {
  const set = new Set(allowed);
  const experts = prediction.experts.map(({ matchCount, weights }) => {
    const kept = [...weights].filter(([token]) => set.has(token));
    return { matchCount, weights: new Map(kept), sum: kept.reduce((sum, [, weight]) => sum + weight, 0) };
  });
  return { maxMatch: prediction.maxMatch, experts };
}
