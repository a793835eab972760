import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { follows, started, write } from "../support/indexing.js";
import { inTemporaryFolder } from "../support/temporary.js";

const mebibyte = 2 ** 20;
/** Room for the index's tables and 100,000 tokens. The index is full once it contains two of the files below. */
const limits = { bytes: 8 * mebibyte + 600_000, files: 1000 };

/** A source file of 60,000 bytes. */
const largeText = (name: string): string => `let ${name} = 12;\n`.padEnd(20).repeat(3000);

function writeLarge(folder: string, names: string): void {
  for (const name of names) write(folder, { [`w/${name}.ts`]: largeText(name) });
}

test("a full index is the same after every start, and files that were left out follow when there is room", async () => {
  await inTemporaryFolder(async (folder) => {
    writeLarge(folder, "abcde");
    for (let run = 0; run < 4; run++) {
      const indexer = await started(folder, { limits });
      await indexer.save();
      assert.deepEqual([indexer.state.files, indexer.state.leftOut], [2, 3], `start ${run}`);
      const [name = ""] = readdirSync(path.join(folder, "kept"));
      const kept = path.join(folder, "kept", name);
      if (run > 0) assert.equal(statSync(kept).mtimeMs, 1_000_000, "nothing has changed, so nothing is saved");
      utimesSync(kept, 1000, 1000);
      assert.notEqual(follows(indexer, folder, "let b ="), "");
      await indexer.dispose();
    }
    rmSync(path.join(folder, "w/a.ts"));
    const indexer = await started(folder, { limits });
    assert.deepEqual([indexer.state.files, indexer.state.leftOut], [2, 2]);
    assert.notEqual(follows(indexer, folder, "let c ="), "");
    await indexer.dispose();
  });
});

test("the number of files is limited too, and known files stay", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA", "w/b.ts": "abcB", "w/c.ts": "abcC" });
    for (let run = 0; run < 2; run++) {
      const indexer = await started(folder, { limits: { ...limits, files: 2 } });
      assert.deepEqual([follows(indexer, folder, "abc"), indexer.state.leftOut], ["AB", 1]);
      await indexer.dispose();
    }
  });
});

test("a file that is saved stays in a full index, and memory is bounded however often it is saved or left", async () => {
  await inTemporaryFolder(async (folder) => {
    writeLarge(folder, "abcde");
    const indexer = await started(folder, { limits });
    const file = path.join(folder, "w/a.ts");
    const max = limits.bytes * 1.2 + 2 ** 16 * 6;
    for (let i = 0; i < 60; i++) {
      const text = largeText("a").slice(0, -50) + `let last = ${i};\n`;
      if (i % 2 === 0) indexer.edited(file, text);
      else {
        writeFileSync(file, text);
        indexer.changed([file, path.join(folder, "w/c.ts")]);
      }
      await indexer.settled();
      assert.equal(indexer.state.files, 2);
      assert.ok(indexer.state.bytes <= max, `${i}: ${indexer.state.bytes} of ${max}`);
    }
    assert.match(follows(indexer, folder, "let last = 5"), /9/);
    // The two files grow until together they exceed the limit.
    for (const name of "ab") writeFileSync(path.join(folder, `w/${name}.ts`), largeText(name).repeat(3));
    indexer.changed([file, path.join(folder, "w/b.ts")]);
    await indexer.settled();
    assert.equal(indexer.state.files, 1);
    await indexer.dispose();
  });
});

test("leaving a document whose text is indexed changes nothing and saves nothing", async () => {
  await inTemporaryFolder(async (folder) => {
    writeLarge(folder, "a");
    const indexer = await started(folder);
    const { bytes } = indexer.state;
    rmSync(path.join(folder, "kept"), { recursive: true });
    for (let i = 0; i < 200; i++) indexer.edited(path.join(folder, "w/a.ts"), largeText("a"));
    await indexer.settled();
    await indexer.save();
    assert.equal(indexer.state.bytes, bytes);
    assert.equal(existsSync(path.join(folder, "kept")), false);
    await indexer.dispose();
  });
});
