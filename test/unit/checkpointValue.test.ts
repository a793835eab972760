import assert from "node:assert/strict";
import test from "node:test";
import { lossOf } from "../../src/core/states/checkpointValue.js";

const far = { cursorToken: 1_000_000, weight: 1 };
const near = { cursorToken: 500, weight: 1 };
for (const [claim, loss, expected] of [
  ["the tokens to read again, for each token at which a request may be", lossOf(100, 300, 350, far), 200 * 50],
  ["the tokens to read again, for at least one token at which a request may be", lossOf(100, 300, 300, far), 200],
  ["more in a likelier document", lossOf(100, 300, 350, { ...far, weight: 2 }), 2 * 200 * 50],
  [
    "four times as much at the cursor, which itself counts as 64 tokens",
    lossOf(300, 490, 510, near),
    190 * (20 * 4 + 64),
  ],
  [
    "without the 64 tokens if the cursor is before the checkpoint",
    lossOf(300, 501, 521, { ...near, cursorToken: 500 }),
    201 * 20 * (1 + 3 * Math.exp(-11 / 2048)),
  ],
  [
    "less far away",
    lossOf(0, 100, 4396, { cursorToken: 100 + 2148 + 2048, weight: 1 }),
    100 * (4296 * (1 + 3 / Math.E) + 64),
  ],
] as const) {
  test(`the cost of losing a checkpoint is ${claim}`, () => {
    assert.ok(Math.abs(loss - expected) < 1e-6 * expected, `${loss} instead of ${expected}`);
  });
}
