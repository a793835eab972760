import type { PackedState, State } from "../model.js";

/** How the states of a document are packed when the store is full. */
export interface Packing {
  pack(state: State): PackedState | undefined;
  /** The number of tokens that a request can read. */
  maxGapTokens(): number;
}

/** How much more it costs to lose a state if no request can read the gap that is left. */
const unreadableFactor = 4;

/** By how much the cost of losing a state grows with the gap that is left. */
export function gapFactor(gapTokens: number, packing: Packing | undefined): number {
  return packing !== undefined && gapTokens > packing.maxGapTokens() ? unreadableFactor : 1;
}
