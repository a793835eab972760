import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { isPacked, type State, type TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { fixtureModel } from "../support/fixtureModel.js";
import { maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";

const skip = loadAddon() === undefined && "the native engine was not built: no C++ compiler";
const tokens = Array.from({ length: 300 }, (_, i) => ((i * 7) % 50) as TokenId);
const group = 64;
/** Maximum difference of logits, whose values are around 10, if reading continues from a packed state. */
const tolerance = 0.1;

async function engineOf(name: string): Promise<NativeEngine> {
  const source = openSafetensors(path.join(fixtures, `rwkv/${name}/model.safetensors`));
  return NativeEngine.create({ source, dimensions: detectDimensions(source), weights: "fp32", threads: 1 });
}

/** The state after all tokens but the last. */
async function stateOf(engine: NativeEngine): Promise<State> {
  const reader = engine.open();
  await reader.feed(tokens.slice(0, -1), "none", neverCancelled);
  const state = reader.save();
  reader.dispose();
  return state;
}

for (const name of ["v5.2-small", "v6-small", "v7-small"]) {
  test(
    `${name}: a packed state takes about a quarter of the memory, and predicts nearly the same`,
    { skip },
    async () => {
      const engine = await engineOf(name);
      const state = await stateOf(engine);
      const packed = engine.pack(state)!;
      assert.ok(isPacked(packed) && !isPacked(state));
      assert.equal(packed.data.byteLength, engine.packedStateBytes);
      assert.ok(packed.data.byteLength <= 0.27 * state.data.byteLength);
      const reader = engine.open(packed);
      const unpacked = reader.save();
      for (let at = 0; at < state.data.length; at += group) {
        const numbers = state.data.subarray(at, at + group);
        const level = Math.max(...numbers.map(Math.abs)) / 127;
        for (const [i, number] of numbers.entries()) {
          assert.ok(Math.abs(unpacked.data[at + i]! - number) <= 0.5001 * level, `number ${at + i}`);
        }
      }
      const logits = (await reader.feed(tokens.slice(-1), "last", neverCancelled)).slice();
      const exact = await engine.open(state).feed(tokens.slice(-1), "last", neverCancelled);
      const difference = maxDifference(logits, exact);
      assert.ok(difference > 0 && difference < tolerance, `${difference}`);
      await engine.dispose();
    },
  );
}

test("the distance from a packed state is that from the unpacked one", { skip }, async () => {
  const engine = await engineOf("v7-small");
  const state = await stateOf(engine);
  const packed = engine.pack(state)!;
  const reader = engine.open(packed);
  assert.equal(reader.distanceTo(packed), 0);
  assert.ok(reader.distanceTo(state) > 0 && reader.distanceTo(state) < 0.02, `${reader.distanceTo(state)}`);
  const unpacked = reader.save();
  reader.restore(state);
  assert.equal(reader.distanceTo(packed), reader.distanceTo(unpacked));
  await engine.dispose();
});

test("a state with a number that is not finite is not packed", { skip }, async () => {
  const engine = await engineOf("v7-small");
  const { data } = await stateOf(engine);
  for (const bad of [NaN, Infinity, -Infinity, 3e38]) {
    for (const at of [0, 1000, data.length - 1]) assert.equal(engine.pack({ data: data.with(at, bad) }), undefined);
  }
  assert.notEqual(engine.pack({ data: data.with(0, 1e-40) }), undefined);
  await engine.dispose();
});

test("a packed state of another model is refused, and the reader stays as it was", { skip }, async () => {
  const engine = await engineOf("v7-small");
  const state = await stateOf(engine);
  const reader = engine.open(state);
  assert.throws(() => {
    reader.restore({ data: new Uint8Array(engine.packedStateBytes! - 4) });
  }, /another model/);
  assert.deepEqual(reader.save(), state);
  await engine.dispose();
});

test("states of RWKV-4, which are small, and those of onnxruntime are not packed", { skip }, async () => {
  const engine = await engineOf("v4-small");
  assert.equal(engine.packedStateBytes, undefined);
  assert.equal(engine.pack(engine.open().save()), undefined);
  await engine.dispose();
  const model = await fixtureModel(path.join(fixtures, "rwkv/v7-small"), "onnxruntime");
  const state = model.open().save();
  assert.equal(model.packedStateBytes, undefined);
  assert.equal(model.pack(state), undefined);
  assert.throws(() => model.open({ data: new Uint8Array(state.data.length) }), RangeError);
  await model.dispose();
});
