import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { Checkpoint } from "./checkpointStore.js";

/** A checkpoint and its place: the token offset up to which the document was read. Edits before the place move it. */
export interface Anchor {
  readonly offset: number;
  readonly checkpoint: Checkpoint;
  /**
   * The tokens before the anchor in the last text in which it was converged. Undefined if it was exact in that text, or
   * if the text has not changed since.
   */
  readonly convergedIn?: TokenPrefix | undefined;
}

/** For a stale anchor, the tokens before it in the last text in which it was exact or converged. */
export function textBefore({ checkpoint, convergedIn }: Anchor): TokenPrefix {
  return convergedIn ?? checkpoint.prefix;
}
