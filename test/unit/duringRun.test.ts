import assert from "node:assert/strict";
import test from "node:test";
import { duringRun } from "../../src/core/states/duringRun.js";

test("the work is done while the run is in progress", async () => {
  const order: string[] = [];
  const run = async (): Promise<number> => {
    order.push("run begins");
    await new Promise(setImmediate);
    order.push("run ends");
    return 1;
  };
  assert.deepEqual(await duringRun(run(), () => order.push("work")), [1, 2]);
  assert.deepEqual(order, ["run begins", "work", "run ends"]);
});

test("if the work fails, its error comes after the end of the run; if both fail, that of the run", async () => {
  let hasEnded = false;
  const run = async (): Promise<void> => {
    await new Promise(setImmediate);
    hasEnded = true;
  };
  const failing = (): void => {
    throw new Error("work");
  };
  await assert.rejects(duringRun(run(), failing), /work/);
  assert.ok(hasEnded);
  await assert.rejects(duringRun(Promise.reject(new Error("run")), failing), /run/);
});
