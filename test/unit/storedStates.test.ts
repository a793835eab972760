import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { archivedStateOf } from "../../src/core/states/archivedState.js";
import { bytesIn, filesIn, findIn, modelOf, placeOf, save, stateOf, storedIn, uri } from "../support/storedStates.js";
import type { StoredStates } from "../../src/storedStates/storedStates.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("states are read as they were written, and only those that a document still has are kept", () =>
  inTemporaryFolder(async (folder) => {
    const states = [stateOf(1), stateOf(2, 64), stateOf(3, 130)];
    assert.deepEqual(await save(storedIn(folder), states), states.map(placeOf));
    const again = storedIn(folder); // a new instance, as after a restart
    assert.deepEqual(await again.placesOf(uri), states.map(placeOf));
    for (const { prefix, state } of states) {
      const read = await again.read(prefix.digest);
      assert.deepEqual({ ...read, state: undefined }, { ...archivedStateOf({ prefix, state }), state: undefined });
      assert.deepEqual(Buffer.from(read!.state.data.slice().buffer), Buffer.from(state.data.buffer));
    }
    await save(again, states.slice(1));
    assert.equal(filesIn(folder).filter((name) => name.endsWith(".state")).length, 2);
    assert.equal(await again.read(states[0]!.prefix.digest), undefined);
  }));

test("a pipe, a link to a device and a linked folder are not read", { skip: process.platform === "win32" }, () =>
  inTemporaryFolder(async (folder) => {
    await save(storedIn(folder), [stateOf(1)]);
    const places = path.join(
      folder,
      "states",
      filesIn(folder).find((name) => name.endsWith(".places"))!,
    );
    rmSync(places);
    assert.equal(spawnSync("mkfifo", [places]).status, 0);
    assert.deepEqual(await storedIn(folder).placesOf(uri), []);
    rmSync(places);
    symlinkSync("/dev/zero", places);
    assert.deepEqual(await storedIn(folder).placesOf(uri), []);
    const other = path.join(folder, "other");
    mkdirSync(path.join(folder, "linked"), { mode: 0o755 });
    mkdirSync(other);
    symlinkSync(path.join(folder, "linked"), path.join(other, "states"));
    const errors: string[] = [];
    await save(storedIn(other, { onError: (error) => errors.push(String(error)) }), [stateOf(1)]);
    assert.match(errors.join(), /it is a link/);
    assert.deepEqual(readdirSync(path.join(folder, "linked")), []);
    assert.equal(statSync(path.join(folder, "linked")).mode & 0o777, 0o755);
  }),
);

test("only the user can read the files", { skip: process.platform === "win32" }, () =>
  inTemporaryFolder(async (folder) => {
    mkdirSync(path.join(folder, "states"), { mode: 0o755 });
    await save(storedIn(folder), [stateOf(1)]);
    assert.equal(statSync(path.join(folder, "states")).mode & 0o777, 0o700);
    for (const name of filesIn(folder)) assert.equal(statSync(path.join(folder, "states", name)).mode & 0o777, 0o600);
  }),
);

test("states of several models share the limit, and the oldest are deleted first", () =>
  inTemporaryFolder(async (folder) => {
    const maxBytes = 2 ** 20;
    const limited = (id: string): StoredStates => storedIn(folder, { model: modelOf(id), maxBytes: () => maxBytes });
    const states = Array.from({ length: 12 }, (_, i) => stateOf(i));
    for (const [i, state] of states.entries()) {
      await save(limited(i % 2 === 0 ? "m" : "n"), [state], `file:///${i}.ts`);
      assert.ok(bytesIn(folder) <= maxBytes, `${bytesIn(folder)} bytes after ${i}`);
      const time = 1000 + i;
      for (const name of filesIn(folder).slice(0)) {
        const file = path.join(folder, "states", name);
        if (statSync(file).mtimeMs > 1e12) utimesSync(file, time, time);
      }
    }
    const kept = await Promise.all(
      states.map(
        async (state, i) => (await limited(i % 2 === 0 ? "m" : "n").read(placeOf(state).stateKey)) !== undefined,
      ),
    );
    assert.deepEqual(kept, [...new Array<boolean>(4).fill(false), ...new Array<boolean>(8).fill(true)]);
    // If the limit was lowered, the next save applies it.
    const [last] = states.slice(-1);
    await save(storedIn(folder, { model: modelOf("n"), maxBytes: () => maxBytes / 4 }), [last!], "file:///11.ts");
    assert.ok(bytesIn(folder) <= maxBytes / 4, `${bytesIn(folder)} bytes`);
    assert.ok((await limited("n").read(placeOf(last!).stateKey)) !== undefined);
  }));

test("a document whose states exceed the limit keeps the first ones", () =>
  inTemporaryFolder(async (folder) => {
    const states = Array.from({ length: 20 }, (_, i) => stateOf(i));
    const kept = await save(storedIn(folder, { maxBytes: () => 2 ** 20 }), states);
    assert.deepEqual(kept, states.slice(0, kept.length).map(placeOf));
    assert.ok(kept.length >= 8, `${kept.length}`);
    assert.ok(bytesIn(folder) <= 2 ** 20);
  }));

test("nothing is stored or read if the setting is 0 or the document must not be kept", () =>
  inTemporaryFolder(async (folder) => {
    await save(storedIn(folder, { maxBytes: () => 0 }), [stateOf(1)]);
    await save(storedIn(folder, { isAllowed: (of) => of !== uri }), [stateOf(1)]);
    assert.deepEqual(readdirSync(folder), []);
    await save(storedIn(folder), [stateOf(1)]);
    assert.deepEqual(await storedIn(folder, { maxBytes: () => 0 }).placesOf(uri), []);
    assert.equal(await storedIn(folder, { maxBytes: () => 0 }).read(stateOf(1).prefix.digest), undefined);
    assert.deepEqual(await storedIn(folder, { isAllowed: () => false }).placesOf(uri), []);
  }));

test("what killed writers left behind is deleted, but not what another window is writing", () =>
  inTemporaryFolder(async (folder) => {
    await save(storedIn(folder), [stateOf(1)]);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const [killed, old, recent] = [`a.state.${pid}-ab.tmp`, `b.state.${process.pid}-ab.tmp`, `c.state.${process.pid}-cd.tmp`]; // prettier-ignore
    for (const name of [killed, old, recent]) writeFileSync(path.join(folder, "states", name), "x");
    const now = Date.now() / 1000;
    utimesSync(path.join(folder, "states", old), now, now - 610);
    utimesSync(path.join(folder, "states", recent), now, now - 500);
    await save(storedIn(folder), [stateOf(2)]);
    assert.deepEqual(
      filesIn(folder).filter((name) => name.endsWith(".tmp")),
      [recent],
    );
  }));

test("writing in the background pauses, and a flush does not wait for it", () =>
  inTemporaryFolder(async (folder) => {
    const stored = storedIn(folder, { model: modelOf("m", 2 ** 16), maxBytes: () => 2 ** 30 });
    // 10 MB: with the pauses, writing takes 1.3 s.
    const states = Array.from({ length: 40 }, (_, i) => stateOf(i, 100, 2 ** 16));
    const places = states.map(placeOf);
    let kept = 0;
    const find = findIn(states);
    stored.save(uri, { places, find, onSaved: (now) => (kept = now.length) });
    await stored.flush(0);
    assert.ok(kept <= 1, `${kept} after the end of the time`);
    stored.save(uri, { places, find, onSaved: (now) => (kept = now.length) });
    await stored.flush(60_000);
    assert.equal(kept, 40);
  }));

test("if the limit has no room for any state, this is reported once", () =>
  inTemporaryFolder(async (folder) => {
    const errors: string[] = [];
    const { packedStateBytes } = modelOf("a");
    let maxBytes = 8 * packedStateBytes - 1;
    const stored = storedIn(folder, { maxBytes: () => maxBytes, onError: (error) => errors.push(String(error)) });
    await stored.placesOf(uri);
    await stored.placesOf(uri);
    assert.equal(errors.length, 1, errors.join("\n"));
    assert.match(errors[0]!, /takes 1 MB, .* an eighth of rwkvCode.checkpointDiskMB. Set it to 1 or more, or to 0/);
    maxBytes += 1;
    await stored.placesOf(uri);
    maxBytes = 0;
    await stored.placesOf(uri);
    assert.equal(errors.length, 1, errors.join("\n"));
  }));

test("a full disk loses only what did not fit, and is reported once", async (t) => {
  await inTemporaryFolder(async (folder) => {
    const mounted = path.join(folder, "full");
    mkdirSync(mounted);
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "none", mounted]);
    if (mount.status !== 0) {
      t.skip("a small file system can be mounted only by root on Linux");
      return;
    }
    try {
      const errors: string[] = [];
      const onError = (error: unknown): void => {
        errors.push((error as Error).message);
      };
      const stored = storedIn(mounted, { onError });
      const states = Array.from({ length: 8 }, (_, i) => stateOf(i));
      for (let times = 0; times < 3; times++) await save(stored, states);
      assert.deepEqual(errors.length, 1, errors.join("\n"));
      assert.match(errors[0]!, /ENOSPC.*Free some space/);
      assert.ok(filesIn(mounted).every((name) => !name.endsWith(".tmp")));
      let whole = 0;
      for (const { prefix, state } of states) {
        const read = await stored.read(prefix.digest);
        if (read === undefined) continue;
        whole++;
        assert.deepEqual(read.state.data, state.data);
      }
      assert.ok(whole >= 3 && whole < 8, `${whole}`);
    } finally {
      spawnSync("umount", [mounted]);
    }
  });
});
