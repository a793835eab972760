import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { deleteIndexFile, readIndexFile, writeIndexFile } from "../../src/workspace/indexFile.js";
import type { StoredFile } from "../../src/workspace/indexFormat.js";
import { inTemporaryFolder } from "../support/temporary.js";

const files: readonly StoredFile[] = [{ path: "/w/a.ts", modifiedMs: 1, bytes: 2, tokens: Uint16Array.of(3) }];
const mebibyte = 2 ** 20;

/** Makes a file of this size without writing it, last changed some minutes ago. */
function put(folder: string, name: string, bytes: number, ageMinutes: number): void {
  const file = path.join(folder, name);
  writeFileSync(file, "");
  truncateSync(file, bytes);
  const time = Date.now() / 1000 - 60 * ageMinutes;
  utimesSync(file, time, time);
}

/** Writes the index `own.index` into a folder with these other files. @returns the names that are left. */
function leftOf(others: readonly (readonly [string, number, number])[]): Promise<string[]> {
  return inTemporaryFolder(async (folder) => {
    for (const [name, bytes, age] of others) put(folder, name, bytes, age);
    assert.equal(await writeIndexFile(path.join(folder, "own.index"), "v", files), true);
    return readdirSync(folder).sort();
  });
}

type Case = readonly [string, readonly (readonly [string, number, number])[], readonly string[]];
const cases: readonly Case[] = [
  ["other indexes within 400 MiB", [["a.index", 199 * mebibyte, 2], ["b.index", 200 * mebibyte, 1]], ["a.index", "b.index", "own.index"]],
  ["other indexes of 400 MiB, which are too much with the own one", [["a.index", 200 * mebibyte, 2], ["b.index", 200 * mebibyte, 1]], ["b.index", "own.index"]],
  ["the oldest ones, whatever their names", [["a.index", 300 * mebibyte, 1], ["b.index", 50 * mebibyte, 9], ["c.index", 300 * mebibyte, 5]], ["a.index", "own.index"]],
  ["files that are no indexes", [["a.index", 399 * mebibyte, 2], ["b.other", 500 * mebibyte, 1]], ["a.index", "b.other", "own.index"]],
  ["the index that is replaced", [["own.index", 500 * mebibyte, 1], ["a.index", mebibyte, 2]], ["a.index", "own.index"]],
  ["temporary files of ten minutes", [["a.tmp", 1, 11], ["b.tmp", 1, 9], ["c.tmp.index", 1, 99]], ["b.tmp", "c.tmp.index", "own.index"]],
]; // prettier-ignore

for (const [what, others, expected] of cases) {
  test(`an index is written beside ${what}`, async () => {
    assert.deepEqual(await leftOf(others), expected);
  });
}

test("an index is readable by the user alone, and its folder is made", { skip: process.platform === "win32" }, () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "deep/er/x.index");
    assert.equal(await writeIndexFile(file, "v", files), true);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(await readIndexFile(file, "v"), files);
    await deleteIndexFile(file);
    await deleteIndexFile(file);
    assert.deepEqual(readdirSync(path.dirname(file)), []);
  }),
);

test("an index over 80 MiB is not written, and the one before it stays", () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "x.index");
    const large = { ...files[0]!, tokens: new Uint16Array(40 * mebibyte) };
    await writeIndexFile(file, "v", files);
    assert.equal(await writeIndexFile(file, "v", [large]), false);
    assert.deepEqual(await readIndexFile(file, "v"), files);
    assert.deepEqual(readdirSync(folder), ["x.index"]);
  }));

test("a folder, and a file over 80 MiB, are no index", () =>
  inTemporaryFolder(async (folder) => {
    mkdirSync(path.join(folder, "a.index"));
    put(folder, "b.index", 80 * mebibyte + 1, 0);
    for (const name of ["a.index", "b.index"])
      assert.equal(await readIndexFile(path.join(folder, name), "v"), undefined);
  }));

test("a write that fails leaves no temporary file", () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "x.index");
    mkdirSync(path.join(file, "not empty"), { recursive: true });
    await assert.rejects(writeIndexFile(file, "v", files));
    assert.deepEqual(readdirSync(folder), ["x.index"]);
  }));
