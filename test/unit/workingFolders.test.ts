import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { removeWorkingFolder, sweepWorkingFolders, workingFolder } from "../../src/extension/models/workingFolders.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** An id that no process has: on Linux, ids are below 2^22. */
const gone = 2 ** 22 + 1;

function make(folder: string, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, "model.json"), "{}");
  }
}

test("each attempt to import a model has a folder of its own, which names this process", () => {
  const [first, second] = [workingFolder("/m", "a"), workingFolder("/m", "a")];
  assert.notEqual(first, second);
  for (const folder of [first, second]) {
    assert.deepEqual([path.dirname(folder), new RegExp(`^a\\.${process.pid}-\\d+\\.new$`).test(path.basename(folder))], [path.normalize("/m"), true]); // prettier-ignore
  }
});

test("an attempt's folder is removed with what the command line had begun, and nothing else", () =>
  inTemporaryFolder(async (folder) => {
    const own = ["a.1-1.new", "a.1-1.new.2-1.partial"];
    const others = ["a", "a.1-1.new.other", "a.1-1.newer.partial", "a.1-10.new", "b.1-1.new"];
    make(folder, ...own, ...others);
    await removeWorkingFolder(path.join(folder, "a.1-1.new"));
    assert.deepEqual(readdirSync(folder).sort(), others.sort());
  }));

test("folders of attempts whose process no longer runs are removed", () =>
  inTemporaryFolder(async (folder) => {
    const left = [`a.${gone}-1.new`, `a.b.${gone}-22.new`, `a.${gone}-1.new.${gone}-1.partial`];
    const others = ["a", `a.${process.pid}-1.new`, `a.${process.pid}-1.new.${gone}-1.partial`, `a.${gone}-1.new.txt`, `a.${gone}.new`]; // prettier-ignore
    make(folder, ...left, ...others);
    await sweepWorkingFolders(folder);
    assert.deepEqual(readdirSync(folder).sort(), others.sort());
  }));
