import assert from "node:assert/strict";
import test from "node:test";
import { staleAnchorFor } from "../../src/core/states/staleAnchor.js";
import { opened } from "../support/placedStates.js";

interface Case {
  /** The offsets of the states before the text changes. */
  readonly states: readonly number[];
  readonly place: number;
  readonly leadTokens?: number;
  readonly maxTokens?: number;
  /** The offset at which one token is replaced; `inserted` are further insertions. */
  readonly changeAt?: number;
  readonly inserted?: readonly (readonly [at: number, count: number])[];
}

/** The offset of the stale state that is used for `place` after the text has changed; undefined if none is. */
function staleAt({
  states,
  place,
  leadTokens = 64,
  maxTokens = 1000,
  changeAt = 10,
  inserted = [],
}: Case): number | undefined {
  const { text, checkpoints } = opened(5000, [...states, 4999]);
  text.replace(changeAt, changeAt + 1, Buffer.from(" "));
  for (const [at, count] of inserted) text.replace(at, at, Buffer.from(" ".repeat(count)));
  return staleAnchorFor(checkpoints, place, { leadTokens, maxTokens })?.offset;
}

for (const [claim, at, expected] of [
  ["the nearest one, if a request can read from it", { states: [1000], place: 1100, maxTokens: 100 }, 1000],
  ["none, if no request can read from the nearest one", { states: [1000], place: 1100, maxTokens: 99 }, undefined],
  ["none that has read everything", { states: [10], place: 50 }, undefined],
  ["the nearest one 256 tokens after the change", { states: [200, 267], place: 300 }, 267],
  ["one with a lead, if the nearest is not as far", { states: [200, 266], place: 300 }, 200],
  ["none before the change has faded", { states: [12], place: 14 }, undefined],
  ["one without a lead, once the change has faded, if there is no other", { states: [12], place: 15 }, 12],
  ["one without a lead at the place itself", { states: [15], place: 15 }, 15],
  [
    "one with an eighth more than the lead",
    { states: [1128, 1150], place: 1240, leadTokens: 100, changeAt: 1000 },
    1128,
  ],
  [
    "not one with more than an eighth more than the lead",
    { states: [1127, 1150], place: 1240, leadTokens: 100, changeAt: 1000 },
    1150,
  ],
  [
    "one with a lead of 64 tokens rather than more",
    { states: [1100, 1176], place: 1240, leadTokens: 100, changeAt: 1000 },
    1176,
  ],
  [
    "not one with a lead of fewer than 64 tokens",
    { states: [1100, 1177], place: 1240, leadTokens: 100, changeAt: 1000 },
    1100,
  ],
  ["the nearest one, if none has a lead", { states: [1200], place: 1240, leadTokens: 100, changeAt: 1000 }, 1200],
  [
    "one with four times the lead, before much that has changed shortly above the place",
    { states: [1120, 1160, 1190], place: 1280, leadTokens: 20, inserted: [[1180, 50]] },
    1160,
  ],
  [
    "none if four times the lead is not enough either",
    { states: [1120, 1160, 1190], place: 1280, leadTokens: 10, inserted: [[1180, 50]] },
    undefined,
  ],
] as const satisfies readonly (readonly [string, Case, number | undefined])[]) {
  test(`the stale state for a place is ${claim}`, () => {
    assert.equal(staleAt(at), expected);
  });
}
