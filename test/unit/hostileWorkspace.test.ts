import assert from "node:assert/strict";
import { once } from "node:events";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { readSource } from "../../src/workspace/sourceText.js";
import { follows, ids, indexerOf, realFolder, started, write } from "../support/indexing.js";
import { inTemporaryFolder } from "../support/temporary.js";

const onWindows = process.platform === "win32" ? "links and pipes need other rights there" : false;

/** True if a file of the stored index contains the tokens of a text. */
function isOnDisk(folder: string, text: string): boolean {
  const kept = path.join(folder, "kept");
  const tokens = Buffer.from(Uint16Array.from(ids(text)).buffer);
  return readdirSync(kept).some((name) => readFileSync(path.join(kept, name)).includes(tokens));
}

test(
  "a link is not read, whether it was found, reported, saved or left in the editor",
  { skip: onWindows },
  async () => {
    await inTemporaryFolder(async (folder) => {
      write(folder, {
        ".env": "abcE",
        "w/.env": "abcD",
        "outside/o.ts": "abcO",
        "w/src/a.ts": "abcA",
        "w/src/b.ts": "abcB",
      });
      const link = (to: string, from: string): string => {
        const file = path.join(folder, "w", from);
        rmSync(file, { force: true, recursive: true });
        symlinkSync(to, file);
        return file;
      };
      const files = [
        link("../.env", "src/conf.ts"),
        link("../../.env", "src/above.ts"),
        link(path.join(folder, ".env"), "src/absolute.ts"),
        link("conf.ts", "src/twice.ts"),
        path.join(link("../outside", "linked"), "o.ts"),
        path.join(link("src", "again"), "a.ts"),
        path.join(link(".", "src/cycle"), "a.ts"),
      ];
      const indexer = await started(folder);
      assert.equal(follows(indexer, folder, "abc"), "AB");
      indexer.changed(files);
      for (const file of files) indexer.edited(file, "abcX");
      await indexer.settled();
      assert.equal(follows(indexer, folder, "abc"), "AB");
      // A file that was already indexed is replaced by a link.
      const file = link("../.env", "src/b.ts");
      indexer.edited(file, "abcX");
      await indexer.settled();
      assert.equal(follows(indexer, folder, "abc"), "A");
      renameSync(path.join(folder, "w/src"), path.join(folder, "outside/src"));
      indexer.edited(path.join(link("../outside/src", "src"), "a.ts"), "abcY");
      await indexer.settled();
      assert.equal(follows(indexer, folder, "abc"), "");
      await indexer.save();
      for (const text of ["abcE", "abcD", "abcO", "abcX", "abcY"]) assert.equal(isOnDisk(folder, text), false, text);
      await indexer.dispose();
    });
  },
);

const withoutProc = existsSync("/proc/self/fd") ? false : "only Linux can tell which file is open";

test(
  "a link that takes a file's or a folder's place while it is opened is not read",
  { skip: withoutProc },
  async () => {
    await inTemporaryFolder(async (folder) => {
      write(folder, { "w/a/s.ts": "let fine;\n", "outside/s.ts": "let secret;\n", "w/b/x.ts": "x" });
      symlinkSync("../outside", path.join(folder, "w/link"));
      symlinkSync("../../outside/s.ts", path.join(folder, "w/b/link.ts"));
      writeFileSync(path.join(folder, "w/b/s.ts"), "let fine;\n");
      // Meanwhile, a thread keeps swapping a folder with a link, and a file with a link, as fast as it can.
      const swapping = new Worker(
        `const { renameSync } = require("node:fs");
       const { workerData: w, parentPort } = require("node:worker_threads");
       const swap = (a, b) => { renameSync(w + a, w + "/t"); renameSync(w + b, w + a); renameSync(w + "/t", w + b); };
       parentPort.postMessage("started");
       for (;;) { swap("/a", "/link"); swap("/b/s.ts", "/b/link.ts"); }`,
        { eval: true, workerData: path.join(folder, "w") },
      );
      const hasStarted = once(swapping, "message"); // at once, so that the message is not missed
      const root = await realFolder(path.join(folder, "w"));
      let read = 0;
      try {
        await hasStarted;
        for (let i = 0; i < 2000; i++) {
          for (const name of ["a/s.ts", "b/s.ts"]) {
            const source = await readSource(path.join(folder, "w", name), root);
            if (typeof source === "object") read++;
            assert.ok(typeof source !== "object" || source.text === "let fine;\n", `${name} ${i}`);
          }
        }
      } finally {
        await swapping.terminate();
      }
      assert.ok(read > 0);
    });
  },
);

test(
  "a workspace folder that is itself a link is indexed, by its repository's rules",
  { skip: onWindows },
  async () => {
    await inTemporaryFolder(async (folder) => {
      write(folder, { "repo/.git/HEAD": "", "repo/.gitignore": "secret.ts\n", "repo/app/a.ts": "abcA" });
      write(folder, { "repo/app/secret.ts": "abcS" });
      symlinkSync("repo/app", path.join(folder, "w"));
      const indexer = await started(folder);
      indexer.changed(["a.ts", "secret.ts"].map((name) => path.join(folder, "w", name)));
      await indexer.settled();
      assert.equal(follows(indexer, folder, "abc"), "A");
      await indexer.dispose();
    });
  },
);

/** By name, functions that put something unusable in place of an ignore file. */
const unusable: Readonly<Record<string, (file: string) => void>> = {
  pipe: (file) => execFileSync("mkfifo", [file]),
  folder: (file) => {
    mkdirSync(file);
  },
  "link to a file": (file) => {
    write(path.dirname(file), { "own-list": "x.ts\n" });
    symlinkSync("own-list", file);
  },
  "link to a device": (file) => {
    symlinkSync("/dev/zero", file);
  },
  "link to itself": (file) => {
    symlinkSync(".gitignore", file);
  },
  "long list": (file) => {
    writeFileSync(file, "*.log\n".repeat(20_000));
  },
  "long line": (file) => {
    writeFileSync(file, "a".repeat(5000));
  },
};

for (const [what, place] of Object.entries(unusable)) {
  test(
    `the folder of an ignore file that is a ${what} is left out, and the log says so`,
    { skip: onWindows },
    async () => {
      await inTemporaryFolder(async (folder) => {
        write(folder, { "w/a.ts": "abcA", "w/in/b.ts": "abcB", "w/in/deep/c.ts": "abcC" });
        const ignoreFile = path.join(folder, "w/in/.gitignore");
        const said: string[] = [];
        const indexer = await started(folder, { onLeftOut: (message) => said.push(message) });
        assert.deepEqual([follows(indexer, folder, "abc"), said], ["ABC", []]);
        place(ignoreFile);
        indexer.changed([ignoreFile]);
        await indexer.settled();
        write(folder, { "w/in/d.ts": "abcD" });
        indexer.changed([path.join(folder, "w/in/d.ts")]);
        await indexer.settled();
        assert.equal(follows(indexer, folder, "abc"), "A");
        assert.equal(said.length, 1);
        assert.match(said[0]!, /in\/\.gitignore .*: its folder is not indexed$/);
        await indexer.dispose();
      });
    },
  );
}

test("what patterns do not decide in bounded time is left out, and other work gets its turn", async () => {
  await inTemporaryFolder(async (folder) => {
    const name = "a".repeat(200);
    write(folder, {
      "w/.gitignore": `${"*a".repeat(90)}*b.ts\n`.repeat(500),
      [`w/${name}.ts`]: "abcA",
      "w/in/b.ts": "abcB",
    });
    write(folder, { "w/fine/.gitignore": "", "w/b.ts": "abcC" });
    const said: string[] = [];
    const indexer = await started(folder, { onLeftOut: (message) => said.push(message) });
    assert.equal(follows(indexer, folder, "abc"), "");
    assert.match(said.join(), /\.gitignore takes too long to match: what it may name is not indexed$/);
    await indexer.dispose();
  });
});

test("shutting down does not wait for a file that cannot be read", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "abcA" });
    let onStep: () => void = () => undefined;
    const isReading = new Promise<void>((resolve) => (onStep = resolve));
    const indexer = indexerOf(folder, {
      // As if the files were on a drive that never responds.
      step: () => {
        onStep();
        return new Promise(() => undefined);
      },
    });
    indexer.start();
    await isReading;
    await indexer.save();
    await indexer.dispose();
    assert.equal(indexer.state.isBuilding, false);
  });
});

test("folders are followed to a depth that no project has, by the walk and by reported changes", async () => {
  await inTemporaryFolder(async (folder) => {
    const deep = (depth: number): string => `w/${"a/".repeat(depth)}`;
    write(folder, { [`${deep(64)}in.ts`]: "abcA", [`${deep(65)}out.ts`]: "abcB", [`${deep(80)}out.ts`]: "abcC" });
    const indexer = await started(folder);
    indexer.changed([64, 65].map((depth) => path.join(folder, deep(depth), depth === 64 ? "in.ts" : "out.ts")));
    await indexer.settled();
    assert.equal(follows(indexer, folder, "abc"), "A");
    await indexer.dispose();
  });
});

test("files and folders that vanish or grow while the workspace is read do no harm", async () => {
  await inTemporaryFolder(async (folder) => {
    const names = Array.from({ length: 40 }, (_, i) => `w/d${i}/a.ts`);
    write(folder, Object.fromEntries(names.map((name) => [name, "abcA"])));
    let steps = 0;
    const indexer = await started(folder, {
      step: (work) => {
        if (++steps === 1) rmSync(path.join(folder, "w/d30"), { recursive: true });
        if (steps === 2) writeFileSync(path.join(folder, "w/d31/a.ts"), "abcB".repeat(100_000));
        if (steps === 3) rmSync(path.join(folder, "w/d32/a.ts"));
        return Promise.resolve(work());
      },
    });
    assert.equal(follows(indexer, folder, "abc"), "A".repeat(37));
    await indexer.dispose();
    rmSync(path.join(folder, "w"), { recursive: true });
    const empty = await started(folder);
    assert.equal(empty.state.files, 0);
    await empty.dispose();
  });
});
