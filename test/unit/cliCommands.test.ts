import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { version } from "../../package.json";
import { ran } from "../support/cliCommands.js";
import { fixtures } from "../support/paths.js";

const small = path.join(fixtures, "rwkv/v7-small");
const sample = "media/sample.ts";

test("a wrong command line exits with 2, prints one line to stderr, and does nothing", async (t) => {
  const weights = path.join(small, "model.safetensors");
  for (const [args, message] of [
    [["fly"], /^rwkv-code: there is no command fly; /],
    [["constructor"], /^rwkv-code: there is no command constructor; /],
    [["complete", `${sample}:1:1`, "--color"], /^rwkv-code: Unknown option '--color'; rwkv-code --help lists the options$/],
    [["complete"], /^usage: rwkv-code complete /],
    [["complete", sample], /^usage: rwkv-code complete /],
    [["complete", `${sample}:1`], /^usage: rwkv-code complete /],
    [["complete", `${sample}:0:1`], /^usage: rwkv-code complete /],
    [["complete", `${sample}:1:0`], /^usage: rwkv-code complete /],
    [["complete", `${sample}:1:1`, "more"], /^usage: rwkv-code complete /],
    [["complete", `${sample}:1:1`, "--threads", "-1"], /^rwkv-code: Option '--threads'.* argument is ambiguous/],
    [["complete", `${sample}:1:1`, "--threads", "two"], /^usage: rwkv-code complete /],
    [["complete", `${sample}:1:1`, "--weights", "int3"], /^usage: rwkv-code complete /],
    [["complete", `${sample}:1:1`, "--engine", "fast"], /^usage: rwkv-code complete /],
    [["models", "all"], /^usage: rwkv-code models /],
    [["inspect"], /^usage: rwkv-code inspect /],
    [["inspect", small, small], /^usage: rwkv-code inspect /],
    [["serve"], /^usage: rwkv-code serve /],
    [["serve", "--stdio", "--clientProcessId=a"], /^usage: rwkv-code serve /],
    [["serve", "--stdio", "--clientProcessId=12345678901"], /^usage: rwkv-code serve /],
    [["import"], /^usage: rwkv-code import /],
    [["import", small, small], /^usage: rwkv-code import /],
    [["import", weights, "--quantize", "int3"], /^usage: rwkv-code import /],
    [["import", weights, "--chat", "loud"], /^usage: rwkv-code import /],
    [["import", weights, "--name", ""], /^usage: rwkv-code import /],
    [["import", weights, "--name", "a/b"], /^usage: rwkv-code import /],
    [["get"], /^usage: rwkv-code get /],
    [["get", "a", "b"], /^usage: rwkv-code get /],
    [["logits", weights], /^usage: rwkv-code logits /],
    [["logits", "--tokens", "1"], /^usage: rwkv-code logits /],
    [["logits", weights, weights, "--tokens", "1"], /^usage: rwkv-code logits /],
    [["logits", weights, "--tokens", "1,"], /^usage: rwkv-code logits /],
    [["logits", weights, "--tokens", "1", "--chunk", "0"], /^usage: rwkv-code logits /],
    [["logits", weights, "--tokens", "1", "--greedy", "-"], /^usage: rwkv-code logits /],
    [["logits", weights, "--tokens", "1", "--weights", "int3"], /^usage: rwkv-code logits /],
  ] as const) {
    const { status, out, error } = await ran(t, ...args);
    assert.deepEqual([status, out, error.length], [2, [], 1], `${args.join(" ")}: ${error.join()}`);
    assert.match(error[0]!, message);
  }
}); // prettier-ignore

test("a command that fails exits with 1, and the error names the file and the fix", async (t) => {
  for (const [args, message] of [
    [["complete", `${sample}:900:1`], /media\/sample\.ts: the file has \d+ lines; give a line up to that, not 900$/],
    [["complete", `${sample}:1:900`], /media\/sample\.ts: line 1 ends at column \d+; give a column up to that$/],
    [["complete", "media/none.ts:1:1"], /none\.ts: no such file/],
    [["logits", path.join(small, "model.safetensors"), "--tokens", "1,256"], /^rwkv-code: token 256 is not in the vocabulary; give tokens below 256$/],
    [["inspect", "media/none"], /none/],
  ] as const) {
    const { status, out, error } = await ran(t, ...args);
    assert.deepEqual([status, out, error.length], [1, [], 1], `${args.join(" ")}: ${error.join()}`);
    assert.match(error[0]!, message);
  }
}); // prettier-ignore

test("help and version are printed to stdout, and without a command the help to stderr", async (t) => {
  for (const args of [["--help"], ["-h"], ["help"], ["complete", "--help"], ["serve", "-h"]]) {
    const { status, out, error } = await ran(t, ...args);
    assert.deepEqual([status, error], [0, []], args.join(" "));
    assert.match(out.join("\n"), /^rwkv-code: .*\n\n {2}rwkv-code complete FILE/);
  }
  for (const name of ["--version", "version"]) assert.deepEqual((await ran(t, name)).out, [version]);
  const { status, out, error } = await ran(t);
  assert.deepEqual([status, out], [2, []]);
  assert.match(error.join("\n"), /^rwkv-code: .*\n\n {2}rwkv-code complete FILE/);
});

test("a bare weights file has no name and no chat format", async (t) => {
  const { out } = await ran(t, "inspect", path.join(fixtures, "rwkv/v4-small/model.safetensors"), "--quick");
  assert.equal(out[0], "name        (none: a bare weights file)");
  assert.match(out[1]!, /^version {5}RWKV-4/);
  assert.ok(out.includes("prompt      (none)") && out.includes("chat        (unknown)"));
});
