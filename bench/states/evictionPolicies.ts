import { lossOf } from "../../src/core/states/checkpointValue.js";

/** A state of a document, as far as a policy looks at it. */
export interface PlacedState {
  readonly document: DocumentPlaces;
  offset: number;
  /** When it was saved or used last. */
  usedAt: number;
}

export interface DocumentPlaces {
  /** Ascending. */
  states: PlacedState[];
  tokenCount: number;
  cursorToken: number;
  /** How many documents were used after it. */
  rank: number;
}

/** What the loss of a state is taken to cost: the cheapest is evicted. */
export type Policy = (state: PlacedState, previous: number, next: number) => number;

/** So far from any text that nothing is near it. */
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
  "tokens × likelihood (used)": ({ document: { cursorToken, rank }, offset }, previous, next) =>
    lossOf(previous, offset, next, { cursorToken, weight: 1 / Math.sqrt(1 + rank) }),
};
