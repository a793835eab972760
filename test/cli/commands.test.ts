import assert from "node:assert/strict";
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { setImmediate } from "node:timers/promises";
import type { ImportLine, InspectLine } from "../../src/shared/cliOutput.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { cli, type Ran } from "../support/cli.js";
import { readExpected } from "../support/fixtureModel.js";
import { maxDifference } from "../support/numeric.js";
import { embeddedModel, fixtures, root } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorFile, tensorsOf } from "../support/tensorFile.js";

/** Asserts the exit status, a single matching line on stderr, and nothing on stdout. */
function assertError(ran: Ran, status: number, message: RegExp): void {
  assert.equal(ran.status, status, ran.stderr);
  assert.match(ran.stderr, message);
  assert.equal(ran.stderr.trim().split("\n").length, 1, ran.stderr);
  assert.equal(ran.stdout, "");
}

const small = path.join(fixtures, "rwkv/v7-small");

test("complete returns the insertion, its range and its cost", () => {
  const { status, stdout } = cli("complete", "media/sample.ts:18:11", "--json", "--weights", "fp32");
  assert.equal(status, 0);
  const completed = JSON.parse(stdout) as {
    insertText: string;
    line: number;
    start: number;
    end: number;
    cost: { source: string; exact: boolean };
  };
  assert.match(completed.insertText, /^ i = 0; i < points\.length/);
  assert.deepEqual([completed.line, completed.start, completed.end], [17, 10, 10]);
  assert.equal(completed.cost.source, "exact");
  assert.equal(completed.cost.exact, true);
});

test("complete prints the text above, the ghost text and one line of timings", () => {
  const { status, stdout } = cli("complete", "media/sample.ts:18:11");
  assert.equal(status, 0);
  assert.match(stdout, /let length = 0;\n {2}for \(let├ i = 0;.*┤\n/);
  assert.match(stdout, /\d+ tokens read, \d+ from a checkpoint, first token after \d+ ms, \d+ tokens\/s/);
});

test("logits of a bare file without a tokenizer match the expected ones in chunks of 1, 5 and 64 tokens", () => {
  const { tokens, logits, greedy } = readExpected(small).prompts.find(({ length }) => length === 17)!;
  for (const chunk of ["1", "5", "64"]) {
    const args = ["--tokens", tokens.join(), "--chunk", chunk, "--greedy", "8", "--json"];
    const { status, stdout } = cli("logits", path.join(small, "model.safetensors"), ...args);
    assert.equal(status, 0);
    const result = JSON.parse(stdout) as { logits: number[]; greedy: number[]; ms: number };
    assert.ok(maxDifference(result.logits, logits) <= 1e-4);
    assert.deepEqual(result.greedy, greedy.slice(0, 8));
    assert.ok(result.ms > 0);
  }
});

test("without --json, the ten largest logits are printed, the largest first", () => {
  const { tokens, logits, greedy } = readExpected(small).prompts.find(({ length }) => length === 17)!;
  const { stdout } = cli("logits", path.join(small, "model.safetensors"), "--tokens", tokens.join(), "--greedy", "2");
  const best = [...logits].map((logit, token) => ({ token, logit })).sort((a, b) => b.logit - a.logit);
  const lines = stdout.trimEnd().split("\n");
  assert.deepEqual(
    lines.slice(0, 10).map((line) => Number(line.trim().split(/ +/)[0])),
    best.slice(0, 10).map(({ token }) => token),
  );
  assert.ok(Math.abs(Number(lines[0]!.trim().split(/ +/)[1]) - best[0]!.logit) < 1e-4, lines[0]);
  assert.equal(lines[10], `greedy: ${greedy.slice(0, 2).join()}`);
  assert.match(lines[11]!, /^\d+\.\d ms$/);
  assert.equal(lines.length, 12);
});

test("inspect prints version, shape, state and hashes", () => {
  const { status, stdout } = cli("inspect", "models/default");
  assert.equal(status, 0);
  assert.match(stdout, /RWKV-7/);
  assert.match(stdout, /8 layers, width 256, 4 heads of 64/);
  assert.match(stdout, /540672 bytes/);
  assert.match(stdout, /[\da-f]{64} {2}model\.safetensors/);
  const bare = JSON.parse(cli("inspect", path.join(fixtures, "rwkv/v4-small/model.safetensors"), "--json").stdout) as {
    dimensions: { version: number };
  };
  assert.equal(bare.dimensions.version, 4);
});

test("import makes a model folder that completes, and compares it with its source", () =>
  inTemporaryFolder((folder) => {
    const source = path.join(folder, "rwkv7-g1-small.pth");
    writeFileSync(source, pthFile(tensorsOf(openSafetensors(path.join(small, "model.safetensors")))));
    const made = path.join(folder, "made");
    const { status, stdout, stderr } = cli("import", source, "--out", made, "--quantize", "int8", "--name", "G1 small");
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    assert.match(stdout, /RWKV-7, 3 layers, width 128, 256 tokens\nweights: \d\.\d MB, large matrices in 8 bits\n/);
    assert.match(stdout, /chat: g1, guessed from the file's name\n/);
    assert.match(
      stdout,
      /verified on 48 tokens: the largest difference between logits is 0\.\d+, .* after \d+ of them/,
    );
    assert.match(cli("inspect", made).stdout, /name +G1 small\n(.*\n)+chat +g1\n/);
    assert.equal(cli("complete", "media/sample.ts:18:11", "--model", made).status, 0);

    assertError(cli("import", source, "--out", made), 1, /made: exists already; remove it/);
    assertError(cli("import", source, "--out", made, "--quantize", "int3"), 2, /^usage: rwkv-code import SOURCE/);
    const filling = path.join(folder, "filling");
    assert.equal(cli("import", source, "--out", filling, "--fim", "--no-verify").status, 0);
    assert.match(cli("inspect", filling).stdout, /\nprompt +suffix-prefix-middle\n/);
    assert.equal(cli("complete", "media/sample.ts:18:11", "--model", filling).status, 0);
    const plain = cli("import", source, "--out", path.join(folder, "plain"), "--no-verify", "--chat", "none");
    assert.match(plain.stdout, /as in the source\nvocabulary: bytes\nchat: none\n$/);
  }));

for (const [fixture, name, version] of [
  ["v5.2-small", "RWKV-5-World-0.4B-v2.pth", "RWKV-5.2"],
  ["v6-small", "RWKV-x060-World-1B6-v2.1.safetensors", "RWKV-6"],
] as const) {
  test(`an imported ${version} chats like World models, and completes`, () =>
    inTemporaryFolder((folder) => {
      const source = path.join(folder, name);
      const tensors = tensorsOf(openSafetensors(path.join(fixtures, "rwkv", fixture, "model.safetensors")));
      writeFileSync(source, name.endsWith(".pth") ? pthFile(tensors) : tensorFile(tensors));
      const made = path.join(folder, "made");
      const { status, stdout, stderr } = cli("import", source, "--out", made, "--quantize", "int8");
      assert.equal(status, 0, stderr);
      assert.ok(stdout.includes(`\n${version}, 3 layers, width 128, 256 tokens\n`), stdout);
      assert.match(stdout, /chat: world, guessed from the file's name\nverified on 48 tokens/);
      const inspected = cli("inspect", made).stdout;
      assert.match(inspected, new RegExp(`^version +${version}$`, "m"));
      assert.match(inspected, /^state +101376 bytes$/m);
      assert.equal(cli("complete", "media/sample.ts:18:11", "--model", made).status, 0);
    }));
}

test("import --json prints progress, the result and the comparison, one line each", () =>
  inTemporaryFolder((folder) => {
    const source = path.join(folder, "rwkv7-g1-small.pth");
    writeFileSync(source, pthFile(tensorsOf(openSafetensors(path.join(small, "model.safetensors")))));
    const made = path.join(folder, "made");
    const { status, stdout, stderr } = cli("import", source, "--out", made, "--quantize", "int8", "--json");
    assert.equal(status, 0, stderr);
    const lines = stdout.trim().split("\n");
    const parsed = lines.map((line) => JSON.parse(line) as ImportLine);
    const fractions = parsed.flatMap((line) => (line.kind === "progress" ? [line.fraction] : []));
    assert.deepEqual(fractions, [...new Set(fractions)].sort());
    assert.equal(fractions.at(-1), 1);
    const [model, verified] = parsed.slice(-2);
    assert.ok(model?.kind === "made" && verified?.kind === "verified");
    assert.deepEqual([model.folder, model.dimensions.layers, model.chat], [made, 3, "g1"]);
    assert.ok(verified.verification.kind === "compared" && verified.verification.tokens === 48);

    const inspected = JSON.parse(cli("inspect", made, "--quick", "--json").stdout) as InspectLine;
    assert.deepEqual([inspected.name, inspected.sha256, inspected.isVocabularyMissing], ["rwkv7-g1-small", {}, false]);
  }));

for (const [how, end] of [
  ["a signal", (child) => child.kill("SIGTERM")],
  [
    "the parent hanging up",
    (child) => {
      child.disconnect();
    },
  ],
] as readonly (readonly [string, (child: ReturnType<typeof fork>) => unknown])[]) {
  test(`an import that is stopped by ${how} leaves nothing behind`, () =>
    inTemporaryFolder(async (folder) => {
      const source = path.join(folder, "large.safetensors");
      const bytes = new Uint8Array(2 ** 27); // so large that the import is still running when it is stopped
      writeFileSync(
        source,
        tensorFile({
          ...tensorsOf(openSafetensors(path.join(small, "model.safetensors"))),
          "blocks.0.att.v1": { dtype: "F32", shape: [2 ** 25], bytes },
        }),
      );
      const made = path.join(folder, "made");
      const child = fork(path.join(root, "dist/cli.js"), ["import", source, "--out", made, "--json"], { silent: true });
      const exited = once(child, "exit");
      const isUnderWay = (): boolean => readdirSync(folder).some((name) => name.endsWith(".partial"));
      while (!isUnderWay() && child.exitCode === null) await setImmediate();
      end(child);
      assert.deepEqual(await exited, [1, null]);
      assert.deepEqual(readdirSync(folder), ["large.safetensors"]);
    }));
}

test("inspect and logits read a .pth file", () =>
  inTemporaryFolder((folder) => {
    const source = path.join(folder, "small.pth");
    writeFileSync(source, pthFile(tensorsOf(openSafetensors(path.join(small, "model.safetensors")))));
    assert.match(cli("inspect", source).stdout, /RWKV-7\n(.*\n)+sha256 +[\da-f]{64} {2}weights/);
    const { tokens, logits } = readExpected(small).prompts.find(({ length }) => length === 17)!;
    const result = JSON.parse(cli("logits", source, "--tokens", tokens.join(), "--json").stdout) as {
      logits: number[];
    };
    assert.ok(maxDifference(result.logits, logits) <= 1e-4);
  }));

test("a file that cannot be read is named with the fix, and the exit code is 1", async () => {
  assertError(cli("complete", "nowhere.ts:1:1"), 1, /nowhere\.ts: no such file/);
  assertError(
    cli("complete", "media/sample.ts:999:1"),
    1,
    /sample\.ts: the file has 19 lines; give a line up to that, not 999/,
  );
  assertError(cli("complete", "media/sample.ts:2:999"), 1, /sample\.ts: line 2 ends at column 25/);
  assertError(cli("complete", "media/icon.png:1:1"), 1, /icon\.png: a binary file; give a text file/);
  assertError(
    cli("complete", "media/sample.ts:1:1", "--model", "nowhere"),
    1,
    /nowhere: no such file or folder; give a model's folder/,
  );
  assertError(
    cli("inspect", "package.json"),
    1,
    /package\.json: is not an index of a model's shards; give the model as \.safetensors/,
  );
  assertError(
    cli("logits", path.join(small, "model.safetensors"), "--tokens", "1,999"),
    1,
    /token 999 is not in the vocabulary; give tokens below 256/,
  );
  await inTemporaryFolder((folder) => {
    assertError(cli("complete", `${folder}:1:1`), 1, /a folder, not a file; give a regular file/);
  });
});

test("unusual texts are completed or left alone, and the file is unchanged", async () => {
  await inTemporaryFolder((folder) => {
    const texts = {
      "crlf.ts": "let a = 1;\r\nlet b = ",
      "bom.ts": "\ufefflet a = 1;\nlet b = ",
      "mixed.ts": "a;\rb;\r\nc;\nlet d = ",
      "tabs.py": "def f():\n\tif x:\n\t\t",
      "control.ts": "let a = '\u0001\u0007';\nlet b = ",
      "empty.ts": "",
    };
    for (const [name, text] of Object.entries(texts)) {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      const lines = text.split(/\r\n?|\n/);
      const { status, stderr } = cli(
        "complete",
        `${file}:${lines.length}:${lines.at(-1)!.length + 1}`,
        "--weights",
        "fp32",
      );
      assert.equal(status, 0, `${name}: ${stderr}`);
      assert.equal(readFileSync(file, "utf8"), text);
    }
  });
});

test("without onnxruntime's library for the platform, the error names the extension to install", async () => {
  await inTemporaryFolder((folder) => {
    mkdirSync(path.join(folder, "dist"));
    const bundle = path.join(folder, "dist/cli.js");
    copyFileSync(path.join(root, "dist/cli.js"), bundle);
    const args = [bundle, "complete", "media/sample.ts:18:11", "--model", embeddedModel];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    const platform = `${process.platform}-${process.arch}`;
    assertError(
      { status, stdout, stderr },
      1,
      new RegExp(
        `No engine runs .* Native engine: .*${platform}.node is missing. onnxruntime: Cannot find module .* are missing. Reinstall the extension built for ${platform}`,
      ),
    );
  });
});

test("a native binary that fails its self-test is reported; onnxruntime replaces it unless native was requested", () =>
  inTemporaryFolder((folder) => {
    mkdirSync(path.join(folder, "native"));
    for (const name of ["cli.js", "selfTest.js"]) {
      copyFileSync(path.join(root, "dist", name), path.join(folder, name));
    }
    symlinkSync(path.join(root, "dist/onnxruntime"), path.join(folder, "onnxruntime"));
    writeFileSync(path.join(folder, "native", `${process.platform}-${process.arch}.node`), "not a binary");
    const complete = (...options: readonly string[]): Ran => {
      const args = ["complete", "media/sample.ts:18:11", "--model", embeddedModel, "--json", ...options];
      return spawnSync(process.execPath, [path.join(folder, "cli.js"), ...args], { cwd: root, encoding: "utf8" });
    };
    const { status, stdout } = complete();
    assert.equal(status, 0);
    const { engine, insertText } = JSON.parse(stdout) as { engine: string; insertText: string };
    assert.match(engine, /^onnxruntime .* \(the native engine does not run here: its self-test failed: .*\.node/);
    assert.notEqual(insertText, "");
    assertError(complete("--engine", "native"), 1, /\.node/);
  }));
