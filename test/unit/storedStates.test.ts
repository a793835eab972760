import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import type { ArchivedPlace, ArchivedState } from "../../src/core/states/stateArchive.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { StoredStates, type StoredStatesOptions } from "../../src/storedStates/storedStates.js";
import { inTemporaryFolder } from "../support/temporary.js";

const uri = "file:///src/a.ts";
const floats = 25_000;

/** A state that has read `count` tokens, all of them `token`. */
function stateOf(token: number, count = 100, size = floats): ArchivedState {
  const prefix = new TokenPrefix(emptyBlockHash("m"), 0, new Array<TokenId>(count).fill(token as TokenId));
  return { prefix, state: { data: Float32Array.from({ length: size }, (_, i) => token + Math.sin(i)) } };
}

const placeOf = ({ prefix: { key, tokenCount } }: ArchivedState): ArchivedPlace => ({ offset: tokenCount, textKey: key, stateKey: key }); // prettier-ignore

function storedIn(folder: string, options: Partial<StoredStatesOptions> = {}): StoredStates {
  return new StoredStates({
    folder: path.join(folder, "states"),
    model: "m",
    maxBytes: () => 2 ** 24,
    isAllowed: () => true,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** Saves states of a document. @returns the places that are kept. */
async function save(
  stored: StoredStates,
  states: readonly ArchivedState[],
  of = uri,
): Promise<readonly ArchivedPlace[]> {
  let places: readonly ArchivedPlace[] = [];
  stored.save(of, {
    places: states.map(placeOf),
    find: ({ stateKey }) => states.find(({ prefix }) => prefix.key === stateKey),
    onSaved: (kept) => (places = kept),
  });
  await stored.flush(60_000);
  return places;
}

const filesIn = (folder: string): string[] => readdirSync(path.join(folder, "states")).sort();
const bytesIn = (folder: string): number =>
  filesIn(folder).reduce((sum, name) => sum + statSync(path.join(folder, "states", name)).size, 0);

test("states are read as they were written, and only those that a document still has are kept", () =>
  inTemporaryFolder(async (folder) => {
    const states = [stateOf(1), stateOf(2, 64), stateOf(3, 130)];
    assert.deepEqual(await save(storedIn(folder), states), states.map(placeOf));
    const again = storedIn(folder); // as after a restart
    assert.deepEqual(await again.placesOf(uri), states.map(placeOf));
    for (const { prefix, state } of states) {
      const read = await again.read(prefix.key);
      assert.equal(read?.prefix.key, prefix.key);
      assert.deepEqual(Buffer.from(read.state.data.slice().buffer), Buffer.from(state.data.buffer));
    }
    await save(again, states.slice(1));
    assert.equal(filesIn(folder).filter((name) => name.endsWith(".state")).length, 2);
    assert.equal(await again.read(states[0]!.prefix.key), undefined);
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

test("a file that is damaged, cut, of another model or not ours is ignored and deleted", () =>
  inTemporaryFolder(async (folder) => {
    const [first, other] = [stateOf(1, 100, 16), stateOf(2, 100, 16)];
    const stored = storedIn(folder);
    await save(stored, [first, other]);
    const find = (extension: string): string => filesIn(folder).find((name) => name.endsWith(extension))!;
    const [states, places] = [".state", ".places"].map((extension) => path.join(folder, "states", find(extension)));
    const isOfFirst = readFileSync(states!).includes(`[${new Array(36).fill(1).join(",")}]`);
    const { key } = (isOfFirst ? first : other).prefix;
    const check = async (file: string, content: Uint8Array, about: string): Promise<void> => {
      writeFileSync(file, content);
      const read = file === states ? await stored.read(key) : (await stored.placesOf(uri))[0];
      assert.equal(read, undefined, about);
      assert.ok(!filesIn(folder).includes(path.basename(file)), `${about} is deleted`);
    };
    for (const file of [states!, places!]) {
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length; at += 5) {
        const changed = Buffer.from(whole);
        changed[at]! ^= 0x10;
        await check(file, changed, `byte ${at}`);
        await check(file, whole.subarray(0, at), `${at} bytes`);
      }
      await check(file, Buffer.concat([whole, Buffer.from("x")]), "a longer one");
      await check(file, Buffer.from("#!/bin/sh\n"), "a foreign one");
      writeFileSync(file, whole);
    }
    assert.equal((await stored.read(key))?.prefix.key, key);
    // A state of the same model under the name of another one.
    const names = filesIn(folder).filter((name) => name.endsWith(".state"));
    const swapped = path.join(
      folder,
      "states",
      names.find((name) => name !== path.basename(states!))!,
    );
    await check(states!, readFileSync(swapped), "another state");

    const foreign = storedIn(folder, { model: "n" });
    const mine = stateOf(1, 100, 16);
    await save(foreign, [mine]);
    const [ofOther] = filesIn(folder).filter((name) => name.endsWith(".state") && !names.includes(name));
    await check(states!, readFileSync(path.join(folder, "states", ofOther!)), "one of another model");
  }));

test("states of several models share the limit, and the oldest go first", () =>
  inTemporaryFolder(async (folder) => {
    const maxBytes = 2 ** 20;
    const limited = (model: string): StoredStates => storedIn(folder, { model, maxBytes: () => maxBytes });
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
    // A lower limit holds from the next time on.
    const [last] = states.slice(-1);
    await save(storedIn(folder, { model: "n", maxBytes: () => maxBytes / 4 }), [last!], "file:///11.ts");
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
    assert.equal(await storedIn(folder, { maxBytes: () => 0 }).read(stateOf(1).prefix.key), undefined);
    assert.deepEqual(await storedIn(folder, { isAllowed: () => false }).placesOf(uri), []);
  }));

test("what killed writers left is deleted, not what another window writes just now", () =>
  inTemporaryFolder(async (folder) => {
    await save(storedIn(folder), [stateOf(1)]);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const [killed, old, recent] = [`a.state.${pid}-ab.tmp`, `b.state.${process.pid}-ab.tmp`, `c.state.${process.pid}-cd.tmp`]; // prettier-ignore
    for (const name of [killed, old, recent]) writeFileSync(path.join(folder, "states", name), "x");
    utimesSync(path.join(folder, "states", old), 1000, 1000);
    await save(storedIn(folder), [stateOf(2)]);
    assert.deepEqual(
      filesIn(folder).filter((name) => name.endsWith(".tmp")),
      [recent],
    );
  }));

test("writing in the background pauses, and a flush does not wait for it", () =>
  inTemporaryFolder(async (folder) => {
    const stored = storedIn(folder, { maxBytes: () => 2 ** 30 });
    const states = Array.from({ length: 40 }, (_, i) => stateOf(i, 100, 2 ** 16)); // 10 MB: 1.3 s with the pauses
    const places = states.map(placeOf);
    let kept = 0;
    const find = ({ stateKey }: ArchivedPlace): ArchivedState | undefined =>
      states.find(({ prefix }) => prefix.key === stateKey);
    stored.save(uri, { places, find, onSaved: (now) => (kept = now.length) });
    await stored.flush(0);
    assert.ok(kept <= 1, `${kept} after the end of the time`);
    stored.save(uri, { places, find, onSaved: (now) => (kept = now.length) });
    await stored.flush(60_000);
    assert.equal(kept, 40);
  }));

test("a full disk loses nothing but what did not fit, and is reported once", async (t) => {
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
      const left = await Promise.all(states.map(({ prefix }) => stored.read(prefix.key)));
      const whole = left.filter((one) => one !== undefined);
      assert.ok(whole.length >= 3 && whole.length < 8, `${whole.length}`);
      for (const one of whole)
        assert.deepEqual(one.state.data, states.find(({ prefix }) => prefix.key === one.prefix.key)!.state.data);
    } finally {
      spawnSync("umount", [mounted]);
    }
  });
});
