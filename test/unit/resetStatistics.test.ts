import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { isResetWanted } from "../../src/extension/statistics/resetQuestion.js";
import { statisticsFacts } from "../support/statisticsFacts.js";

const { counts } = statisticsFacts();

test("a reset of the statistics asks first, and lists the deleted data", async () => {
  dialogs.reset();
  assert.equal(await isResetWanted(counts), false);
  assert.deepEqual(dialogs.shown, [
    "Reset the statistics of completions?",
    "The counts since October 1, 2026 (400 suggestions) will be deleted.",
  ]);
  dialogs.reset("Reset");
  assert.equal(await isResetWanted(counts), true);
});
