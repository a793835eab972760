import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { failureReason } from "../../src/extension/models/commandLine.js";
import { cli } from "../support/cli.js";
import { pthFile } from "../support/pthFile.js";
import { embeddedModel } from "../support/paths.js";
import { floats, tensorFile } from "../support/tensorFile.js";
import { inTemporaryFolder } from "../support/temporary.js";

const hostile = "\u001b[2J\u009b31m\u202e\u200b\n[Click here](command:workbench.action.quit)";
const unseen = /[^\P{C}\n]|[\u2028\u2029]/u;

/** Asserts that a text is harmless in a terminal and in a notification: no control characters, no links. */
function assertInert(text: string): void {
  assert.doesNotMatch(text, unseen);
  assert.doesNotMatch(text, /\]\(|command:\S/);
}

/** Makes a model's folder like the embedded model's, with a change in model.json. */
function folderWith(folder: string, change: (json: Record<string, unknown>) => void): string {
  mkdirSync(folder);
  for (const name of ["model.safetensors", "vocab.txt", "calibration.json"]) {
    if (process.platform === "win32") cpSync(path.join(embeddedModel, name), path.join(folder, name));
    else symlinkSync(path.join(embeddedModel, name), path.join(folder, name));
  }
  const json = JSON.parse(readFileSync(path.join(embeddedModel, "model.json"), "utf8")) as Record<string, unknown>;
  change(json);
  writeFileSync(path.join(folder, "model.json"), JSON.stringify(json));
  return folder;
}

test("a tensor's hostile name is one inert line of an error, in every file format", async () => {
  await inTemporaryFolder((folder) => {
    const tensors = { [hostile]: floats([1], [1]) };
    const files: Record<string, Uint8Array | string> = {
      "a.safetensors": tensorFile(tensors),
      "b.pth": pthFile(tensors),
      "c.safetensors.index.json": JSON.stringify({ weight_map: { [hostile]: "../b.bin" } }),
      "d.safetensors": tensorFile({ [hostile]: { dtype: "F64" as "F32", shape: [1], bytes: new Uint8Array(8) } }),
      "e.safetensors": tensorFile({ "emb.weight": { dtype: hostile as "F32", shape: [1], bytes: new Uint8Array(8) } }),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      for (const args of [
        ["inspect", file],
        ["inspect", file, "--json"],
        ["import", file],
        ["import", file, "--json"],
      ]) {
        const { status, stdout, stderr } = cli(...args, ...(args[0] === "import" ? ["--out", `${file}.model`] : []));
        assert.equal(status, 1, args.join(" "));
        assert.equal(stdout.replace(/^\{"kind":"progress".*\n/gm, ""), "");
        assert.match(stderr, /^rwkv-code: [^\n]+\n$/);
        assertInert(stderr);
        assertInert(failureReason(stderr, 1));
        assert.match(stderr, new RegExp(name.replaceAll(".", "\\.")));
      }
    }
  });
});

test("texts of model.json are inert in output for people, and JSON is ASCII", async () => {
  await inTemporaryFolder((folder) => {
    const model = folderWith(path.join(folder, "model"), (json) => {
      json["name"] = hostile;
      json["licence"] = hostile;
    });
    const table = cli("inspect", model);
    assert.equal(table.status, 0, table.stderr);
    assertInert(table.stdout);
    assert.match(table.stdout, /^name {8}\\u\{1b\}\[2J/);
    const json = cli("inspect", model, "--json").stdout;
    assert.match(json, /^[ -~]+\n$/);
    assertInert((JSON.parse(json) as { name: string; licence: string }).name);
    assertInert((JSON.parse(json) as { name: string; licence: string }).licence);
    writeFileSync(path.join(folder, "a.ts"), `const a = "\u001b[31m\u202e";\n\tlet b = `);
    const place = `${path.join(folder, "a.ts")}:2:10`;
    const completed = cli("complete", place, "--model", model);
    assert.equal(completed.status, 0, completed.stderr);
    assert.doesNotMatch(completed.stdout.replaceAll("\t", ""), unseen);
    assert.match(completed.stdout, /^const a = "\\u\{1b\}\[31m\\u\{202e\}";\n\tlet b = /);
    assert.match(cli("complete", place, "--model", model, "--json").stdout, /^[ -~]+\n$/);
  });
});

test("a wrong value in model.json is reported in one inert line", async () => {
  await inTemporaryFolder((folder) => {
    const changes: readonly ((json: Record<string, unknown>) => void)[] = [
      (json) => (json["tokenizer"] = { kind: hostile, file: "x" }),
      (json) => (json["tokenizer"] = { kind: "bpe", file: `../${hostile}` }),
      (json) => (json["tokenizer"] = { kind: "bpe", file: hostile }),
      (json) => (json["files"] = { [hostile]: {} }),
    ];
    for (const [i, change] of changes.entries()) {
      const { status, stderr } = cli("inspect", folderWith(path.join(folder, `model${i}`), change));
      assert.equal(status, 1);
      assert.match(stderr, /^rwkv-code: [^\n]+\n$/);
      assertInert(stderr);
    }
  });
});

test("arguments are inert in errors too", () => {
  for (const args of [
    ["inspect", hostile],
    ["inspect", `--${hostile}`],
    ["complete", `${hostile}:1:1`],
  ]) {
    const { stderr } = cli(...args);
    assert.match(stderr, /^[^\n]+\n$/);
    assertInert(stderr);
  }
});
