import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { DownloadLock } from "../../src/hub/downloadLock.js";
import { inTemporaryFolder } from "../support/temporary.js";

const longAgo = new Date(1_000_000_000);

test("a lock of another machine is stale 20 seconds after its last heartbeat, and not before", (t) =>
  inTemporaryFolder(async (folder) => {
    const target = path.join(folder, "model");
    writeFileSync(`${target}.lock`, JSON.stringify({ id: "a", pid: process.pid, host: "another machine" }));
    utimesSync(`${target}.lock`, longAgo, longAgo);
    for (const [afterMs, isTaken] of [
      [20_000, false],
      [20_001, true],
    ] as const) {
      const now = t.mock.method(Date, "now", () => longAgo.getTime() + afterMs);
      const lock = new DownloadLock(target);
      assert.equal(await lock.tryAcquire(), isTaken, `${afterMs}`);
      assert.equal(await lock.isHeld(), isTaken);
      now.mock.restore();
      await lock.release();
    }
    assert.deepEqual(readdirSync(folder), []);
  }));

test("a lock has its first heartbeat after three seconds", (t) =>
  inTemporaryFolder(async (folder) => {
    t.mock.timers.enable({ apis: ["setInterval"] });
    const target = path.join(folder, "model");
    const lock = new DownloadLock(target);
    assert.ok(await lock.tryAcquire());
    utimesSync(`${target}.lock`, longAgo, longAgo);
    const isOld = (): boolean => statSync(`${target}.lock`).mtimeMs === longAgo.getTime();
    t.mock.timers.tick(2_999);
    for (let i = 0; i < 5; i++) assert.ok(await lock.isHeld()); // longer than a heartbeat takes
    assert.equal(isOld(), true);
    t.mock.timers.tick(1);
    while (isOld()) await new Promise(setImmediate);
    assert.equal(lock.lost.aborted, false);
    await lock.release();
    assert.deepEqual(readdirSync(folder), []);
  }));

test("the lock of another process stays, and so does a lock that another process has taken in the meantime", () =>
  inTemporaryFolder(async (folder) => {
    const target = path.join(folder, "model");
    const [owner, other] = [new DownloadLock(target), new DownloadLock(target)];
    assert.ok(await owner.tryAcquire());
    assert.equal(await other.tryAcquire(), false);
    await other.release();
    assert.equal(await owner.isHeld(), true);
    const text = JSON.stringify({ id: "another", pid: process.pid, host: "another machine" });
    writeFileSync(`${target}.lock`, text);
    await owner.release();
    assert.equal(readFileSync(`${target}.lock`, "utf8"), text);
  }));

for (const [what, text] of [
  ["a lock that is still being written", ""],
  ["text that is not JSON", "{"],
  ["null", "null"],
  ["no process", JSON.stringify({ id: "a", host: "h" })],
  ["no machine", JSON.stringify({ id: "a", pid: 1 })],
  ["no id", JSON.stringify({ pid: 1, host: "h" })],
] as const) {
  test(`${what} has no owner that could be dead`, () =>
    inTemporaryFolder(async (folder) => {
      const target = path.join(folder, "model");
      writeFileSync(`${target}.lock`, text);
      const lock = new DownloadLock(target);
      assert.deepEqual([await lock.tryAcquire(), await lock.isHeld()], [false, false]);
    }));
}
