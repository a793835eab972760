import type { TokenId } from "../model.js";

/** Experts that count the places where at least so many tokens agree (the orders of their contexts). */
const orders = [1, 2, 5] as const;
/** One more looks at the places where most tokens agree, and above all at the nearest of them. */
export const expertCount = orders.length + 1;
/** A single token that agrees tells little: only this near the cursor it counts. */
export const nearestTokens = 4096;
/** A place this far from the cursor counts half, for the orders and for the nearest. */
const halvingTokens = 1024;
const nearestHalvingTokens = 16;

/** What one expert expects: weights of the tokens that followed at its places. */
export interface ExpertGuess {
  readonly places: number;
  readonly weights: ReadonlyMap<TokenId, number>;
  /** Of all weights. */
  readonly sum: number;
}

/** What followed elsewhere where the same tokens stood before. */
export interface CacheGuess {
  /** Tokens in a row that agree with what was read last, at the place where most do. */
  readonly longest: number;
  /** One for each order, and the nearest. */
  readonly experts: readonly ExpertGuess[];
}

/** What follows, place by place. */
export class Tally {
  readonly #orders = orders.map((order) => ({ order, places: new Weights() }));
  #nearest = new Weights();
  #longest = 0;

  add(next: number | undefined, match: number, distance: number): void {
    const token = next as TokenId; // every entry came from the tokenizer, and a place has something behind it
    if (match === 1 && distance >= nearestTokens) return;
    for (const { order, places } of this.#orders) {
      if (match >= order) places.add(token, 1 / (1 + distance / halvingTokens));
    }
    if (match < this.#longest) return;
    if (match > this.#longest) {
      this.#longest = match;
      this.#nearest = new Weights();
    }
    this.#nearest.add(token, 1 / (1 + distance / nearestHalvingTokens));
  }

  guess(): CacheGuess | undefined {
    if (this.#longest === 0) return undefined;
    return { longest: this.#longest, experts: [...this.#orders.map(({ places }) => places), this.#nearest] };
  }
}

class Weights implements ExpertGuess {
  readonly weights = new Map<TokenId, number>();
  places = 0;
  sum = 0;

  add(token: TokenId, weight: number): void {
    this.weights.set(token, (this.weights.get(token) ?? 0) + weight);
    this.sum += weight;
    this.places++;
  }
}

/** The guess where only some tokens are allowed: what an expert gave to others is taken out. */
export function guessAmong(guess: CacheGuess, allowed: readonly TokenId[]): CacheGuess {
  const set = new Set(allowed);
  const experts = guess.experts.map(({ places, weights }) => {
    const kept = [...weights].filter(([token]) => set.has(token));
    return { places, weights: new Map(kept), sum: kept.reduce((sum, [, weight]) => sum + weight, 0) };
  });
  return { longest: guess.longest, experts };
}
