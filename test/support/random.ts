import { randomFrom as uniformFrom } from "../../src/core/decoding/sampler.js";

/** Random integers below a limit and random items of a list, the same for the same seed. */
export function randomFrom(seed: number): { below(limit: number): number; pick<T>(items: readonly T[]): T } {
  const next = uniformFrom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (items) => items[below(items.length)]! };
}
