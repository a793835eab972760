import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { distributionOf } from "../../src/core/decoding/distribution.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { loadAddon, type ModelHandle, type ReaderHandle } from "../../src/rwkv/native/addon.js";
import { addonTensors, packTensors } from "../../src/rwkv/native/addonTensors.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures } from "../support/paths.js";

const loaded = loadAddon();
const skip = loaded === undefined && "the native engine was not built: no C++ compiler";
const addon = loaded!;
const source = openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors"));
const sizes = detectDimensions(source);

async function smallModel(): Promise<ModelHandle> {
  const tensors = await packTensors(addon, addonTensors(source, sizes, "int8"));
  return addon.createModel(sizes, tensors, addon.instructionSets().length - 1);
}

test("a step on the main thread computes the same as a run, bit for bit", { skip }, async () => {
  const shared = await smallModel();
  const [stepping, running] = [addon.openReader(shared), addon.openReader(shared)];
  const [state, expectedState] = [stateOf(stepping), stateOf(running)];
  const logits = new Float32Array(sizes.vocabularySize);
  for (const token of [3, 200, 7, 7, 91]) {
    addon.step(stepping, token, logits);
    assert.deepEqual(logits, await addon.run(running, Int32Array.of(token), 1));
    addon.save(stepping, state);
    addon.save(running, expectedState);
    assert.deepEqual(state, expectedState);
  }
});

test("a step is refused while the reader is in a run", { skip }, async () => {
  const reader = addon.openReader(await smallModel());
  const run = addon.run(reader, new Int32Array(64), 1);
  assert.throws(() => {
    addon.step(reader, 1, new Float32Array(sizes.vocabularySize));
  }, /busy/);
  await run;
});

test("the engine's summary of logits equals that of core", { skip }, async () => {
  const shared = await smallModel();
  const into = new Float64Array(3);
  for (const spread of [0.1, 5, 40, 400]) {
    const logits = Float32Array.from({ length: sizes.vocabularySize }, (_, i) => spread * Math.sin(i * i));
    logits[17] = -Infinity;
    logits[18] = NaN;
    addon.summarize(shared, logits, into);
    const { top, logSum, entropy } = distributionOf(logits, undefined);
    assert.equal(into[0], top);
    assert.ok(Math.abs(into[1]! - logSum) < 1e-5 * Math.max(1, spread), `spread ${spread}: ${into[1]}, ${logSum}`);
    assert.ok(Math.abs(into[2]! - entropy) < 1e-5, `spread ${spread}: ${into[2]}, ${entropy}`);
  }
});

function stateOf(reader: ReaderHandle): Float32Array {
  const state = new Float32Array(sizes.layers * (2 * sizes.width + sizes.width * 64));
  addon.save(reader, state);
  return state;
}
