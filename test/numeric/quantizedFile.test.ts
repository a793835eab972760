import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { loadWeights } from "../../src/rwkv/load.js";
import { quantize, scaleName } from "../../src/rwkv/weights/quantized.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { readExpected } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile, type WrittenTensor } from "../support/tensorFile.js";

const small = path.join(fixtures, "rwkv/v7-small");
const bigMatrix = /(receptance|key|value|output|head)\.weight$/;

/** The model as a file in our 8-bit layout. Large matrices are I8 with scales, and all other tensors are unchanged. */
function quantisedFile(source: TensorSource, group: number): Buffer {
  const tensors: Record<string, WrittenTensor> = {};
  for (const name of source.names) {
    const shape = source.shape(name);
    const [out = 0, inputs = 0] = shape;
    if (!bigMatrix.test(name)) {
      tensors[name] = { dtype: source.dtype(name), shape, bytes: source.readBytes(name) };
      continue;
    }
    const { values, scales } = quantize(source.readFloats(name), { out, in: inputs }, group);
    tensors[name] = { dtype: "I8", shape, bytes: new Uint8Array(values.buffer) };
    tensors[scaleName(name)] = floats([out, inputs / group], scales);
  }
  return tensorFile(tensors);
}

for (const group of [32, 128]) {
  test(`a file quantized in groups of ${group} gives the same results as quantization on load`, async (t) => {
    await inTemporaryFolder(async (folder) => {
      const file = path.join(folder, "model.safetensors");
      writeFileSync(file, quantisedFile(openSafetensors(path.join(small, "model.safetensors")), group));
      const { tokens, logits } = readExpected(small).prompts.find(({ length }) => length === 64)!;
      const of = async (place: string, weights: "fp32" | "int8"): Promise<Float32Array> => {
        const { engine } = await loadWeights(place, weights, 1);
        const result = await logitsAfter(engine.open(), tokens);
        await engine.dispose();
        return result;
      };
      const stored = await of(file, "int8");
      const onLoad = await of(path.join(small, "model.safetensors"), "int8");
      // Within a tolerance, because onnxruntime's order of summation depends on where its buffers are in memory.
      if (group === 32) assert.ok(maxDifference(stored, onLoad) <= 1e-4);
      t.diagnostic(`int8 against fp32 as stored: ${maxDifference(stored, logits).toFixed(4)}`);
      assert.ok(maxDifference(stored, logits) <= 0.3);
      // In fp32, the same weights are used as floats, and activations stay exact. So only the weights are rounded.
      assert.ok(maxDifference(await of(file, "fp32"), logits) <= 0.3);
    });
  });
}
