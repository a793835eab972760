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
