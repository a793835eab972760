import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { CommandLine, Ended } from "../../src/extension/models/commandLine.js";
import { importInChild, type ImportWatch } from "../../src/extension/models/importing.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures, root } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorsOf } from "../support/tensorFile.js";

const commandLine = new CommandLine(path.join(root, "dist/cli.js"));

function written(folder: string): string {
  const source = path.join(folder, "small.pth");
  writeFileSync(source, pthFile(tensorsOf(openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors")))));
  return source;
}

function watch(options: Partial<ImportWatch> = {}): ImportWatch {
  const remove = (folder: string): Promise<void> => rm(folder, { recursive: true });
  return { onProgress: () => undefined, signal: new AbortController().signal, remove, ...options };
}

test("the extension's import makes a folder, replaces one, and says what is wrong", () =>
  inTemporaryFolder(async (folder) => {
    const parent = path.join(folder, "models");
    const request = { source: written(folder), vocabulary: undefined, quantisation: "int8", name: "small" } as const;
    const fractions: number[] = [];
    const onProgress = (fraction: number): unknown => fractions.push(fraction);
    const { made, verification } = await importInChild(commandLine, parent, request, watch({ onProgress }));
    assert.equal(made.folder, path.join(parent, "small"));
    assert.equal(verification.kind, "compared");
    assert.equal(fractions.at(-1), 1);
    const removed: string[] = [];
    const remove = async (old: string): Promise<void> => {
      removed.push(old);
      await rm(old, { recursive: true });
    };
    await importInChild(commandLine, parent, { ...request, prompt: "suffix-prefix-middle" }, watch({ remove }));
    assert.deepEqual([removed, readdirSync(parent)], [[made.folder], ["small"]]);
    const line = await commandLine.inspect(made.folder, "hashes");
    assert.deepEqual([line.name, Object.keys(line.sha256)], ["small", ["model.safetensors"]]);
    assert.equal(line.prompt, "suffix-prefix-middle");

    writeFileSync(path.join(made.folder, "model.safetensors"), "spoilt");
    await assert.rejects(commandLine.inspect(made.folder, "hashes"), /^Error: .*model\.safetensors: is not the file/);
    const bad = { ...request, source: path.join(root, "package.json"), name: "bad" };
    await assert.rejects(
      importInChild(commandLine, parent, bad, watch()),
      /^Error: .*package\.json: no index of a model's parts/,
    );
    assert.deepEqual(readdirSync(parent), ["small"]);
  }));

test("each choice of weights is a model of the size that was said", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    const parent = path.join(folder, "models");
    const { importedBytes } = await commandLine.inspect(source, "nothing");
    for (const quantisation of ["int8", "int4", "none"] as const) {
      const request = { source, vocabulary: undefined, quantisation, name: quantisation };
      const { made, verification } = await importInChild(commandLine, parent, request, watch());
      assert.equal(made.bytes, importedBytes[quantisation]);
      assert.equal(verification.kind, "compared");
      const weights = openSafetensors(path.join(made.folder, "model.safetensors"));
      assert.equal(weights.dtype("head.weight"), { int8: "I8", int4: "I8", none: "BF16" }[quantisation]);
      assert.equal(weights.dtype("blocks.0.ffn.key.weight"), { int8: "I8", int4: "U8", none: "BF16" }[quantisation]);
    }
  }));

test("a comparison that takes its process down loses nothing of what was made", () =>
  inTemporaryFolder(async (folder) => {
    const script = path.join(folder, "cli.js");
    const lines = `const made = process.argv[process.argv.indexOf("--out") + 1];
      require("node:fs").mkdirSync(made);
      console.log(JSON.stringify({ kind: "made", folder: made }));
      process.stdout.write("", () => process.kill(process.pid, "SIGKILL"));`;
    writeFileSync(script, lines);
    const parent = path.join(folder, "models");
    const request = { source: "any.pth", vocabulary: undefined, quantisation: "none", name: "any" } as const;
    const { verification } = await importInChild(new CommandLine(script), parent, request, watch());
    assert.deepEqual(verification, { kind: "failed", reason: "the command line ended with a signal" });
    assert.deepEqual(readdirSync(parent), ["any"]);
  }));

test("an import that the user ends leaves nothing, while it writes and while it compares", () =>
  inTemporaryFolder(async (folder) => {
    const request = { source: written(folder), vocabulary: undefined, quantisation: "none", name: "small" } as const;
    const parent = path.join(folder, "models");
    for (const from of [0, 1]) {
      const abort = new AbortController();
      const onProgress = (fraction: number): void => {
        if (fraction >= from) abort.abort();
      };
      await assert.rejects(
        importInChild(commandLine, parent, request, watch({ onProgress, signal: abort.signal })),
        Ended,
      );
      assert.deepEqual(existsSync(parent) ? readdirSync(parent) : [], []);
    }
  }));
