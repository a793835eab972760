import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { Checkpoint } from "./checkpoint.js";

/** A checkpoint and its place: the token offset up to which the document was read. Edits before the place move it. */
export interface Anchor {
  readonly offset: number;
  readonly checkpoint: Checkpoint;
  /**
   * The tokens that were before the anchor when it was last converged. Undefined if it was exact then, or if the text
   * has not changed since.
   */
  readonly convergedIn?: TokenPrefix | undefined;
}

/** The tokens that were before a stale anchor when it was last exact or converged. */
export function textBefore({ checkpoint, convergedIn }: Anchor): TokenPrefix {
  return convergedIn ?? checkpoint.prefix;
}
