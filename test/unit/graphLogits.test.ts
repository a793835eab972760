import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { buildModelGraph } from "../../src/rwkv/ort/modelGraph.js";
import { loadOnnxruntime } from "../../src/rwkv/ort/onnxruntime.js";
import { OrtEngine } from "../../src/rwkv/ort/ortEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { readExpected } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";

// This is a quick check. The suite `numeric` compares other prompts and models, chunkings, states and both engines.
for (const name of ["v4-small", "v5.2-small", "v6-small", "v7-small"]) {
  test(`the graph of ${name} has the reference's logits, over the longest chunks and from the state after each`, async () => {
    const folder = path.join(fixtures, "rwkv", name);
    const source = openSafetensors(path.join(folder, "model.safetensors"));
    const dimensions = detectDimensions(source);
    const graph = buildModelGraph(source, dimensions, "fp32");
    const engine = await OrtEngine.create({ ort: await loadOnnxruntime(), graph, dimensions, format: "fp32" }, 1);
    const { tokens, logits } = readExpected(folder).prompts.find(({ length }) => length === 300)!;
    const difference = maxDifference(await logitsAfter(engine.open(), tokens), logits);
    assert.ok(difference <= 1e-4, `${difference}`);
    await engine.dispose();
  });
}
