import type { PackedState, State } from "../model.js";

/** How the states of a document can be packed when the store is full. */
export interface Packing {
  /** Bytes of a packed state; undefined if states cannot be packed. */
  readonly packedBytes: number | undefined;
  pack(state: State): PackedState | undefined;
  /** The number of tokens that a request can read. */
  maxGapTokens(): number;
}
