import { blockTokens } from "../document/tokenChain.js";

/** Where checkpoints of one document are worth their bytes. */
export interface SpacingZone {
  /** Tokens before the place where the user works. */
  readonly cursor: number;
  /** Tokens of the whole document. */
  readonly tokenCount: number;
  /** How many states the document may keep. */
  readonly states: number;
}

/**
 * True where a checkpoint behind `tokenCount` tokens is on the grid: every block near the cursor, every second one
 * beyond the dense zone, every fourth beyond twice that … The grids are nested, so thinning only ever deletes.
 */
export function isOnGrid(tokenCount: number, zone: SpacingZone): boolean {
  if (tokenCount % blockTokens !== 0) return false;
  const block = tokenCount / blockTokens;
  return block % gridBlocks(Math.abs(tokenCount - zone.cursor), denseTokens(zone)) === 0;
}

/**
 * How far from the cursor every block is kept. Half of the states at the most lie there; each doubling of the distance
 * halves the density and so takes half as many again, and all of them together must fit.
 */
export function denseTokens({ tokenCount, states }: SpacingZone): number {
  const most = Math.floor(states / 2) * blockTokens;
  if (tokenCount <= most) return Math.max(most, blockTokens);
  let dense = most;
  for (let i = 0; i < 8; i++) {
    const doublings = Math.max(0, Math.ceil(Math.log2(tokenCount / Math.max(dense, blockTokens))));
    dense = Math.min(most, Math.floor(states / (1 + doublings / 2)) * blockTokens);
  }
  return Math.max(dense, blockTokens);
}

function gridBlocks(distance: number, dense: number): number {
  if (distance <= dense) return 1;
  return 2 ** Math.ceil(Math.log2(distance / dense));
}
