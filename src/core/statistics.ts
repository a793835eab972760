/** Counts and latencies of completions: numbers only, never text. */

/** How one request was answered. */
export type Outcome = "shown" | "empty" | "cancelled" | "failed";

/** What one answered request cost. */
export interface CompletionCost {
  /** Read from the exact state of the whole prefix, not from a window. */
  readonly exact: boolean;
  readonly promptTokens: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

const keptLatencies = 1000;

export class CompletionCounter {
  readonly #counts = { asked: 0, shown: 0, empty: 0, cancelled: 0, failed: 0, reused: 0, exact: 0, window: 0 };
  readonly #latencies: number[] = [];
  #last: CompletionCost | undefined;

  get counts(): Readonly<
    Record<"asked" | "shown" | "empty" | "cancelled" | "failed" | "reused" | "exact" | "window", number>
  > {
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

  reused(): void {
    this.#counts.reused++;
  }

  ran(cost: CompletionCost): void {
    this.#last = cost;
    this.#counts[cost.exact ? "exact" : "window"]++;
    this.#latencies.push(cost.ms);
    if (this.#latencies.length > keptLatencies) this.#latencies.shift();
  }
}

/** The smallest value that at least this share of the values does not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
