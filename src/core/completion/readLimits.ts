import type { Model } from "../model.js";

/** How many tokens of a document a request may read before its answer. */
export interface ReadLimits {
  /** From a state that is exact, converged or stale. */
  readonly maxTokens: number;
  /** What is read anew from a stale state, so that changes near the cursor are read. */
  readonly leadTokens: number;
  readonly windowTokens: number;
}

const maxTokens = 2048;
const leadTokens = 256;
const windowTokens = 512;
const minTokens = 16;

/** A quarter of the time budget goes into reading from a state, or half of it into a window. */
export function readLimits({ prefillTokensPerSecond }: Pick<Model, "prefillTokensPerSecond">, timeBudgetMs: number) {
  const within = (ms: number): number => Math.max(minTokens, Math.floor((ms / 1000) * prefillTokensPerSecond));
  return {
    maxTokens: Math.min(maxTokens, within(timeBudgetMs / 4)),
    leadTokens: Math.min(leadTokens, within(timeBudgetMs / 4)),
    windowTokens: Math.min(windowTokens, within(timeBudgetMs / 2)),
  } satisfies ReadLimits;
}
