import assert from "node:assert/strict";
import test from "node:test";
import { Scheduler, type Priority } from "../../src/core/states/scheduler.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";

test("runs are executed one at a time, most urgent first, equal ones in order of arrival", async () => {
  const scheduler = new Scheduler();
  const order: string[] = [];
  let running = 0;
  const ask = (priority: Priority, name: string): Promise<void> =>
    scheduler.run(priority, neverCancelled, async () => {
      running++;
      assert.equal(running, 1);
      order.push(name);
      await Promise.resolve();
      running--;
    });
  await Promise.all([
    ask("background", "first"),
    ask("background", "late"),
    ask("command", "command"),
    ask("inline", "one"),
    ask("inline", "two"),
  ]);
  assert.deepEqual(order, ["first", "one", "two", "command", "late"]);
});

test("a run begins before `run` returns if none is in progress", async () => {
  const scheduler = new Scheduler();
  const begun: number[] = [];
  const ask = (run: number): Promise<void> =>
    scheduler.run("inline", neverCancelled, async () => {
      begun.push(run);
    });
  const first = ask(1);
  assert.deepEqual(begun, [1]);
  const second = ask(2);
  assert.deepEqual(begun, [1]);
  await Promise.all([first, second]);
  assert.deepEqual(begun, [1, 2]);
});

test("a run cancelled while waiting is not executed", async () => {
  const scheduler = new Scheduler();
  const cancellation = { isCancellationRequested: false };
  let ran = false;
  const first = scheduler.run("inline", neverCancelled, async () => undefined);
  const second = scheduler.run("inline", cancellation, async () => {
    ran = true;
  });
  cancellation.isCancellationRequested = true;
  await first;
  await assert.rejects(second, Cancelled);
  assert.equal(ran, false);
});

test("a failed run does not block the next one", async () => {
  const scheduler = new Scheduler();
  await assert.rejects(
    scheduler.run("inline", neverCancelled, () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await scheduler.run("inline", neverCancelled, async () => 7), 7);
});
