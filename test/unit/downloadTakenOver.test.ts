import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { DownloadLock } from "../../src/hub/downloadLock.js";
import { HashedFile } from "../../src/hub/hashedFile.js";
import type { DownloadProgress } from "../../src/hub/remoteFile.js";
import { failureOf, fetching, fileAt, url, withHub } from "../support/downloading.js";
import { inTemporaryFolder } from "../support/temporary.js";

const signal = new AbortController().signal;

test("a hash is refused if another process has written into the file", () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "a.part");
    const hashed = await HashedFile.open(file, signal, () => undefined);
    await hashed.append(Buffer.from("one"));
    appendFileSync(file, "two");
    assert.deepEqual(await failureOf(hashed.sha256()), { kind: "takenOver" });
    await hashed.close();
  }));

test("an attempt writes nothing more once another process has the lock", () =>
  withHub(async (hub, folder) => {
    hub.chunkDelayMs = 30;
    const lock = path.join(folder, "model.gguf.lock");
    let bytesWhenTaken = Infinity;
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind !== "receiving" || bytesWhenTaken !== Infinity) return;
      bytesWhenTaken = progress.bytes;
      writeFileSync(lock, JSON.stringify({ id: "another", pid: process.pid, host: "another machine" }));
    };
    assert.deepEqual(await failureOf(fetching(fileAt(url(hub)), folder, { onProgress })), { kind: "takenOver" });
    assert.match(readFileSync(lock, "utf8"), /"another"/, "the lock of the other process stays");
    assert.ok(!readdirSync(folder).includes("model.gguf"));
  }));

test("a lock of another namespace of process ids is stale only without heartbeats", () =>
  inTemporaryFolder(async (folder) => {
    const target = path.join(folder, "model");
    const owner = new DownloadLock(target);
    assert.ok(await owner.tryAcquire());
    const file = `${target}.lock`;
    const { id, host } = JSON.parse(readFileSync(file, "utf8")) as { id: string; host: string };
    writeFileSync(file, JSON.stringify({ id, pid: 2 ** 22 + 1, host: `${host} in a container` }));
    assert.equal(await new DownloadLock(target).tryAcquire(), false);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file, longAgo, longAgo);
    const next = new DownloadLock(target);
    assert.ok(await next.tryAcquire());
    await Promise.all([owner.release(), next.release()]);
    assert.deepEqual(readdirSync(folder), []);
  }));

test("the owner notices with a heartbeat that its lock was taken", () =>
  inTemporaryFolder(async (folder) => {
    const target = path.join(folder, "model");
    const owner = new DownloadLock(target, 5);
    assert.ok(await owner.tryAcquire());
    const lost = new Promise<void>((resolve) => {
      owner.lost.addEventListener("abort", () => {
        resolve();
      });
    });
    const keepAlive = setInterval(() => undefined, 1000); // the lock's timer does not keep the process alive
    writeFileSync(`${target}.lock`, JSON.stringify({ id: "another", pid: process.pid, host: "another machine" }));
    await lost;
    clearInterval(keepAlive);
    await owner.release();
    assert.deepEqual(readdirSync(folder), ["model.lock"]);
  }));
