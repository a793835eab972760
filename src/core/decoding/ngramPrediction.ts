import type { TokenId } from "../model.js";

/** The orders of the experts: each expert counts the matches of at least this many tokens. */
const orders = [1, 2, 5] as const;
/** One more expert counts only the longest matches, and weighs the nearest of them most. */
export const documentExpertCount = orders.length + 1;
/** Two experts count matches in other files of the workspace: one all of them, one only the longest. */
export const expertCount = documentExpertCount + 2;
/** A match of a single token is weak evidence, so it counts only if it is nearer to the cursor than this, in tokens. */
export const maxUnigramDistance = 4096;
/**
 * Distance in tokens from the cursor at which a match has half its weight: for the experts of the orders, and for the
 * expert of the longest matches.
 */
const halfWeightTokens = 1024;
const nearestHalfWeightTokens = 16;

/** One expert's prediction: the weights of the tokens that follow its matches. */
export interface ExpertPrediction {
  /** Length in tokens of the longest match in the texts that this expert uses. */
  readonly maxMatch: number;
  readonly matchCount: number;
  readonly weights: ReadonlyMap<TokenId, number>;
  /** The sum of all weights. */
  readonly sum: number;
}

/** What followed the matches, for each expert. */
export interface NgramPrediction {
  /** Length of the longest match of all, in tokens. */
  readonly maxMatch: number;
  /** One for each order, then the one for the longest matches, then those for the workspace. */
  readonly experts: readonly ExpertPrediction[];
}

export class PredictionBuilder {
  readonly #orders = orders.map((order) => ({ order, counts: new ExpertCounts() }));
  #nearestCounts = new ExpertCounts();
  #maxMatch = 0;
  readonly #workspaceCounts = new ExpertCounts();
  #longestCounts = new ExpertCounts();
  #maxWorkspaceMatch = 0;

  /** Adds a match in an open document. @param distance from the cursor, in tokens. */
  add(next: number | undefined, match: number, distance: number): void {
    const token = next as TokenId; // texts hold only ids of the tokenizer, and a match always has a next token
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

  /** Adds a match in another file of the workspace. @param weight higher for files in nearby folders. */
  addFromWorkspace(next: number, match: number, weight: number): void {
    const token = next as TokenId; // the index holds only ids of the tokenizer
    this.#workspaceCounts.add(token, weight);
    if (match < this.#maxWorkspaceMatch) return;
    if (match > this.#maxWorkspaceMatch) {
      this.#maxWorkspaceMatch = match;
      this.#longestCounts = new ExpertCounts();
    }
    this.#longestCounts.add(token, weight * weight);
  }

  build(): NgramPrediction | undefined {
    const maxMatch = Math.max(this.#maxMatch, this.#maxWorkspaceMatch);
    if (maxMatch === 0) return undefined;
    const own = [...this.#orders.map(({ counts }) => counts), this.#nearestCounts];
    for (const counts of own) counts.maxMatch = this.#maxMatch;
    const others = [this.#workspaceCounts, this.#longestCounts];
    for (const counts of others) counts.maxMatch = this.#maxWorkspaceMatch;
    return { maxMatch, experts: [...own, ...others] };
  }
}

class ExpertCounts implements ExpertPrediction {
  readonly weights = new Map<TokenId, number>();
  maxMatch = 0;
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
  const experts = prediction.experts.map(({ maxMatch, matchCount, weights }) => {
    const kept = [...weights].filter(([token]) => set.has(token));
    return { maxMatch, matchCount, weights: new Map(kept), sum: kept.reduce((sum, [, weight]) => sum + weight, 0) };
  });
  return { maxMatch: prediction.maxMatch, experts };
}
