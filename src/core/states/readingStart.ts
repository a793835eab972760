import type { Anchor } from "./anchor.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";
import { exactFactor } from "./requestCost.js";

/**
 * The anchor from which background reading continues to an offset; undefined if from the start of the document. It is
 * the nearest one, unless that is rounded and one that is not is only a little farther away: states read from the
 * latter are exact again.
 */
export function readingStart(
  checkpoints: DocumentCheckpoints,
  offset: number,
  maxGapTokens: number,
): Anchor | undefined {
  const nearest = checkpoints.nearest(offset);
  if (nearest?.checkpoint.prefix.isRounded !== true) return nearest;
  const other = checkpoints.nearestUnrounded(offset);
  return offset - (other?.offset ?? 0) <= exactFactor * maxGapTokens ? other : nearest;
}
