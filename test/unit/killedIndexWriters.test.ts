import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { documentPath } from "../../src/core/tokens/headerPath.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { readIndexFile } from "../../src/workspace/indexFile.js";
import { vocabularyHash } from "../../src/workspace/vocabulary.js";
import type { WorkspaceIndexer } from "../../src/workspace/workspaceIndexer.js";
import { ids, started, write } from "../support/indexing.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Number of kills. To change it, run `RWKV_CODE_KILLS=200 npm test -- unit killedIndexWriters`. */
const kills = Number(process.env["RWKV_CODE_KILLS"] ?? 50);
const fileCount = 60;
const nameOf = (i: number): string => `w/${i}.ts`;
/** Successive texts of a file differ in length, so a change is noticed whatever the file's modification time. */
const textOf = (file: number, version: number): string =>
  `let value${file} = ${version};\n`.repeat(100) + "\n".repeat(version % 1000);

/** Changes files and writes the index until the process is killed. */
async function writeForever(folder: string): Promise<never> {
  const indexer = await started(folder);
  process.send?.("writing");
  for (let version = process.pid; ; version++) {
    const file = version % fileCount;
    // Replaces the file by a rename, so that a kill never leaves a partly written source file.
    write(folder, { next: textOf(file, version) });
    renameSync(path.join(folder, "next"), path.join(folder, nameOf(file)));
    indexer.changed([path.join(folder, nameOf(file))]);
    await indexer.settled();
    await indexer.save();
  }
}

const storedIn = (folder: string, end: string): string[] =>
  existsSync(path.join(folder, "kept"))
    ? readdirSync(path.join(folder, "kept")).filter((one) => one.endsWith(end))
    : [];

function assertFollowsDisk({ index }: WorkspaceIndexer, folder: string, message: string): void {
  assert.equal(index.fileCount, fileCount, message);
  for (let i = 0; i < fileCount; i++) {
    const file = path.join(folder, nameOf(i));
    const tokens = index.tokensOf(documentPath(pathToFileURL(file).href));
    assert.deepEqual([...(tokens ?? [])], ids(readFileSync(file, "utf8")), `${message}: ${nameOf(i)}`);
  }
}

const [, , folderToWrite] = process.argv;
if (process.env["RWKV_CODE_TEST_WRITER"] === "yes" && folderToWrite !== undefined) void writeForever(folderToWrite);
else {
  test(`after each of ${kills} kills while the index is written, the next start has every file as it is on disk`, () =>
    inTemporaryFolder(async (folder) => {
      const random = randomFrom(23);
      write(folder, Object.fromEntries(Array.from({ length: fileCount }, (_, i) => [nameOf(i), textOf(i, 0)])));
      const env = { ...process.env, RWKV_CODE_TEST_WRITER: "yes" };
      const vocabulary = vocabularyHash(bytesTokenizer([]));
      let usable = 0;
      let hasHitWrite = false;
      let kill = 0;
      for (; kill < kills || (!hasHitWrite && kill < 10 * kills); kill++) {
        const child = fork(__filename, [folder], { env, stdio: "inherit", execArgv: [] });
        await once(child, "message");
        // A write of the index changes its folder twice: it creates a temporary file, and renames that.
        const kept = watch(path.join(folder, "kept"));
        for (let changes = 1 + random.below(6); changes > 0; changes--) await once(kept, "change");
        kept.close();
        child.kill("SIGKILL");
        await once(child, "exit");
        hasHitWrite ||= storedIn(folder, ".tmp").length > 0;
        for (const name of storedIn(folder, ".index")) {
          const stored = await readIndexFile(path.join(folder, "kept", name), vocabulary);
          assert.equal(stored?.length, fileCount, `kill ${kill}: it is either the old one or the new one`);
          usable++;
        }
        const indexer = await started(folder);
        assertFollowsDisk(indexer, folder, `kill ${kill}`);
        await indexer.dispose();
      }
      assert.ok(hasHitWrite, "no kill hit a write");
      assert.equal(usable, kill);
      // A damaged index file is ignored even if its size is right.
      const [name = ""] = storedIn(folder, ".index");
      const file = path.join(folder, "kept", name);
      const bytes = readFileSync(file);
      for (let i = 0; i < 10; i++) {
        const damaged = Buffer.from(bytes);
        damaged[random.below(damaged.length)]! ^= 1 + random.below(255);
        writeFileSync(file, damaged);
        const indexer = await started(folder);
        assertFollowsDisk(indexer, folder, `damage ${i}`);
        await indexer.dispose();
      }
    }));
}
