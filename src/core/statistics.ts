import type { NothingCounts, NothingReason } from "../shared/nothingShown.js";

// Counts and latencies of completions. They include none of the user's text.

/** How a request for ghost text ended; `empty`: nothing was shown. */
export type Outcome = "shown" | "empty" | "cancelled" | "failed";

/**
 * What a completion started from:
 * - exact: a state that has read exactly the text above
 * - converged: a state that agrees with an exact one
 * - stale: a state that has not read some change above
 * - window: no state; it read a window of the text
 */
export type CompletionSource = "exact" | "converged" | "stale" | "window";

export interface CompletionCost {
  readonly source: CompletionSource;
  /** True if `source` is "exact". */
  readonly exact: boolean;
  readonly promptTokens: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

const maxLatencies = 1000;
const noRequests = {
  asked: 0,
  shown: 0,
  empty: 0,
  cancelled: 0,
  failed: 0,
  reused: 0,
  exact: 0,
  converged: 0,
  stale: 0,
  window: 0,
};

export class CompletionCounter {
  readonly #counts = { ...noRequests };
  readonly #latencies: number[] = [];
  readonly #nothing: Partial<Record<NothingReason, number>> = {};
  #last: CompletionCost | undefined;

  get counts(): Readonly<typeof noRequests> {
    return { ...this.#counts };
  }

  get last(): CompletionCost | undefined {
    return this.#last;
  }

  get latencyMs(): { readonly p50: number; readonly p95: number } {
    return { p50: quantile(this.#latencies, 0.5), p95: quantile(this.#latencies, 0.95) };
  }

  asked(): void {
    this.#counts.asked++;
  }

  ended(outcome: Outcome): void {
    this.#counts[outcome]++;
  }

  /** Counts a request that has shown nothing. */
  nothing(reason: NothingReason): void {
    this.#nothing[reason] = (this.#nothing[reason] ?? 0) + 1;
  }

  /** How many requests showed nothing, by reason, including those that did not reach a model. */
  get nothingCounts(): NothingCounts {
    return { ...this.#nothing };
  }

  reused(): void {
    this.#counts.reused++;
  }

  ran(cost: CompletionCost): void {
    this.#last = cost;
    this.#counts[cost.source]++;
    this.#latencies.push(cost.ms);
    if (this.#latencies.length > maxLatencies) this.#latencies.shift();
  }
}

/** The quantile for `share` (0 to 1), by the nearest-rank method; 0 if there are no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
