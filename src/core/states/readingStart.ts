import type { Anchor } from "./anchor.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";
import { exactFactor } from "./requestCost.js";

/**
 * The anchor from which background reading continues to an offset; undefined for the start of the document. If the
 * nearest anchor is rounded, the last unrounded one is preferred if it is exact and not much farther away, because states
 * read from a rounded one are never exact.
 */
export function readingStart(
  checkpoints: DocumentCheckpoints,
  offset: number,
  maxGapTokens: number,
): Anchor | undefined {
  const nearest = checkpoints.nearest(offset);
  if (nearest?.checkpoint.prefix.isRounded !== true) return nearest;
  const other = checkpoints.nearestUnrounded(offset);
  const isExact = other === undefined || checkpoints.hasRead(other);
  return isExact && offset - (other?.offset ?? 0) <= exactFactor * maxGapTokens ? other : nearest;
}
