import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { readIndexFile, writeIndexFile } from "../../src/workspace/indexFile.js";
import { decoded, encoded, type StoredFile } from "../../src/workspace/indexFormat.js";
import { write } from "../support/indexing.js";
import { inTemporaryFolder } from "../support/temporary.js";

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
  t.after(() => (isDone = true)); // even if an assertion fails
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

test("an index of another version is not used, nor is one whose header does not fit its tokens", async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await encoded("v", stored)).chunks) chunks.push(chunk);
  const body = Buffer.concat(chunks).subarray(0, -32);
  const withHash = (text: (header: string) => string): Buffer => {
    const changed = Buffer.from(text(body.toString("latin1")), "latin1");
    return Buffer.concat([changed, createHash("sha256").update(changed).digest()]);
  };
  assert.deepEqual(await decoded(withHash(String), "v"), stored);
  for (const [from, to] of [
    ['"formatVersion":1', '"formatVersion":2'],
    ["RWKVIDX1", "RWKVIDX2"],
    ['"files":[', '"filed":['],
    [",3,3]", ",3,2]"],
    [",3,3]", ",3,9]"],
    ['"width":4', '"width":2'],
  ] as const) {
    assert.notEqual(body.indexOf(from), -1, from);
    const read = (): Promise<unknown> =>
      decoded(
        withHash((text) => text.replace(from, to)),
        "v",
      );
    assert.equal(await read().catch(() => undefined), undefined, to);
  }
});

test("the next writer deletes what killed ones left behind, but not what another window is writing", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "x.index.1-ab.tmp": "old", "x.index.2-cd.tmp": "new" });
    utimesSync(path.join(folder, "x.index.1-ab.tmp"), 1000, 1000);
    await writeIndexFile(path.join(folder, "x.index"), "v", stored);
    assert.deepEqual(readdirSync(folder).sort(), ["x.index", "x.index.2-cd.tmp"]);
  });
});
