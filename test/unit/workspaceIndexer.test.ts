import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { maxFileBytes, readSource } from "../../src/workspace/sourceText.js";
import type { WorkspaceIndexer } from "../../src/workspace/workspaceIndexer.js";
import { follows, ids, indexerOf, realFolder, started, write } from "../support/indexing.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("an index follows its files: created, changed, deleted, ignored", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA", "w/b.ts": "abcB" });
    const indexer = indexerOf(folder);
    indexer.start();
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "AB");
    const file = (name: string): string => path.join(folder, "w", name);
    write(folder, { "w/a.ts": "abcX", "w/c.ts": "abcC", "w/node_modules/n.ts": "abcN" });
    indexer.changed([file("a.ts"), file("c.ts"), file("node_modules/n.ts"), path.join(folder, "outside.ts")]);
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "BCX");
    write(folder, { "w/.gitignore": "b.ts\n" });
    indexer.changed([file(".gitignore")]);
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "CX");
    indexer.edited(file("c.ts"), "abcY");
    indexer.edited(file("b.ts"), "abcZ");
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "XY");
    await indexer.dispose();
  });
});

test("a stored index is reused: unchanged files are not read again, others are", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA", "w/b.ts": "abcB", "w/c.ts": "abcC" });
    const first = indexerOf(folder);
    first.start();
    await first.settled();
    await first.save();
    await first.dispose();
    write(folder, { "w/b.ts": "abcDEF" });
    writeFileSync(path.join(folder, "w/c.ts"), "", {});
    let tokenized = 0;
    const counting = bytesTokenizer([]);
    const own = counting.pretokenAt.bind(counting);
    counting.pretokenAt = (...args) => {
      tokenized++;
      return own(...args);
    };
    const second = indexerOf(folder, { tokenizer: counting });
    second.start();
    await second.settled();
    assert.equal(follows(second, folder, "abc"), "AD");
    assert.equal(tokenized, 6);
    await second.dispose();
  });
});

test("a file is not read if its time and size are the stored ones", async () => {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "w/a.ts");
    const indexers = [];
    // The second text is not source code, so the file would leave the index if it were read.
    for (const text of ["abcA", "abc\0"]) {
      write(folder, { "w/a.ts": text });
      utimesSync(file, 1000, 1000);
      const indexer = indexerOf(folder);
      indexers.push(indexer);
      indexer.start();
      indexer.changed([file]);
      await indexer.settled();
      assert.equal(follows(indexer, folder, "abc"), "A");
    }
    for (const indexer of indexers) await indexer.dispose();
    assert.equal(await readSource(file, await realFolder(folder), { modifiedMs: 1_000_000, bytes: 4 }), "unchanged");
  });
});

test("a file that has been excluded since is removed from the index and from the disk", async () => {
  await inTemporaryFolder(async (folder) => {
    const word = "uniqueSecretWord";
    write(folder, { "w/a.ts": "let a;\n", "w/secret.ts": `let ${word};\n` });
    const onDisk = (): boolean => {
      const [name = ""] = readdirSync(path.join(folder, "kept"));
      const bytes = readFileSync(path.join(folder, "kept", name));
      return bytes.includes(Buffer.from(Uint16Array.from(ids(word)).buffer));
    };
    for (const isExcluded of [() => false, (file: string) => file.endsWith("secret.ts")]) {
      const indexer = indexerOf(folder, { isExcluded });
      indexer.start();
      await indexer.settled();
      await indexer.save();
      assert.equal(follows(indexer, folder, "uniqueSecretWor") !== "", !isExcluded("secret.ts"));
      assert.equal(onDisk(), !isExcluded("secret.ts"));
      await indexer.dispose();
    }
  });
});

test("a text that would not be read from disk does not replace the one that was", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA" });
    const indexer = await started(folder);
    for (const text of ["abcX".repeat(maxFileBytes), "abcY\0"]) {
      indexer.edited(path.join(folder, "w/a.ts"), text);
      await indexer.settled();
      assert.equal(follows(indexer, folder, "abc"), "A");
    }
    await indexer.dispose();
  });
});

test("a file of a folder inside another one is updated if either folder has it", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/vendor/own/a.ts": "abcA" });
    const folders = [path.join(folder, "w"), path.join(folder, "w/vendor/own")];
    const indexer = await started(folder, { folders });
    write(folder, { "w/vendor/own/a.ts": "abcXY" });
    indexer.changed([path.join(folder, "w/vendor/own/a.ts")]);
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "X");
    await indexer.dispose();
  });
});

test("clearing removes everything, including on disk; rebuilding reads it again", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA" });
    const indexer = indexerOf(folder);
    indexer.start();
    await indexer.settled();
    await indexer.save();
    indexer.clear();
    await indexer.settled();
    assert.deepEqual([follows(indexer, folder, "abc"), readdirSync(path.join(folder, "kept"))], ["", []]);
    // After the index was cleared, changes to files do not bring it back.
    write(folder, { "w/b.ts": "abcB", "w/.gitignore": "c.ts\n" });
    indexer.changed(["a.ts", "b.ts"].map((name) => path.join(folder, "w", name)));
    indexer.changed([path.join(folder, "w/.gitignore")]);
    indexer.edited(path.join(folder, "w/a.ts"), "abcX");
    await indexer.settled();
    await indexer.save();
    assert.deepEqual([follows(indexer, folder, "abc"), readdirSync(path.join(folder, "kept"))], ["", []]);
    indexer.rebuild();
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "AB");
    write(folder, { "w/a.ts": "abcNew" });
    indexer.changed([path.join(folder, "w/a.ts")]);
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "BN");
    await indexer.dispose();
  });
});

test("clearing ends a scan that is in progress", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w/${i}.ts`, "abcA"])));
    let steps = 0;
    const indexer: WorkspaceIndexer = indexerOf(folder, {
      step: (work) => {
        if (++steps === 5) indexer.clear();
        return Promise.resolve(work());
      },
    });
    indexer.start();
    await indexer.settled();
    assert.equal(indexer.state.files, 0);
    assert.ok(steps < 40, `${steps}`);
    await indexer.dispose();
  });
});

test("an index that could not be written is written the next time, although nothing has changed since", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA", kept: "a file in the folder's place" });
    const errors: unknown[] = [];
    const indexer = await started(folder, { onError: (error) => errors.push(error) });
    assert.equal(errors.length, 1);
    await assert.rejects(indexer.save());
    rmSync(path.join(folder, "kept"));
    await indexer.save();
    assert.equal(readdirSync(path.join(folder, "kept")).length, 1);
    await indexer.dispose();
  });
});

test("after a checkout of many files the workspace is scanned once", async () => {
  await inTemporaryFolder(async (folder) => {
    const names = Array.from({ length: 600 }, (_, i) => `w/${i}.ts`);
    write(folder, { "w/a.ts": "abcA" });
    let walked = 0;
    const isExcluded = (): boolean => {
      walked++;
      return false;
    };
    const indexer = await started(folder, { isExcluded });
    write(folder, Object.fromEntries(names.map((name) => [name, "xyz"])));
    walked = 0;
    for (let i = 0; i < 20; i++) indexer.changed(names.map((name) => path.join(folder, name)));
    await indexer.settled();
    assert.deepEqual([indexer.state.files, walked], [601, 601]);
    await indexer.dispose();
  });
});

test("a disposed indexer stops after its step, and reports no error", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w/${i}.ts`, "abcA"])));
    let steps = 0;
    const indexer: WorkspaceIndexer = indexerOf(folder, {
      step: (work) => {
        if (++steps === 5) void indexer.dispose();
        return Promise.resolve(work());
      },
    });
    indexer.start();
    await indexer.settled();
    assert.ok(indexer.state.files < 40, `${indexer.state.files}`);
  });
});

test("the index is saved twenty seconds after the last change of its files", (t) =>
  inTemporaryFolder(async (folder) => {
    const timers = new Map<unknown, { readonly ms: number; readonly end: () => void }>();
    t.mock.method(globalThis, "setTimeout", (end: () => void, ms: number) => {
      const timer = { unref: () => undefined };
      timers.set(timer, { ms, end });
      return timer;
    });
    t.mock.method(globalThis, "clearTimeout", (timer: unknown) => timers.delete(timer));
    write(folder, { "w/a.ts": "abcA" });
    const indexer = await started(folder);
    const sizes = (): number[] => readdirSync(path.join(folder, "kept")).map((name) => statSync(path.join(folder, "kept", name)).size); // prettier-ignore
    const before = sizes();
    for (const text of ["abcA, and more", "abcA, and more of it"]) {
      write(folder, { "w/a.ts": text });
      indexer.changed([path.join(folder, "w/a.ts")]);
      await indexer.settled();
    }
    const [timer, ...others] = timers.values();
    assert.deepEqual([timer?.ms, others, sizes()], [20_000, [], before]);
    timer!.end();
    await indexer.settled();
    assert.notDeepEqual(sizes(), before);
    for (const end of ["clear", "dispose"] as const) {
      indexer.rebuild();
      indexer.changed([path.join(folder, "w/a.ts")]);
      await indexer.settled();
      assert.equal(timers.size, 1);
      await Promise.resolve(indexer[end]());
      await indexer.settled();
      assert.equal(timers.size, 0);
    }
  }));
