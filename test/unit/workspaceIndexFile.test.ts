import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { deleteIndexFile, readIndexFile, writeIndexFile } from "../../src/workspace/indexFile.js";
import { decoded, encoded, type StoredFile } from "../../src/workspace/indexFormat.js";
import { inTemporaryFolder, put } from "../support/temporary.js";

const stored: StoredFile[] = [
  { path: "/w/a.ts", modifiedMs: 1.5, bytes: 3, tokens: Uint32Array.from([1, 2, 70_000]) },
  { path: "/w/ö.ts", modifiedMs: 2, bytes: 0, tokens: new Uint32Array() },
];

test("an index is read as it was written, with tokens of two bytes or of four", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "kept/x.index");
    const small = stored.map((one) => ({ ...one, tokens: Uint16Array.from(one.tokens) }));
    for (const files of [stored, small, []]) {
      assert.equal(await writeIndexFile(file, "v", files), true);
      assert.deepEqual(await readIndexFile(file, "v"), files);
    }
    assert.deepEqual(readdirSync(path.dirname(file)), ["x.index"]);
  });
});

test("while a large index is converted, other work gets its turns", async (t) => {
  const tokens = Uint16Array.from({ length: 2 ** 20 }, (_, i) => i);
  const files = Array.from({ length: 8 }, (_, i) => ({ path: `/w/${i}.ts`, modifiedMs: i, bytes: 1, tokens }));
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  t.after(() => (isDone = true)); // also if an assertion fails
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await encoded("v", files)).chunks) chunks.push(chunk);
  assert.ok(turns >= 8, `${turns}`);
  turns = 0;
  assert.deepEqual(await decoded(Buffer.concat(chunks), "v"), files);
  assert.ok(turns >= 16, `${turns}`);
});

test("a damaged, foreign, truncated or missing index is not used", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "x.index");
    await writeIndexFile(file, "v", stored);
    const whole = readFileSync(file);
    assert.equal(await readIndexFile(file, "another vocabulary"), undefined);
    assert.equal(await readIndexFile(path.join(folder, "none.index"), "v"), undefined);
    for (let at = 0; at < whole.length; at += 7) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x40;
      writeFileSync(file, changed);
      assert.equal(await readIndexFile(file, "v"), undefined, `byte ${at}`);
      writeFileSync(file, whole.subarray(0, at));
      assert.equal(await readIndexFile(file, "v"), undefined, `${at} bytes`);
    }
    writeFileSync(file, whole);
    assert.deepEqual(await readIndexFile(file, "v"), stored);
  });
});

const mebibyte = 2 ** 20;

/** Writes `own.index` into a folder that contains other files. @returns the names of the files that remain. */
function leftOf(others: readonly (readonly [string, number, number])[]): Promise<string[]> {
  return inTemporaryFolder(async (folder) => {
    for (const [name, bytes, age] of others) put(folder, name, bytes, age);
    assert.equal(await writeIndexFile(path.join(folder, "own.index"), "v", stored), true);
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
  ["temporary files, of which those of killed writers are older than ten minutes", [["own.index.1-ab.tmp", 1, 11], ["a.tmp", 1, 11], ["own.index.2-cd.tmp", 1, 0], ["b.tmp", 1, 9], ["c.tmp.index", 1, 99]], ["b.tmp", "c.tmp.index", "own.index", "own.index.2-cd.tmp"]],
]; // prettier-ignore

for (const [what, others, expected] of cases) {
  test(`an index is written beside ${what}`, async () => {
    assert.deepEqual(await leftOf(others), expected);
  });
}

test("an index is readable by the user alone, and its folder is made", { skip: process.platform === "win32" }, () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "deep/er/x.index");
    assert.equal(await writeIndexFile(file, "v", stored), true);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(await readIndexFile(file, "v"), stored);
    await deleteIndexFile(file);
    await deleteIndexFile(file);
    assert.deepEqual(readdirSync(path.dirname(file)), []);
  }),
);

test("an index over 80 MiB is not written, and the one before it stays", () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "x.index");
    const large = { ...stored[0]!, tokens: new Uint16Array(40 * mebibyte) };
    await writeIndexFile(file, "v", stored);
    assert.equal(await writeIndexFile(file, "v", [large]), false);
    assert.deepEqual(await readIndexFile(file, "v"), stored);
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
    await assert.rejects(writeIndexFile(file, "v", stored));
    assert.deepEqual(readdirSync(folder), ["x.index"]);
  }));
