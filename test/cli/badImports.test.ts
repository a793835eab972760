import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { ImportLine } from "../../src/shared/cliOutput.js";
import { CommandLine } from "../../src/extension/models/commandLine.js";
import { importInChild } from "../../src/extension/models/importInChild.js";
import { cli } from "../support/cli.js";
import { smallTensors } from "../support/importing.js";
import { root } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, type WrittenTensor } from "../support/tensorFile.js";

/** The tensors of a model whose weights are all finite, but whose logits overflow. */
function enormous(): Record<string, WrittenTensor> {
  const entries = Object.entries(smallTensors()).map(([name, tensor]) => {
    const count = tensor.shape.reduce((product, length) => product * length, 1);
    return [name, floats(tensor.shape, new Float32Array(count).fill(3.39e38))] as const;
  });
  return Object.fromEntries(entries);
}

function lines(stdout: string): ImportLine[] {
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ImportLine);
}

test("a model whose logits are NaN or infinite is not imported, and the file and the fix are named", () =>
  inTemporaryFolder((folder) => {
    const source = path.join(folder, "enormous.pth");
    writeFileSync(source, pthFile(enormous()));
    const made = path.join(folder, "made");
    const reason = /enormous\.pth: its logits are NaN or infinite, so its weights are damaged; download it again/;
    for (const quantization of ["none", "int8"]) {
      const args = ["import", source, "--out", made, "--quantize", quantization];
      const { status, stdout, stderr } = cli(...args);
      assert.equal(status, 1, stdout);
      assert.match(stderr, new RegExp(`^rwkv-code: .*${reason.source}; nothing was imported \\(use --no-verify `));
      assert.doesNotMatch(stdout, /verified/);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
      const json = cli(...args, "--json");
      assert.equal(json.status, 1);
      const last = lines(json.stdout).at(-1);
      assert.ok(last?.kind === "verified" && last.verification.kind === "notFinite", json.stdout);
      assert.match(last.verification.reason, reason);
      assert.deepEqual(readdirSync(folder), ["enormous.pth"]);
    }
    assert.equal(cli("import", source, "--out", made, "--no-verify").status, 0);
    assert.ok(existsSync(path.join(made, "model.json")));
  }));

test("the editor's import of a model whose logits are NaN fails with the same message and changes nothing", () =>
  inTemporaryFolder(async (folder) => {
    const source = path.join(folder, "enormous.pth");
    writeFileSync(source, pthFile(enormous()));
    const parent = path.join(folder, "models");
    mkdirSync(path.join(parent, "name"), { recursive: true });
    const commandLine = new CommandLine(path.join(root, "dist/cli.js"));
    const request = { source, vocabulary: undefined, quantization: "none", name: "name" } as const;
    const watch = {
      onProgress: () => undefined,
      signal: new AbortController().signal,
      remove: () => assert.fail("the model of that name was to be removed"),
    };
    await assert.rejects(importInChild(commandLine, parent, request, watch), /its logits are NaN or infinite/);
    assert.deepEqual(readdirSync(parent), ["name"]);
  }));

for (const args of [[], ["--json"]]) {
  test(`an import whose reader closes the pipe prints no error and succeeds: ${args.join() || "text"}`, () =>
    inTemporaryFolder(async (folder) => {
      const source = path.join(folder, "small.pth");
      writeFileSync(source, pthFile(smallTensors()));
      const made = path.join(folder, "made");
      const child = spawn(process.execPath, ["dist/cli.js", "import", source, "--out", made, ...args], { cwd: root });
      let stderr = "";
      child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
      child.stdout.once("data", () => child.stdout.destroy()); // closes the pipe early, as `… | head -1` does
      const [code] = (await once(child, "close")) as [number];
      assert.deepEqual([code, stderr], [0, ""]);
      assert.deepEqual(readdirSync(folder).sort(), ["made", "small.pth"]);
    }));
}

test(
  "inspect and help print no error when their reader closes the pipe",
  { skip: process.platform === "win32" && "no sh" },
  () => {
    for (const args of ["--help", "inspect models/default"]) {
      const pipe = `"${process.execPath}" dist/cli.js ${args} | head -c 1`;
      const { stderr } = spawnSync("sh", ["-c", pipe], { cwd: root, encoding: "utf8" });
      assert.equal(stderr, "");
    }
  },
);
