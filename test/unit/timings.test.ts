import assert from "node:assert/strict";
import test from "node:test";
import { timings } from "../../src/cli/timings.js";
import type { CompletionCost } from "../../src/core/statistics.js";

const read = "30 tokens read, 7 from a checkpoint, first token after 20 ms";
const costs: readonly (readonly [claim: string, Partial<CompletionCost>, string])[] = [
  ["the first token is part of the reading", { tokensDecoded: 1, ms: 20 }, `${read}, 1 token written`],
  [
    "the tokens after the first are written, at the speed of a second",
    { tokensDecoded: 2, ms: 120 },
    `${read}, 10 tokens/s written`,
  ],
  ["whole numbers are shown", { tokensDecoded: 5, ms: 23.9 }, `${read}, 1026 tokens/s written`],
];

for (const [claim, cost, expected] of costs) {
  test(`the timings of a completion: ${claim}`, () => {
    // The cost has all fields that are shown.
    const whole = { tokensRead: 30, tokensFromCheckpoint: 7, msToFirstToken: 20, ...cost } as CompletionCost;
    assert.equal(timings(whole), expected);
  });
}
