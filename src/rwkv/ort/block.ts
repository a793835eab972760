import type { Dimensions } from "../architecture.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";

/** One tensor of the recurrent state, an input and an output of each run. */
export interface StatePart {
  readonly name: string;
  readonly shape: readonly number[];
  /** The value of all elements before the first token. */
  readonly empty: number;
}

/** The residual stream. The addition of a block's output is fused with the next norm (SkipLayerNormalization). */
export interface Stream {
  /** [T, C] */
  readonly x: Value;
  /** The last output, not yet added to x; undefined at the start. [T, C] */
  readonly delta: Value | undefined;
}

/** Adds one block to the graph. */
export type BlockBuilder = (stream: Stream, parts: BlockParts) => Stream;

/** What a block needs to build its part of the graph. */
export interface BlockParts {
  readonly graph: GraphBuilder;
  /** A vector or a low-rank matrix by its name within the block, in fp32 and in the stored order of dimensions. */
  readonly vector: (name: string, shape?: readonly number[]) => Value;
  /** x times a large matrix of the block. */
  readonly linear: (x: Value, name: string) => Value;
  /** Adds the delta to the stream and normalizes the sum. `x` is the sum. */
  readonly norm: (stream: Stream, name: string) => { readonly normed: Value; readonly x: Value };
  /**
   * Token shift: each row is replaced by the previous one, the first by the state. The last row becomes the new state.
   */
  readonly shift: (normed: Value, name: string) => Value;
  readonly dimensions: Dimensions;
  readonly block: number;
}
