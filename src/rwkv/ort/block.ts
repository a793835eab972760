import type { Dimensions } from "../architecture.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";

/** One tensor of the recurrent state, in and out of each run. */
export interface StatePart {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its value before the first token. */
  readonly empty: number;
}

/** What a block adds to the residual stream is added by the norm that follows (SkipLayerNormalization). */
export interface Stream {
  /** [T, C] */
  readonly x: Value;
  /** What is still to be added to x; undefined at the start. */
  readonly delta: Value | undefined;
}

/** Adds one block of a version to the graph. */
export type BlockBuilder = (stream: Stream, parts: BlockParts) => Stream;

/** What the blocks of one version share. */
export interface BlockParts {
  readonly graph: GraphBuilder;
  /** A vector or a low-rank matrix by its name within the block, fp32, as stored. */
  readonly vector: (name: string, shape?: readonly number[]) => Value;
  /** x times a big matrix of the block. */
  readonly linear: (x: Value, name: string) => Value;
  /** The norm of the stream with the delta added: the normed value, and the sum. */
  readonly norm: (stream: Stream, name: string) => { readonly normed: Value; readonly x: Value };
  /** The row before each row: the state's for the first; and keeps the last row as the state. */
  readonly shift: (normed: Value, name: string) => Value;
  readonly dimensions: Dimensions;
  readonly block: number;
}
