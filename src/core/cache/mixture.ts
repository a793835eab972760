import type { Mixture } from "../calibration.js";
import type { CacheGuess } from "./documentCache.js";

/** The weight of the document's guess in the mixture. */
export function cacheWeight(mixture: Mixture, guess: CacheGuess, entropy: number): number {
  const { length, places, entropy: third } = bucketOf(mixture, guess, entropy);
  return mixture.weights[length]?.[places]?.[third] ?? 0;
}

export interface Bucket {
  readonly length: number;
  readonly places: number;
  readonly entropy: number;
}

export function bucketOf(mixture: Omit<Mixture, "weights">, guess: CacheGuess, entropy: number): Bucket {
  return {
    length: lastNotAbove(mixture.lengths, guess.longest),
    places: lastNotAbove(mixture.places, guess.places),
    entropy: lastNotAbove(mixture.entropies, entropy),
  };
}

function lastNotAbove(bounds: readonly number[], value: number): number {
  let bucket = 0;
  while (bucket + 1 < bounds.length && (bounds[bucket + 1] ?? Infinity) <= value) bucket++;
  return bucket;
}
