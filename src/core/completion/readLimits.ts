import type { Model } from "../model.js";

/** Bounds on the number of document tokens that a request may read before it decodes. */
export interface ReadLimits {
  /** Maximum number read after a state, unless the caller waits for the whole prefix. */
  readonly maxTokens: number;
  /** Maximum number read after a state if the only alternative is a window. */
  readonly farTokens: number;
  /** Tokens before the cursor that are read again after a stale state, so that changes near the cursor are read. */
  readonly leadTokens: number;
  readonly windowTokens: number;
}

const maxTokens = 2048;
const leadTokens = 256;
const windowTokens = 512;
const minTokens = 16;

/**
 * Reading a window should take at most half of the time budget. Reading from a state should take at most a quarter, or
 * half if the only alternative is a window, because a window predicts worse than even a stale state. A request may
 * always read as many tokens after a state as a window has: the cost is the same, and the result is closer to the exact
 * state.
 */
export function readLimits({ prefillTokensPerSecond }: Pick<Model, "prefillTokensPerSecond">, timeBudgetMs: number) {
  const within = (ms: number): number => Math.max(minTokens, Math.floor((ms / 1000) * prefillTokensPerSecond));
  const inWindow = Math.min(windowTokens, within(timeBudgetMs / 2));
  const afterState = (ms: number): number => Math.max(inWindow, Math.min(maxTokens, within(ms)));
  return {
    maxTokens: afterState(timeBudgetMs / 4),
    farTokens: afterState(timeBudgetMs / 2),
    leadTokens: Math.min(leadTokens, within(timeBudgetMs / 4)),
    windowTokens: inWindow,
  } satisfies ReadLimits;
}
