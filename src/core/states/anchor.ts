import type { Checkpoint } from "./checkpointStore.js";

/** A checkpoint and its place: the token offset up to which the document was read. Edits before the place move it. */
export interface Anchor {
  readonly offset: number;
  readonly checkpoint: Checkpoint;
}
