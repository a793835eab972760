import { blockTokens } from "../tokens/tokenPrefix.js";
import { likelihoodWithin, type Likelihood } from "./checkpointValue.js";

/**
 * The offsets of the states from which requests in a range of tokens can start.
 * - any: the last state before the range
 * - exact: the last unrounded state before the range
 */
export interface Starts {
  readonly any: number;
  readonly exact: number;
}

/**
 * To get an unrounded state, the background reader reads text again if it is at most this many times as long as a
 * request can read.
 */
export const exactFactor = 8;

/**
 * What a request costs besides the tokens that it reads. The first three costs are in multiples of the tokens that a
 * request can read. `converged` applies if it starts from a converged state, `window` if it reads a window.
 */
export interface RequestCosts {
  readonly converged: number;
  readonly window: number;
  /** Added if the last unrounded state is so far away that background reading will never make the place exact. */
  readonly neverExact: number;
  /** Added for each token that background reading must read until the place of the request has an exact state. */
  readonly backgroundToken: number;
}

/** The best of the costs compared in docs/STATES.md (`npm run bench:jumps`, `npm run bench:eviction`). */
export const requestCosts: RequestCosts = { converged: 1, window: 4, neverExact: 4, backgroundToken: 0.3 };

export interface RequestConditions {
  readonly likelihood: Likelihood;
  /** The number of tokens that a request can read; Infinity if requests may always read from a state. */
  readonly maxGapTokens: number;
  readonly costs?: RequestCosts | undefined;
}

interface TokenRange {
  readonly from: number;
  readonly to: number;
}

/** The cost of requests in a range of tokens, in tokens × likelihood, given the states from which they can start. */
export function requestCost({ from, to }: TokenRange, starts: Starts, conditions: RequestConditions): number {
  const { cursorToken, weight } = conditions.likelihood;
  const { perToken, atCursor } = likelihoodWithin(from, to, conditions.likelihood);
  const everywhere = perToken * sumOfCosts({ from, to }, starts, conditions);
  if (atCursor === 0) return weight * everywhere;
  const cursor = { from: cursorToken, to: cursorToken + 1 };
  return weight * (everywhere + atCursor * sumOfCosts(cursor, starts, conditions));
}

/** The cost that a state saves for requests after it, if the next state is as far away as the previous one. */
export function savedCost(
  { offset, isRounded }: { readonly offset: number; readonly isRounded: boolean },
  before: Starts,
  conditions: RequestConditions,
): number {
  const own = { any: offset, exact: isRounded ? before.exact : offset };
  // The next state can be saved at the end of the next block at the earliest.
  const range = { from: offset, to: Math.max(offset + blockTokens, 2 * offset - before.any) };
  return requestCost(range, before, conditions) - requestCost(range, own, conditions);
}

/**
 * The sum of the costs of one request at each token of a range, not weighted by likelihood. Up to `maxGapTokens` after
 * an exact state, a request starts from it; farther away, it starts from a converged state or reads a window. The cost
 * of the background reading that makes a place exact later is included.
 */
function sumOfCosts({ from, to }: TokenRange, { any, exact }: Starts, conditions: RequestConditions): number {
  const { maxGapTokens: maxGap, costs = requestCosts } = conditions;
  const within = (offset: number): number => Math.min(to, Math.max(from, offset));
  const exactEnd = within(exact + maxGap);
  const convergedEnd = within(any + maxGap);
  const rereadEnd = within(exact + exactFactor * maxGap);
  const atOnce =
    distances(from, exactEnd, exact) +
    distances(exactEnd, convergedEnd, any) +
    times(costs.converged * maxGap, convergedEnd - exactEnd) +
    times(costs.window * maxGap, to - convergedEnd);
  const later =
    costs.backgroundToken * distances(exactEnd, rereadEnd, exact) + times(costs.neverExact * maxGap, to - rereadEnd);
  return atOnce + later;
}

/** Approximates the sum of the distances from `start` to each place of a range. */
function distances(from: number, to: number, start: number): number {
  return (to - from) * ((from + to) / 2 - start);
}

/** The product, but 0 for no places even if the cost is Infinity. */
function times(cost: number, places: number): number {
  return places === 0 ? 0 : cost * places;
}
