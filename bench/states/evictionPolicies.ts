import { lossOf } from "../../src/core/states/checkpointValue.js";

/** What policies know about a stored state. */
export interface PlacedState {
  readonly document: DocumentPlaces;
  offset: number;
  /** Time at which it was saved or last used. */
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

/** The assumed cost of losing a state between two others, by their offsets. The cheapest state is evicted. */
export type Policy = (state: PlacedState, previous: number, next: number) => number;

/** A position far away from any text. */
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
