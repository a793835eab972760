import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { findBuilt, loadAddon, type Addon } from "../../src/rwkv/native/addon.js";
import { selfTest } from "../../src/rwkv/native/selfTest.js";
import { addonProblem, runSelfTest } from "../../src/rwkv/native/addonCheck.js";
import { inTemporaryFolder } from "../support/temporary.js";

const addon = loadAddon();
const skip = addon === undefined && "the native engine was not built: no C++ compiler";

/** Runs a script as the self-test. @returns the problem that is reported, if any. */
function problemOfScript(text: string, deadlineMs?: number): Promise<string | undefined> {
  return inTemporaryFolder((folder) => {
    const file = path.join(folder, "selfTest.js");
    writeFileSync(file, text);
    return runSelfTest(file, deadlineMs);
  });
}

test("the built addon passes its self-test", { skip }, async () => {
  assert.equal(await addonProblem(), undefined);
});

const ways: readonly (readonly [string, string, RegExp])[] = [
  ["its instructions are not this machine's", 'process.kill(process.pid, "SIGILL")', /was ended by SIGILL/],
  [
    "it computes wrongly",
    'console.error("note: slow"); console.error("avx2 int8: wrong results"); process.exitCode = 1',
    /failed: avx2 int8: wrong results$/,
  ],
];
for (const [what, text, expected] of ways) {
  test(`the problem of a binary that fails the self-test is reported: ${what}`, async () => {
    assert.match((await problemOfScript(text)) ?? "", expected);
  });
}

test("the system's message is reported for a file that is not a binary of this system", () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "selfTest.js");
    copyFileSync(findBuilt("selfTest.js")!, file);
    mkdirSync(path.join(folder, "native"));
    writeFileSync(path.join(folder, "native", `${process.platform}-${process.arch}.node`), "not a binary");
    assert.match((await runSelfTest(file)) ?? "", /failed: .*\.node/);
  }));

test("a binary in a folder above the bundle that is not its own package is not loaded", () =>
  inTemporaryFolder(async (folder) => {
    const name = `${process.platform}-${process.arch}.node`;
    const [bundle, planted] = [path.join(folder, "theirs/ours/dist"), path.join(folder, "theirs/dist/native")];
    for (const made of [bundle, planted]) mkdirSync(made, { recursive: true });
    const file = path.join(bundle, "selfTest.js");
    copyFileSync(findBuilt("selfTest.js")!, file);
    writeFileSync(path.join(planted, name), "not a binary");
    assert.match((await runSelfTest(file)) ?? "", /failed: there is no addon/);
    writeFileSync(path.join(folder, "theirs/package.json"), '{ "name": "other" }');
    assert.match((await runSelfTest(file)) ?? "", /failed: there is no addon/);
    writeFileSync(path.join(folder, "theirs/package.json"), '{ "name": "rwkv-code" }');
    assert.match((await runSelfTest(file)) ?? "", /failed: .*\.node/);
  }));

test("a self-test that never ends is killed", async () => {
  assert.match((await problemOfScript("setInterval(() => {}, 1000)", 200)) ?? "", /took over 0.2 seconds/);
});

test("a missing self-test is reported", async () => {
  assert.match((await runSelfTest(undefined)) ?? "", /missing; reinstall the extension/);
});

/** The addon, with `change` applied to the results of its fastest instruction set. */
function changed(change: (logits: Float32Array, tokens: number) => Float32Array): Addon {
  const real = addon!;
  const best = real.instructionSets().length - 1;
  const models = new Set<unknown>();
  const readers = new Set<unknown>();
  return {
    ...real,
    createModel: (sizes, tensors, instructionSet) => {
      const model = real.createModel(sizes, tensors, instructionSet);
      if (instructionSet === best) models.add(model);
      return model;
    },
    openReader: (model) => {
      const reader = real.openReader(model);
      if (models.has(model)) readers.add(reader);
      return reader;
    },
    run: async (reader, tokens, want) => {
      const logits = await real.run(reader, tokens, want);
      return logits === undefined || !readers.has(reader) ? logits : change(logits, tokens.length);
    },
  };
}

test("the self-test detects wrong results and results that depend on chunks", { skip }, async () => {
  await selfTest(changed((logits) => logits));
  const scaled = changed((logits) => logits.map((value) => value * 1.01));
  await assert.rejects(selfTest(scaled), /fp32: wrong results/);
  await assert.rejects(selfTest(changed((logits) => logits.map(() => NaN))), /fp32: results depend on chunks/);
  const drifting = changed((logits, tokens) => (tokens === 1 ? logits.map((value) => value + 1e-6) : logits));
  await assert.rejects(selfTest(drifting), /results depend on chunks/);
});
