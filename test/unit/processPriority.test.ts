import assert from "node:assert/strict";
import os from "node:os";
import test from "node:test";
import { ProcessPriority } from "../../src/server/priority.js";

test("while somebody waits the process has the level that it was started with, whatever that is", (t) => {
  const { PRIORITY_BELOW_NORMAL, PRIORITY_NORMAL } = os.constants.priority;
  for (const start of [PRIORITY_NORMAL, PRIORITY_BELOW_NORMAL + 5]) {
    let level = start;
    const set = t.mock.method(os, "setPriority", (to: number) => void (level = to));
    const get = t.mock.method(os, "getPriority", () => level);
    const priority = new ProcessPriority();
    priority.set("background");
    assert.ok(level >= start && level >= PRIORITY_BELOW_NORMAL, `${level}`);
    priority.set("normal");
    assert.equal(level, start);
    set.mock.restore();
    get.mock.restore();
  }
});

const { PRIORITY_BELOW_NORMAL: low } = os.constants.priority;
const levels = ["normal", "background", "background", "normal", "normal"] as const;

for (const [claim, mayRaise, expected] of [
  ["is lowered and raised only when that changes it, after a trial of the smallest step", true, [1, 0, low, 0]],
  ["that cannot be raised again stays after the trial", false, [1]],
] as const) {
  test(`a priority ${claim}`, (t) => {
    const set: number[] = [];
    t.mock.method(os, "getPriority", () => 0);
    t.mock.method(os, "setPriority", (to: number) => {
      if (!mayRaise && to < (set.at(-1) ?? 0)) throw new Error("EACCES");
      set.push(to);
    });
    const priority = new ProcessPriority();
    for (const level of levels) priority.set(level);
    assert.deepEqual(set, expected);
  });
}
