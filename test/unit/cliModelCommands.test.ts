import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { ran } from "../support/cliCommands.js";
import { readExpected } from "../support/fixtureModel.js";
import { maxDifference } from "../support/numeric.js";
import { embeddedModel, fixtures } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorsOf } from "../support/tensorFile.js";

const small = path.join(fixtures, "rwkv/v7-small");
const sample = "media/sample.ts";
const expected = readExpected(small).prompts.find(({ length }) => length === 17)!;

test("`complete` gives the insertion and its range as JSON, or shows it in the lines above with its timings", async (t) => {
  const args = ["complete", `${sample}:18:11`, "--model", embeddedModel, "--threads", "1"];
  const { status, out } = await ran(t, ...args, "--json");
  const { insertText, line, start, end, model, loadMs, cost } = JSON.parse(out.join("\n")) as Record<
    string,
    unknown
  > & {
    readonly insertText: string;
    readonly cost: { readonly source: string };
  };
  assert.deepEqual([status, line, start, end, cost.source], [0, 17, 10, 10, "exact"]);
  assert.match(insertText, /^ i = 0; i < points\.length/);
  assert.ok(Number(loadMs) > 0);
  const shown = await ran(t, ...args);
  assert.ok(shown.out.includes(`  for (let├${insertText}┤`));
  assert.equal(shown.out.indexOf(`  for (let├${insertText}┤`), 12, "with the twelve lines above");
  assert.match(shown.out.at(-2)!, new RegExp(`^${String(model)}, .*: loaded in \\d+ ms$`));
  assert.match(
    shown.out.at(-1)!,
    /^\d+ tokens read, \d+ from a checkpoint, first token after \d+ ms, [1-9]\d* tokens\/s written$/,
  );
});

test("`logits` gives the expected logits and the most likely tokens, in chunks of any length", async (t) => {
  const { tokens, logits, greedy } = expected;
  const command = ["logits", path.join(small, "model.safetensors"), "--tokens", tokens.join(), "--greedy", "4"];
  for (const chunk of ["1", "5", "64"]) {
    const { status, out } = await ran(t, ...command, "--chunk", chunk, "--json");
    const result = JSON.parse(out.join("\n")) as { logits: number[]; greedy: number[] };
    assert.equal(status, 0);
    assert.ok(maxDifference(result.logits, logits) <= 1e-4);
    assert.deepEqual(result.greedy, greedy.slice(0, 4));
  }
  const { out } = await ran(t, ...command);
  const best = [...logits].map((logit, token) => ({ token, logit })).sort((a, b) => b.logit - a.logit);
  assert.deepEqual(
    out.slice(0, 10).map((line) => Number(line.trim().split(/ +/)[0])),
    best.slice(0, 10).map(({ token }) => token),
  );
  assert.equal(out[10], `greedy: ${greedy.slice(0, 4).join()}`);
  assert.match(out[11]!, /^\d+\.\d ms$/);
  assert.equal(out.length, 12);
});

test("`import` makes a model folder, says what it made, and `inspect` describes it", (t) =>
  inTemporaryFolder(async (folder) => {
    const source = path.join(folder, "rwkv7-g1-small.pth");
    writeFileSync(source, pthFile(tensorsOf(openSafetensors(path.join(small, "model.safetensors")))));
    const made = path.join(folder, "made");
    const { status, out, error } = await ran(
      t,
      "import",
      source,
      "--out",
      made,
      "--quantize",
      "int8",
      "--name",
      "G1\u0007",
    );
    assert.deepEqual([status, error], [0, []]);
    assert.equal(out[0], made);
    assert.match(
      out.slice(1, 5).join("\n"),
      /^RWKV-7, 3 layers, width 128, 256 tokens\nweights: \d\.\d MB, large matrices in 8 bits\nvocabulary: bytes\nchat: g1, guessed from the file's name$/,
    );
    assert.match(out[5]!, /^verified on 48 tokens: /);
    const inspected = await ran(t, "inspect", made);
    assert.match(
      inspected.out.join("\n"),
      /^name +G1\\u\{7\}\nversion +RWKV-7\nshape +3 layers, width 128, 2 heads of 64, channel-mix \d+\nvocabulary +256 tokens, tokenizer: bytes\n/,
    );
    assert.match(
      inspected.out.join("\n"),
      /\nprompt +prefix\nchat +g1\nlicence +see the source\nsha256 +[\da-f]{64} {2}model/,
    );
    const quick = JSON.parse((await ran(t, "inspect", made, "--quick", "--json")).out.join("\n")) as {
      name: string;
      sha256: object;
    };
    assert.deepEqual([quick.name, quick.sha256], ["G1\\u{7}", {}]);
    assert.match((await ran(t, "import", source, "--out", made)).error[0]!, /made: exists already; remove it/);
  }));

test("`import --json` reports each percent once, the folder and the comparison; without one, nothing is compared", (t) =>
  inTemporaryFolder(async (folder) => {
    const source = path.join(small, "model.safetensors");
    const linesOf = async (...options: readonly string[]) =>
      (await ran(t, "import", source, "--json", ...options)).out.map(
        (line) => JSON.parse(line) as Record<string, unknown>,
      );
    const made = path.join(folder, "made");
    const lines = await linesOf("--out", made, "--chat", "world");
    const fractions = lines.flatMap(({ kind, fraction }) => (kind === "progress" ? [fraction] : []));
    assert.deepEqual(fractions, [...new Set(fractions)]);
    assert.ok(
      fractions.every((fraction) => Math.abs(Number(fraction) * 100 - Math.round(Number(fraction) * 100)) < 1e-9),
    );
    assert.equal(fractions.at(-1), 1);
    const [model, verified] = lines.slice(-2);
    assert.deepEqual([model!["kind"], model!["folder"], model!["chat"]], ["made", made, "world"]);
    assert.equal((verified as { verification: { kind: string } }).verification.kind, "compared");
    const filling = path.join(folder, "filling");
    const without = await linesOf("--out", filling, "--fim", "--no-verify");
    assert.equal(without.at(-1)!["kind"], "made");
    const { out } = await ran(t, "inspect", filling);
    assert.ok(out.includes("prompt      suffix-prefix-middle"));
    assert.ok(existsSync(path.join(filling, "model.safetensors")));
  }));
