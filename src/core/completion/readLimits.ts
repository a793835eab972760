import type { Model } from "../model.js";

/** Bounds on the number of document tokens that a request may read before it decodes. */
export interface ReadLimits {
  /** Maximum number read after a state, unless the caller waits for the whole prefix. */
  readonly maxTokens: number;
  /** The same maximum if a window would be read otherwise. */
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
 * Reading a window should take at most half of the time budget, and reading from a state at most a quarter, or half as
 * well if a window is the alternative, which predicts worse than even a stale state. As many tokens as the window has
 * may be read from a state in any case: that costs the same and is closer to the exact state.
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
