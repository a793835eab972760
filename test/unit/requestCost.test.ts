import assert from "node:assert/strict";
import test from "node:test";
import { requestCost, savedCost, type RequestConditions } from "../../src/core/states/requestCost.js";

/** The cursor is so far away that all requests are equally likely. */
const far = { cursorToken: 1e9, weight: 1 };
const range = { from: 1000, to: 1100 };
/** Costs of different magnitudes, so that a sum shows which of them it contains. */
const costs = { converged: 10, window: 1000, neverExact: 1e5, backgroundToken: 0.5 };
const distinct: RequestConditions = { likelihood: far, maxGapTokens: 100, costs };
const usual: RequestConditions = { likelihood: far, maxGapTokens: 100 };
const patient: RequestConditions = { likelihood: far, maxGapTokens: Infinity };

for (const [claim, any, exact, conditions, expected] of [
  ["the tokens up to each from an exact state", 1000, 1000, distinct, 100 * 50],
  [
    "the tokens from a rounded state, and the errors, if the exact state stays too far away",
    1000,
    0,
    distinct,
    100 * 50 + 10 * 100 * 100 + 1e5 * 100 * 100,
  ],
  [
    "the tokens from the exact state as far as a request can read, then the tokens from the rounded state, and reading in the background",
    1000,
    950,
    distinct,
    50 * 75 + 50 * 75 + 10 * 100 * 50 + 0.5 * 50 * 125,
  ],
  [
    "a window if both are too far away, and reading in the background",
    500,
    500,
    distinct,
    1000 * 100 * 100 + 0.5 * 100 * 550,
  ],
  [
    "reading in the background only as far as eight times what a request can read",
    1000,
    250,
    distinct,
    100 * 50 + 10 * 100 * 100 + 0.5 * 50 * 775 + 1e5 * 100 * 50,
  ],
  ["only tokens for a request that may read any number of them", 500, 500, patient, 100 * 550],
  [
    "by default, once what a request can read for errors and four times for an exact state out of reach",
    1000,
    0,
    usual,
    55_000,
  ],
  [
    "by default, four times that for a window and 0.3 for each token in the background",
    500,
    500,
    usual,
    40_000 + 16_500,
  ],
  ["more in a likelier document", 1000, 1000, { ...distinct, likelihood: { ...far, weight: 2 } }, 2 * 100 * 50],
  [
    "four times as much at the cursor, and its own request 64 times besides",
    1000,
    1000,
    { ...distinct, likelihood: { cursorToken: 1050, weight: 2 } },
    2 * (4 * 100 * 50 + 64 * 50.5),
  ],
] as const) {
  test(`requests in a range cost ${claim}`, () => {
    const cost = requestCost(range, { any, exact }, conditions);
    assert.ok(Math.abs(cost - expected) < 1e-6 * expected, `${cost} instead of ${expected}`);
  });
}

for (const [claim, isRounded, before, conditions, expected] of [
  ["within the distance of the state before", false, { any: 900, exact: 900 }, patient, 100 * 150 - 100 * 50],
  ["within a block at least", false, { any: 990, exact: 990 }, patient, 64 * (32 + 10) - 64 * 32],
  ["a window, if it is exact", false, { any: 900, exact: 900 }, usual, 44_500 - 5000],
  ["less, if it is rounded", true, { any: 900, exact: 900 }, usual, 44_500 - 19_500],
] as const) {
  test(`a state saves the requests after it ${claim}`, () => {
    const saved = savedCost({ offset: 1000, isRounded }, before, conditions);
    assert.ok(Math.abs(saved - expected) < 1e-6 * expected, `${saved} instead of ${expected}`);
  });
}
