import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { dialogs, editorVersion, lastArguments } from "../support/vscodeStandIn.js";
import { Snooze } from "../../src/extension/snooze.js";

/** A `Snooze` in some version of VS Code. `changes` records the end time, in milliseconds, after each change. */
function snoozeIn(t: TestContext, version: string) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  editorVersion.value = version;
  lastArguments.length = 0;
  const snooze = new Snooze();
  const changes: (number | undefined)[] = [];
  snooze.onDidChange(() => changes.push(snooze.untilMs));
  t.after(() => {
    snooze.dispose();
    editorVersion.value = "1.0.0";
  });
  return { snooze, changes, timers: t.mock.timers };
}

test("the user chooses how long, and when that time is over the snooze has ended", async (t) => {
  const { snooze, changes, timers } = snoozeIn(t, "1.106.0");
  dialogs.reset("15 minutes");
  await snooze.start();
  assert.deepEqual(dialogs.shown, ["5 minutes", "15 minutes", "30 minutes", "1 hour", "2 hours", "4 hours"]);
  assert.deepEqual(dialogs.changed, ["editor.action.inlineSuggest.snooze"]);
  assert.deepEqual(lastArguments, [15]);
  timers.tick(15 * 60_000 - 1);
  assert.deepEqual(changes, [15 * 60_000]);
  assert.equal(snooze.mayLast, true);
  timers.tick(1);
  assert.deepEqual(changes, [15 * 60_000, undefined]);
  assert.equal(snooze.mayLast, false);
});

test("a snooze that ended while the machine was asleep is not reported any more", async (t) => {
  const { snooze, timers } = snoozeIn(t, "1.106.0");
  dialogs.reset("15 minutes");
  await snooze.start();
  timers.setTime(15 * 60_000 - 1); // changes the clock, but runs no timers
  assert.equal(snooze.untilMs, 15 * 60_000);
  timers.setTime(15 * 60_000);
  assert.equal(snooze.untilMs, undefined);
});

test("another choice replaces the first, and without a choice nothing changes", async (t) => {
  const { snooze, changes, timers } = snoozeIn(t, "2.0.0");
  dialogs.reset("5 minutes");
  await snooze.start();
  dialogs.reset("1 hour");
  await snooze.start();
  dialogs.reset();
  await snooze.start();
  assert.deepEqual(dialogs.changed, []);
  timers.tick(5 * 60_000);
  assert.deepEqual(changes, [5 * 60_000, 60 * 60_000]);
});

test("a snooze ends when the user ends it, and when VS Code requests suggestions again", async (t) => {
  const { snooze, changes } = snoozeIn(t, "1.139.1");
  snooze.requested();
  dialogs.reset("5 minutes");
  await snooze.start();
  await snooze.end();
  await snooze.start();
  snooze.requested();
  assert.deepEqual(changes, [5 * 60_000, undefined, 5 * 60_000, undefined]);
});

test("an older VS Code asks for the duration itself, so the extension does not know it", async (t) => {
  const { snooze, changes } = snoozeIn(t, "1.105.1");
  dialogs.reset("5 minutes");
  await snooze.start();
  assert.deepEqual(dialogs.shown, []);
  assert.deepEqual(dialogs.changed, ["editor.action.inlineSuggest.snooze"]);
  assert.deepEqual(lastArguments, []);
  assert.deepEqual([snooze.mayLast, ...changes], [true, undefined]);
});
