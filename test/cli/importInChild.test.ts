import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import test from "node:test";
import { CommandLine, Aborted } from "../../src/extension/models/commandLine.js";
import { importInChild, type ImportWatch } from "../../src/extension/models/importInChild.js";
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

test("the extension's import makes a folder, replaces one, and reports errors", () =>
  inTemporaryFolder(async (folder) => {
    const parent = path.join(folder, "models");
    const request = { source: written(folder), vocabulary: undefined, quantization: "int8", name: "small" } as const;
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
      /^Error: .*package\.json: is not an index of a model's shards/,
    );
    assert.deepEqual(readdirSync(parent), ["small"]);
  }));

test("each choice of weights gives a model of the announced size", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder);
    const parent = path.join(folder, "models");
    const { importedBytes } = await commandLine.inspect(source, "nothing");
    for (const quantization of ["int8", "int4", "none"] as const) {
      const request = { source, vocabulary: undefined, quantization, name: quantization };
      const { made, verification } = await importInChild(commandLine, parent, request, watch());
      assert.equal(made.bytes, importedBytes[quantization]);
      assert.equal(verification.kind, "compared");
      const weights = openSafetensors(path.join(made.folder, "model.safetensors"));
      assert.equal(weights.dtype("head.weight"), { int8: "I8", int4: "I8", none: "BF16" }[quantization]);
      assert.equal(weights.dtype("blocks.0.ffn.key.weight"), { int8: "I8", int4: "U8", none: "BF16" }[quantization]);
    }
  }));

/**
 * A command line whose program is `script`. In the script, `made` is the output folder, `say` prints JSON, and `die`
 * kills the process.
 */
function doing(folder: string, script: string): CommandLine {
  const file = path.join(folder, "cli.js");
  const given = `const { mkdirSync } = require("node:fs");
    const made = process.argv[process.argv.indexOf("--out") + 1];
    const say = (line, then) => process.stdout.write(JSON.stringify(line) + "\\n", then);
    const die = () => process.kill(process.pid, "SIGKILL");`;
  writeFileSync(file, given + script);
  return new CommandLine(file);
}

const any = { source: "any.pth", vocabulary: undefined, quantization: "none", name: "any" } as const;

test("a comparison that crashes its process loses nothing of the import", () =>
  inTemporaryFolder(async (folder) => {
    const parent = path.join(folder, "models");
    const commands = doing(folder, 'mkdirSync(made); say({ kind: "made", folder: made }, die);');
    const { verification } = await importInChild(commands, parent, any, watch());
    assert.deepEqual(verification, { kind: "failed", reason: "the command line ended with a signal" });
    assert.deepEqual(readdirSync(parent), ["any"]);
  }));

test("an interrupted import, with or without its window, leaves nothing and blocks nothing", () =>
  inTemporaryFolder(async (folder) => {
    const parent = path.join(folder, "models");
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const underWay = `any.${process.ppid}-1.new.${process.ppid}-1.partial`;
    for (const name of [`any.${gone}-1.new`, `any.${gone}-2.new.${gone}-1.partial`, underWay, "other"]) {
      mkdirSync(path.join(parent, name), { recursive: true });
    }
    const commands = doing(folder, 'mkdirSync(made + "." + process.pid + "-1.partial"); die();');
    await assert.rejects(importInChild(commands, parent, any, watch()), /ended with a signal/);
    assert.deepEqual(readdirSync(parent), [underWay, "other"]);
  }));

test("a model is moved away only when its replacement is complete", () =>
  inTemporaryFolder(async (folder) => {
    const parent = path.join(folder, "models");
    mkdirSync(path.join(parent, "any"), { recursive: true });
    const verification = { kind: "tooLarge", neededBytes: 1 };
    const commands = doing(
      folder,
      `say({ kind: "made" }); say(${JSON.stringify({ kind: "verified", verification })});`,
    );
    await assert.rejects(importInChild(commands, parent, any, watch()), /\.new: is gone; import the model again/);
    assert.deepEqual(readdirSync(parent), ["any"]);
  }));

test("two imports with the same name do not touch each other's files; the later one replaces the earlier", () =>
  inTemporaryFolder(async (folder) => {
    const parent = path.join(folder, "models");
    const request = { source: written(folder), vocabulary: undefined, quantization: "int8", name: "small" } as const;
    let second: ReturnType<typeof importInChild> | undefined;
    const onProgress = (): void => {
      second ??= importInChild(commandLine, parent, request, watch());
    };
    const made = [await importInChild(commandLine, parent, request, watch({ onProgress })), await second];
    for (const one of made) assert.equal(one?.verification.kind, "compared");
    assert.deepEqual(readdirSync(parent), ["small"]);
  }));

test("an import that the user cancels leaves nothing, while it writes and while it compares", () =>
  inTemporaryFolder(async (folder) => {
    const request = { source: written(folder), vocabulary: undefined, quantization: "none", name: "small" } as const;
    const parent = path.join(folder, "models");
    for (const from of [0, 1]) {
      const abort = new AbortController();
      const onProgress = (fraction: number): void => {
        if (fraction >= from) abort.abort();
      };
      await assert.rejects(
        importInChild(commandLine, parent, request, watch({ onProgress, signal: abort.signal })),
        Aborted,
      );
      assert.deepEqual(existsSync(parent) ? readdirSync(parent) : [], []);
    }
  }));
