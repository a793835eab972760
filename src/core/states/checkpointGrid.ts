import { blockTokens } from "../tokens/tokenPrefix.js";

/** Where checkpoints of one document are worth their bytes. */
export interface GridZone {
  /** Tokens before the place where the user works. */
  readonly cursorToken: number;
  /** Tokens of the whole document. */
  readonly tokenCount: number;
  /** How many states the document may keep. */
  readonly maxStates: number;
}

/**
 * True where a checkpoint behind `tokenCount` tokens is on the grid: every block near the cursor, every second one
 * beyond the dense zone, every fourth beyond twice that … The grids are nested, so thinning only ever deletes.
 */
export function isOnGrid(tokenCount: number, zone: GridZone): boolean {
  if (tokenCount % blockTokens !== 0) return false;
  const block = tokenCount / blockTokens;
  return block % gridStep(Math.abs(tokenCount - zone.cursorToken), denseTokens(zone)) === 0;
}

/** How far from the cursor every block is kept: as far as all states of the grid together fit the number allowed. */
export function denseTokens(zone: GridZone): number {
  let dense = zone.maxStates * blockTokens;
  while (dense > blockTokens && statesOnGrid(zone, dense) > zone.maxStates) dense *= 0.9;
  return Math.max(blockTokens, Math.floor(dense / blockTokens) * blockTokens);
}

/** Each doubling of the distance halves the density, and so takes half as many states as the dense zone on its side. */
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
