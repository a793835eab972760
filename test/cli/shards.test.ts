import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { cli } from "../support/cli.js";
import { smallTensors } from "../support/importing.js";
import { shardFiles, writtenParts } from "../support/shardFiles.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("import and inspect accept the folder of a sharded model and name the model after it", () =>
  inTemporaryFolder((folder) => {
    const parts = path.join(folder, "rwkv7-0.4B-g1");
    mkdirSync(parts);
    writtenParts(parts, shardFiles(smallTensors(), 2));
    const made = path.join(folder, "made");
    const { status, stdout, stderr } = cli("import", parts, "--out", made, "--quantize", "int4");
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /large matrices in 4 bits, some in 8\nvocabulary: bytes\nchat: g1, guessed .*\nverified on 48/,
    );
    assert.match(cli("inspect", made).stdout, /^name +rwkv7-0\.4B-g1$/m);
    assert.match(
      cli("inspect", parts).stdout,
      /[\da-f]{64} {2}weights\n.*[\da-f]{64} {2}model-00001-of-00002\.safetensors/,
    );
  }));
