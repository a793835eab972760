import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { IndexedFiles } from "../../src/workspace/indexedFiles.js";
import type { StoredFile } from "../../src/workspace/indexFormat.js";
import { StoredIndex } from "../../src/workspace/storedIndex.js";
import { inTemporaryFolder } from "../support/temporary.js";

const fileOf = (name: string): StoredFile => ({
  path: `/w/${name}.ts`,
  modifiedMs: 1,
  bytes: 1,
  tokens: Uint16Array.of(7),
});

/** A stand-in for indexed files with these names. Reading each file calls `onFile`. */
function filesOf(names: string, changes: number, onFile: () => void = () => undefined): IndexedFiles {
  const stored = function* (): Generator<StoredFile> {
    for (const name of names) {
      onFile();
      yield fileOf(name);
    }
  };
  return { changes, stored } as unknown as IndexedFiles; // only these members are used
}

const namesIn = async (index: StoredIndex): Promise<string[]> =>
  (await index.read()).map((file) => path.posix.basename(file.path, ".ts"));

test("an index is saved if it has changed since the last time, even if no file is left in it", () =>
  inTemporaryFolder(async (folder) => {
    const index = new StoredIndex(folder, ["/w"], "v");
    await index.save(filesOf("a", 0));
    assert.deepEqual([await namesIn(index), readdirSync(folder)], [[], []]);
    await index.save(filesOf("ab", 2));
    await index.save(filesOf("c", 2));
    assert.deepEqual(await namesIn(index), ["a", "b"]);
    await index.save(filesOf("", 3));
    assert.deepEqual(await namesIn(index), []);
    assert.match(readdirSync(folder).join(), /^[\da-f]{24}\.index$/);
    await index.delete(filesOf("", 4));
    assert.deepEqual(readdirSync(folder), []);
    await index.save(filesOf("d", 4));
    assert.deepEqual(readdirSync(folder), []);
  }));

test("each list of folders has its own index, and so has each vocabulary", () =>
  inTemporaryFolder(async (folder) => {
    const indexes = [new StoredIndex(folder, ["/w"], "v"), new StoredIndex(folder, ["/w", "/x"], "v"), new StoredIndex(folder, ["/w"], "u")]; // prettier-ignore
    for (const [i, index] of indexes.entries()) await index.save(filesOf(`${i}`, 1));
    for (const [i, index] of indexes.entries()) assert.deepEqual(await namesIn(index), [`${i}`]);
  }));

test("a save that fails is reported to its caller, and the next one begins anew", () =>
  inTemporaryFolder(async (folder) => {
    const index = new StoredIndex(path.join(folder, "kept"), ["/w"], "v");
    const unreadable = (): never => {
      throw new Error("unreadable");
    };
    await assert.rejects(index.save(filesOf("a", 1, unreadable)), /unreadable/);
    await index.settled();
    await index.save(filesOf("a", 1));
    assert.deepEqual(await namesIn(index), ["a"]);
  }));

test("while files are collected, other work gets a turn every five milliseconds", (t) =>
  inTemporaryFolder(async (folder) => {
    // The clock's times: at the start of the save, after each file, and once more after each turn of the event loop.
    const times = [100, 104.9, 105, 106, 110.9, 111, 111, 111];
    t.mock.method(performance, "now", () => times.shift() ?? 0);
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    t.after(() => (isDone = true)); // also if an assertion fails
    setImmediate(count);
    const turnsBefore: number[] = [];
    await new StoredIndex(folder, ["/w"], "v").save(filesOf("abcde", 1, () => turnsBefore.push(turns)));
    const [a, b, c, d, e] = turnsBefore as [number, number, number, number, number];
    assert.deepEqual([b - a, c > b, d - c, e > d], [0, true, 0, true]);
  }));
