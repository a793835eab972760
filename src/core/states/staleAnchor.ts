import type { Anchor } from "./anchor.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";
import { fadingTokens, type Seam } from "./seams.js";

export interface StaleLimits {
  /** Number of tokens before the place that are read again, so that changes near the place are read. */
  readonly leadTokens: number;
  readonly maxTokens: number;
}

/**
 * A state that has read this many tokens since a change that it missed hardly depends on that change, so no lead is
 * needed.
 */
const forgottenTokens = 256;
/** The shorter lead to try if the checkpoints are too far apart for the full lead. */
const minLeadTokens = 64;
/** The farthest checkpoint within this multiple of the lead is tried first. */
const maxLeadFactor = 9 / 8;

/**
 * A state that has not read all changes above a place but still predicts better there than a window would; undefined if
 * there is none.
 */
export function staleAnchorFor(
  checkpoints: DocumentCheckpoints,
  place: number,
  { leadTokens, maxTokens }: StaleLimits,
): Anchor | undefined {
  const { tokensRead, stretches } = checkpoints;
  const { seams } = stretches;
  const anchorBefore = (offset: number): Anchor | undefined => {
    const anchor = checkpoints.lastBefore(offset);
    return anchor !== undefined && anchor.offset > tokensRead && place - anchor.offset <= maxTokens
      ? anchor
      : undefined;
  };
  const nearest = anchorBefore(place);
  if (nearest === undefined) return undefined;
  const hasForgotten = (seam: Seam): boolean => {
    return nearest.offset - seam.end >= Math.max(forgottenTokens, fadingTokens(seam));
  };
  if (seams.missedAt(nearest.offset).every(hasForgotten)) return nearest;
  const hasFaded = (seam: Seam): boolean => place - seam.end >= fadingTokens(seam);
  const shortLead = Math.min(leadTokens, minLeadTokens);
  const farthest = checkpoints.firstAfter(Math.max(tokensRead, place - maxLeadFactor * leadTokens));
  const candidates = [
    farthest !== undefined && farthest.offset <= place - shortLead ? farthest : undefined,
    // If the checkpoints are too far apart for the full lead, a shorter lead or none is still better than a window. If
    // much has changed shortly before the place, a longer lead is also better than a window.
    ...[leadTokens, shortLead, 0, 2 * leadTokens, 4 * leadTokens].map((lead) => anchorBefore(place - lead)),
  ];
  return candidates.find((anchor) => anchor !== undefined && seams.missedAt(anchor.offset).every(hasFaded));
}
