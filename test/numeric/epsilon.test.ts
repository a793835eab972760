import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { loadModel, loadWeights } from "../../src/rwkv/load.js";
import { readExpected } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

/**
 * Writes a model's folder with a byte-level fixture's weights.
 * @param groupNormEps the epsilon of ln_x in model.json.
 */
function writeFolder(folder: string, weights: string, groupNormEps: number | undefined): void {
  copyFileSync(weights, path.join(folder, "model.safetensors"));
  const sha256 = createHash("sha256").update(readFileSync(weights)).digest("hex");
  const json = {
    name: "another epsilon",
    architecture: weights.includes("v7") ? "rwkv7" : "rwkv5",
    tokenizer: { kind: "bytes" },
    document: {},
    licence: "none",
    files: { "model.safetensors": { sha256 } },
    groupNormEps,
  };
  writeFileSync(path.join(folder, "model.json"), JSON.stringify(json));
}

for (const name of ["v5.1", "v5.2"]) {
  const { path: fixture, skip } = sharedPlace("fixtures/rwkv", name);
  test(`${name} with rwkv.cpp's epsilon in model.json gives rwkv.cpp's logits`, { skip }, () =>
    inTemporaryFolder(async (folder) => {
      writeFolder(folder, path.join(fixture, "model.safetensors"), 1e-5);
      const { engine } = await loadWeights(folder, "fp32", 1);
      for (const { tokens, logits } of readExpected(fixture, "expected-eps1e-5.json").prompts) {
        const difference = maxDifference(await logitsAfter(engine.open(), tokens), logits);
        assert.ok(difference <= 1e-4, `${difference} after ${tokens.length} tokens`);
      }
      await engine.dispose();
    }),
  );
}

test("a model with another epsilon has another id, so that they share no states", () =>
  inTemporaryFolder(async (folder) => {
    const idWith = async (groupNormEps: number | undefined): Promise<string> => {
      writeFolder(folder, path.join(fixtures, "rwkv/v7-small/model.safetensors"), groupNormEps);
      const model = await loadModel(folder, { threads: 1, weights: "fp32", engine: "onnxruntime" });
      await model.dispose();
      return model.id;
    };
    const published = await idWith(undefined);
    assert.equal(await idWith(64e-5), published);
    assert.notEqual(await idWith(1e-5), published);
  }));
