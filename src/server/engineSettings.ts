import type { CompleterLimits } from "../core/completion/completer.js";
import type { ServerSettings } from "../shared/protocol.js";

/**
 * Minimum expected correctness of an automatic completion for each level. Chosen so that 4 of 5, 2 of 3 and 1 of 2 of
 * the suggestions shown are right (docs/QUALITY.md, “Worth reading, and the workspace”).
 */
const thresholds: Readonly<Record<ServerSettings["confidence"], number>> = {
  careful: 0.62,
  balanced: 0.4,
  eager: 0.22,
  always: 0,
};

const maxTokens = 128;

/** Idle time after the last edit before text below the cursor is read. */
export const quietMs = 1000;

/** The limits of a completion under these settings. */
export function completerLimits({ timeBudgetMs, confidence }: ServerSettings): CompleterLimits {
  return { timeBudgetMs, maxTokens, threshold: thresholds[confidence] };
}

/** True if the model must be loaded again before the changed settings take effect. */
export function needsReload(a: ServerSettings, b: ServerSettings): boolean {
  const fixed = ["modelPath", "threads", "engine", "checkpointMemoryMB"] as const;
  return fixed.some((name) => a[name] !== b[name]);
}
