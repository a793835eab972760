import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { Aborted, type CommandLine, type RunOptions } from "../../src/extension/models/commandLine.js";
import { importedNames, importModel, type ImportParts } from "../../src/extension/models/importModel.js";
import type { ImportRequest } from "../../src/extension/models/importRequest.js";
import { inTemporaryFolder } from "../support/temporary.js";

const request: ImportRequest = { source: "/a.pth", vocabulary: undefined, quantization: "int8", name: "mine" };

interface Importing {
  readonly parts: ImportParts;
  /** The parent folder of imported models. */
  readonly folder: string;
  readonly restarts: () => number;
}

/** Runs a test with a command line that can "import" any file and stops when the user cancels. */
function importing(run: (given: Importing) => Promise<void>, options: { readonly inUse?: string } = {}): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    dialogs.reset();
    let restarts = 0;
    const commandLine = {
      run: async (args: readonly string[], { onLine, signal }: RunOptions) => {
        const out = args[args.indexOf("--out") + 1]!;
        mkdirSync(out);
        writeFileSync(path.join(out, "model.json"), "{}");
        for (const fraction of [0.25, 0.5, 1]) {
          onLine(JSON.stringify({ kind: "progress", fraction }));
          if (signal?.aborted === true) throw new Aborted("cancelled");
        }
        onLine(JSON.stringify({ kind: "made", bytes: 3e6, dimensions: { version: 7, layers: 12, width: 768 } }));
        onLine(JSON.stringify({ kind: "verified", verification: { kind: "tooLarge", neededBytes: 2e9 } }));
      },
    };
    const parts = {
      library: {
        importedFolder: path.join(folder, "models"),
        all: async () => [
          { isCurrent: false, folder: path.join(folder, "models/other") },
          { isCurrent: true, folder: path.join(folder, "models", options.inUse ?? "another") },
        ],
        settingOf: (of: string) => path.basename(of),
      } as unknown as ImportParts["library"], // only these members are used
      commandLine: commandLine as unknown as CommandLine,
      restart: async () => {
        restarts++;
      },
    };
    await run({ parts, folder: path.join(folder, "models"), restarts: () => restarts });
  });
}

test("a model that a command asks for is imported if the user agrees, and then offered", () =>
  importing(async ({ parts, folder, restarts }) => {
    dialogs.presses = ["Import", "Use It"];
    assert.equal(await importModel(parts, request), path.join(folder, "mine"));
    await Promise.resolve();
    assert.match(dialogs.shown[0]!, /^RWKV Code: Import \/a\.pth as the model mine\?/);
    const offer = dialogs.shown.at(-1)!;
    assert.match(offer, /mine is imported and takes 3 MB on disk\. It was not compared/);
    assert.deepEqual(dialogs.changed, ["model = mine"]);
    assert.equal(restarts(), 0);
    assert.deepEqual(await importedNames(parts.library), ["mine"]);
  }));

test("a model that a command asks for is not imported if the user does not agree", () =>
  importing(async ({ parts, folder }) => {
    assert.equal(await importModel(parts, request), undefined);
    assert.equal(existsSync(folder), false);
    assert.deepEqual(await importedNames(parts.library), []);
  }));

test("the question says whether a model is replaced", () =>
  importing(async ({ parts, folder }) => {
    mkdirSync(path.join(folder, "Mine"), { recursive: true });
    await importModel(parts, request);
    assert.match(dialogs.shown[0]!, /^RWKV Code: Import \/a\.pth and replace the model mine\?/);
  }));

test("a name that leads out of the folder is refused without a question", () =>
  importing(async ({ parts }) => {
    for (const name of ["..", "../mine", "a\\b", ""]) {
      await assert.rejects(importModel(parts, { ...request, name }), /not a name/);
    }
    assert.deepEqual(dialogs.shown, []);
  }));

test("an import that the user chose in dialogs is not asked about again, and ends if no file is chosen", () =>
  importing(async ({ parts }) => {
    assert.equal(await importModel(parts), undefined);
    assert.deepEqual(dialogs.shown, ["Import Model from File"]);
  }));

test("a model is not used if the user does not press the button", () =>
  importing(async ({ parts }) => {
    dialogs.presses = ["Import"];
    await importModel(parts, request);
    assert.deepEqual(dialogs.changed, []);
  }));

test("when the model in use is replaced, the server loads it again, and it is not offered", () =>
  importing(
    async ({ parts, restarts }) => {
      dialogs.presses = ["Import", "Use It"];
      await importModel(parts, request);
      assert.equal(restarts(), 1);
      assert.deepEqual(dialogs.presses, ["Use It"]);
      assert.deepEqual(dialogs.changed, []);
    },
    { inUse: "mine" },
  ));

test("progress is shown in percent, and then that the model is compared", () =>
  importing(async ({ parts }) => {
    dialogs.presses = ["Import"];
    await importModel(parts, request);
    assert.deepEqual(dialogs.shown.slice(1, -1), ["Importing mine", "25 %", "50 %", "comparing it with its source"]);
    assert.deepEqual(dialogs.increments, [25, 25, 50]);
  }));

test("a cancelled import leaves nothing and offers nothing", () =>
  importing(async ({ parts, folder }) => {
    dialogs.presses = ["Import"];
    dialogs.cancelsAt = /25 %/;
    assert.equal(await importModel(parts, request), undefined);
    assert.equal(dialogs.shown.at(-1), "ending…");
    assert.deepEqual(await importedNames(parts.library), []);
    assert.equal(existsSync(path.join(folder, "mine")), false);
  }));

test("an import that fails is an error", () =>
  importing(async ({ parts }) => {
    dialogs.presses = ["Import"];
    const run = () => Promise.reject(new Error("a.pth: is no model"));
    const failing = { ...parts, commandLine: { run } as unknown as CommandLine };
    await assert.rejects(importModel(failing, request), /is no model/);
  }));
