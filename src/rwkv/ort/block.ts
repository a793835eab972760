import type { Dimensions } from "../architecture.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";

/** One tensor of the recurrent state, an input and an output of each run. */
export interface StatePart {
  readonly name: string;
  readonly shape: readonly number[];
  /** The value of all elements before the first token. */
  readonly empty: number;
}

/**
 * The residual stream. Adding a block's output to it is left to the next norm, so that one operator
 * (SkipLayerNormalization) does both.
 */
export interface Stream {
  /** [T, C] */
  readonly x: Value;
  /** The last output, not yet added to x; undefined at the start. [T, C] */
  readonly delta: Value | undefined;
}

/** Adds one block to the graph. */
export type BlockBuilder = (stream: Stream, parts: BlockParts) => Stream;

/** Passed to each block builder: the graph, and functions that add common parts of a block to it. */
export interface BlockParts {
  readonly graph: GraphBuilder;
  /** The block's vector or low-rank matrix of this name, in fp32. Its dimensions have the same order as in the file. */
  readonly vector: (name: string, shape?: readonly number[]) => Value;
  /** x times a large matrix of the block. */
  readonly linear: (x: Value, name: string) => Value;
  /** Adds the stream's delta to its x and normalizes the sum. Returns both; the returned `x` is the sum. */
  readonly norm: (stream: Stream, name: string) => { readonly normed: Value; readonly x: Value };
  /**
   * Token shift: each row is replaced by the previous row, and the first row by the state. The last row becomes the new
   * state.
   */
  readonly shift: (normed: Value, name: string) => Value;
  readonly dimensions: Dimensions;
  readonly block: number;
}
