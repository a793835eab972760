import type { Anchor, DocumentCheckpoints } from "./documentCheckpoints.js";
import { fadingTokens } from "./seams.js";

export interface StaleLimits {
  /** Number of tokens before the place that are read again, so that changes near it are read. */
  readonly leadTokens: number;
  readonly maxTokens: number;
}

/** A state that has read this many tokens since the last change has forgotten it, so no lead is needed. */
const forgottenTokens = 256;
/** Minimum lead if the checkpoints are too far apart for the full lead. */
const minLeadTokens = 64;

/**
 * A state that has not read all changes above a place, but from which predictions there are still closer to the exact
 * ones than from a window.
 */
export function staleAnchorFor(
  checkpoints: DocumentCheckpoints,
  place: number,
  { leadTokens, maxTokens }: StaleLimits,
): Anchor | undefined {
  const { seams, tokensRead } = checkpoints;
  for (const lead of [0, leadTokens, Math.min(leadTokens, minLeadTokens)]) {
    const anchor = checkpoints.lastBefore(place - lead);
    if (anchor === undefined || anchor.offset <= tokensRead || place - anchor.offset > maxTokens) continue;
    const missed = seams.missedAt(anchor.offset);
    const isForgotten = missed.every(
      (seam) => anchor.offset - seam.end >= Math.max(forgottenTokens, fadingTokens(seam)),
    );
    const isFaded = missed.every((seam) => place - seam.end >= fadingTokens(seam));
    if (isForgotten || (lead > 0 && isFaded)) return anchor;
  }
  return undefined;
}
