import type { AnyState } from "../model.js";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";

/** A state plus the identity of the tokens it has read. */
export interface Checkpoint {
  readonly key: string;
  readonly prefix: TokenPrefix;
  readonly tokenCount: number;
  /**
   * If the state is packed, `prefix` is rounded. The reverse does not hold: after more tokens are read, the state is no
   * longer packed, but its prefix stays rounded.
   */
  readonly state: AnyState;
}

/** Estimated memory of a checkpoint in addition to its state. */
const overheadBytes = 512;

/** Estimated memory of a checkpoint with a state of `stateBytes`. */
export function bytesWithState(stateBytes: number): number {
  return stateBytes + overheadBytes;
}

export function bytesOf(checkpoint: Checkpoint): number {
  return bytesWithState(checkpoint.state.data.byteLength);
}
