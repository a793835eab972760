import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { importModel } from "../../src/rwkv/import/importModel.js";
import type { Quantization } from "../../src/rwkv/import/importedTensors.js";
import { verifyImport } from "../../src/rwkv/import/verifyImport.js";
import { loadWeights } from "../../src/rwkv/load.js";
import type { WeightFormat } from "../../src/rwkv/weights/matrices.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorsOf } from "../support/tensorFile.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** Imports into `<folder>/<quantization>`. */
async function imported(folder: string, source: string, quantization: Quantization): Promise<string> {
  const made = path.join(folder, quantization);
  const options = { folder: made, name: "made", quantization, chat: "world", vocabulary: undefined } as const;
  await importModel(source, options, { cancellation: neverCancelled, onProgress: () => undefined });
  return made;
}

const tokens = [...Buffer.from("let a = b + c;\n")] as TokenId[]; // each byte is a token

async function logitsOf(place: string, format: WeightFormat): Promise<Float32Array> {
  const { engine } = await loadWeights(place, format, 1);
  const logits = await logitsAfter(engine.open(), tokens);
  await engine.dispose();
  return logits;
}

/**
 * For each model: tensors that are quantized, others that are converted, and the type of the converted ones. Low-rank
 * pairs keep their type.
 */
const versions: readonly (readonly [string, readonly string[], readonly string[], "F32" | "F16"])[] = [
  ["v4-small", ["att.key", "ffn.receptance"], ["att.time_decay"], "F32"],
  [
    "v5.2-small",
    ["att.gate", "ffn.receptance", "ffn.value"],
    ["att.time_decay", "att.time_faaaa", "att.ln_x.weight"],
    "F32",
  ],
  [
    "v6-small",
    ["att.gate", "ffn.receptance", "ffn.value"],
    ["att.time_maa_w1", "att.time_maa_w2", "att.time_decay_w2"],
    "F16",
  ],
];

for (const [name, quantised, others, dtype] of versions) {
  test(`a ${name} is imported from .pth and .safetensors, and gives the same results as its source`, () =>
    inTemporaryFolder(async (folder) => {
      const safetensors = path.join(fixtures, "rwkv", name, "model.safetensors");
      const pth = path.join(folder, "small.pth");
      writeFileSync(pth, pthFile(tensorsOf(openWeights(safetensors))));
      const plain = await imported(folder, pth, "none");
      assert.equal(maxDifference(await logitsOf(plain, "fp32"), await logitsOf(safetensors, "fp32")), 0);

      const eight = await imported(folder, safetensors, "int8");
      assert.equal(maxDifference(await logitsOf(eight, "int8"), await logitsOf(safetensors, "int8")), 0);
      const weights = openWeights(path.join(eight, "model.safetensors"));
      for (const one of quantised) assert.equal(weights.dtype(`blocks.1.${one}.weight`), "I8", one);
      for (const one of others) assert.equal(weights.dtype(`blocks.1.${one}`), dtype, one);
      const verified = await verifyImport(safetensors, eight, neverCancelled);
      assert.ok(verified.kind === "compared" && verified.maxDifference <= 0.5 && verified.agreeing >= 40);
    }));
}
