import assert from "node:assert/strict";
import test from "node:test";
import { IndexedFiles } from "../../src/workspace/indexedFiles.js";

const stamp = { modifiedMs: 5, bytes: 6 };
const tokens = (...numbers: readonly number[]): Uint32Array => Uint32Array.from(numbers);
const many = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i % 50);
const unlimited = { bytes: 2 ** 30, files: 1000 };

/** All files in the form in which they are stored: path, time, size, and the tokens. */
const stored = (files: IndexedFiles): unknown[] => [...files.stored()].map(({ path, modifiedMs, bytes, tokens: own }) => [path, modifiedMs, bytes, ...own]); // prettier-ignore

test("a file is indexed with its stamp, replaced and forgotten, and each change is counted", () => {
  const files = new IndexedFiles(100, unlimited);
  assert.equal(files.changes, 0);
  assert.equal(files.set("/w/a.ts", tokens(1, 2, 3), stamp), true);
  assert.deepEqual([files.has("/w/a.ts"), files.has("/w/b.ts"), files.stampOf("/w/a.ts"), files.changes], [true, false, stamp, 1]); // prettier-ignore
  files.set("/w/a.ts", tokens(4), { modifiedMs: 7, bytes: 8 });
  files.set("/w/b.ts", tokens(5, 6), stamp);
  assert.deepEqual(stored(files), [["/w/a.ts", 7, 8, 4], ["/w/b.ts", 5, 6, 5, 6]]); // prettier-ignore
  assert.deepEqual([[...files.paths], files.changes], [["/w/a.ts", "/w/b.ts"], 3]);
  files.forget("/w/a.ts");
  files.forget("/w/never.ts");
  assert.deepEqual([stored(files), files.changes], [[["/w/b.ts", 5, 6, 5, 6]], 4]);
  files.clear();
  assert.deepEqual([stored(files), files.changes], [[], 5]);
});

test("unsaved text is indexed but not stored, and its file is read again later", () => {
  const files = new IndexedFiles(100, unlimited);
  files.set("/w/a.ts", tokens(1, 2), undefined);
  assert.deepEqual([files.has("/w/a.ts"), stored(files), files.changes], [true, [], 1]);
  files.set("/w/a.ts", tokens(1, 2), undefined);
  assert.equal(files.changes, 1, "the same text again is no change");
  files.set("/w/a.ts", tokens(1, 2), stamp);
  assert.deepEqual([stored(files), files.changes], [[["/w/a.ts", 5, 6, 1, 2]], 2]);
  for (const other of [tokens(1, 3), tokens(2, 2), tokens(1), tokens(1, 2, 3)]) {
    files.set("/w/a.ts", other, stamp);
    assert.deepEqual(stored(files), [["/w/a.ts", 5, 6, ...other]]);
  }
});

test("new files are left out when the index has the most files, but indexed ones are replaced", () => {
  const files = new IndexedFiles(100, { bytes: 2 ** 30, files: 2 });
  files.set("/w/a.ts", tokens(1), stamp);
  assert.equal(files.isFull, false);
  files.set("/w/b.ts", tokens(2), stamp);
  assert.equal(files.isFull, true);
  assert.equal(files.set("/w/c.ts", tokens(3), stamp), false);
  assert.equal(files.set("/w/a.ts", tokens(1, 4, 5), stamp), true);
  assert.deepEqual(stored(files), [["/w/a.ts", 5, 6, 1, 4, 5], ["/w/b.ts", 5, 6, 2]]); // prettier-ignore
});

test("an indexed file may grow until the index is an eighth over its limit; beyond that it is forgotten", () => {
  const probe = new IndexedFiles(100, unlimited);
  probe.set("/w/a.ts", many(10_000), stamp);
  const bytes = probe.index.usedBytes;
  const growing = (added: number): unknown[] => {
    const files = new IndexedFiles(100, { bytes, files: 9 });
    files.set("/w/a.ts", many(10_000), stamp);
    assert.equal(files.isFull, true);
    assert.equal(files.set("/w/b.ts", tokens(1), stamp), false);
    return [files.set("/w/a.ts", many(10_000 + added), stamp), files.has("/w/a.ts"), files.changes];
  };
  assert.deepEqual(growing(-10), [true, true, 2]);
  assert.deepEqual(growing(100_000), [true, true, 2]);
  assert.deepEqual(growing(600_000), [false, false, 2]);
});

test("files of a saved index are restored without a change as long as they fit", () => {
  const files = new IndexedFiles(100, { bytes: 2 ** 30, files: 1 });
  files.restore({ path: "/w/a.ts", tokens: tokens(1, 2), ...stamp });
  assert.deepEqual([stored(files), files.changes], [[["/w/a.ts", 5, 6, 1, 2]], 0]);
  files.restore({ path: "/w/b.ts", tokens: tokens(3), ...stamp });
  assert.deepEqual([files.has("/w/b.ts"), files.changes], [false, 1]);
  files.drop();
  assert.equal(files.changes, 2);
});
