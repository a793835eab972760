import { lossOf } from "../../src/core/states/checkpointValue.js";

/** The properties of a stored state on which policies depend. */
export interface PlacedState {
  readonly document: DocumentPlaces;
  offset: number;
  /** The value of a counter when the state was saved or last used. The counter counts all such events. */
  usedAt: number;
}

export interface DocumentPlaces {
  /** Ascending by offset. */
  states: PlacedState[];
  tokenCount: number;
  cursorToken: number;
  /** Number of documents that were used more recently. */
  rank: number;
}

/**
 * Estimates the cost of losing a state. `previous` and `next` are its neighbors' offsets. The cheapest state is
 * evicted.
 */
export type Policy = (state: PlacedState, previous: number, next: number) => number;

/** A cursor position so far away from the document's text that all positions in the text are equally likely. */
const nowhere = -1e9;

export const policies: Readonly<Record<string, Policy>> = {
  "least recently used": (state) => state.usedAt,
  "smallest gap": (_, previous, next) => next - previous,
  "tokens × likelihood, all documents alike": ({ document: { cursorToken }, offset }, previous, next) =>
    lossOf(previous, offset, next, { cursorToken, weight: 1 }),
  "tokens × likelihood, recency counts twice": ({ document: { cursorToken, rank }, offset }, previous, next) =>
    lossOf(previous, offset, next, { cursorToken, weight: 1 / (1 + rank) }),
  "tokens × likelihood, all places alike": ({ document: { rank }, offset }, previous, next) =>
    lossOf(previous, offset, next, { cursorToken: nowhere, weight: 1 / Math.sqrt(1 + rank) }),
  "tokens × likelihood": ({ document: { cursorToken, rank }, offset }, previous, next) =>
    lossOf(previous, offset, next, { cursorToken, weight: 1 / Math.sqrt(1 + rank) }),
};
