import assert from "node:assert/strict";
import test from "node:test";
import { cli } from "../support/cli.js";

test("a wrong command line exits with 2 and prints the usage", () => {
  for (const args of [
    ["complete"],
    ["complete", "a.ts"],
    ["complete", "a.ts:0:1"],
    ["logits", "x"],
    ["serve"],
    ["inspect"],
    ["import"],
  ]) {
    const { status, stderr } = cli(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, /^usage: rwkv-code .*\n$/);
  }
  const { status, stderr } = cli("complete", "media/sample.ts:1:1", "--colour");
  assert.equal(status, 2);
  assert.equal(stderr, "rwkv-code: Unknown option '--colour'; rwkv-code --help lists the options\n");
  for (const name of ["fly", "constructor"]) {
    const { status, stderr } = cli(name);
    assert.equal(status, 2, name);
    assert.equal(stderr, `rwkv-code: there is no command ${name}; rwkv-code --help lists the commands\n`);
  }
});

test("without a command the help is printed to stderr", () => {
  const { status, stdout, stderr } = cli();
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^rwkv-code: .*\n\n {2}rwkv-code complete FILE/);
});

test("help is printed for --help, -h, and for both after a command", () => {
  for (const args of [["--help"], ["-h"], ["help"], ["complete", "--help"], ["serve", "-h"]]) {
    const { status, stdout } = cli(...args);
    assert.equal(status, 0, args.join(" "));
    assert.match(stdout, /^rwkv-code: .*\n\n {2}rwkv-code complete FILE/);
  }
});
