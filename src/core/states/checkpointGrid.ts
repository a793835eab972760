import { blockTokens } from "../tokens/tokenPrefix.js";

/** What decides how densely checkpoints of a document are kept. */
export interface GridZone {
  /** Tokens before the cursor. */
  readonly cursorToken: number;
  /** Tokens of the document. */
  readonly tokenCount: number;
  /** Maximum number of states kept for the document. */
  readonly maxStates: number;
}

/**
 * True if a checkpoint after `tokenCount` tokens is on the grid. Near the cursor the grid has every block, beyond the
 * dense zone every second one, beyond twice that distance every fourth, and so on. A coarser grid is a subset of a
 * finer one, so thinning only deletes checkpoints.
 */
export function isOnGrid(tokenCount: number, zone: GridZone): boolean {
  if (tokenCount % blockTokens !== 0) return false;
  const block = tokenCount / blockTokens;
  return block % gridStep(Math.abs(tokenCount - zone.cursorToken), denseTokens(zone)) === 0;
}

/**
 * Radius of the dense zone in tokens, where every block is kept: the largest for which the whole grid fits `maxStates`.
 */
export function denseTokens(zone: GridZone): number {
  let dense = zone.maxStates * blockTokens;
  while (dense > blockTokens && statesOnGrid(zone, dense) > zone.maxStates) dense *= 0.9;
  return Math.max(blockTokens, Math.floor(dense / blockTokens) * blockTokens);
}

/**
 * Each doubling of the distance halves the density, so it adds half as many states as the dense zone has on that side.
 */
function statesOnGrid({ cursorToken, tokenCount }: GridZone, dense: number): number {
  const onSide = (tokens: number): number => {
    const doublings = Math.max(0, Math.log2(tokens / dense));
    return (Math.min(tokens, dense) + (dense * doublings) / 2) / blockTokens;
  };
  return onSide(cursorToken) + onSide(Math.max(0, tokenCount - cursorToken));
}

function gridStep(distance: number, dense: number): number {
  if (distance <= dense) return 1;
  return 2 ** Math.ceil(Math.log2(distance / dense));
}
