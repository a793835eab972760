import assert from "node:assert/strict";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { findAddon, loadAddon } from "../../src/rwkv/native/addon.js";
import { canRun, hasFastKernels, NativeEngine, type NativeChoice } from "../../src/rwkv/native/nativeEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TokenId } from "../../src/core/model.js";
import { readExpected } from "../support/fixtureModel.js";
import { fixtures } from "../support/paths.js";

const skip = findAddon() === undefined && "the native engine was not built: no C++ compiler";

function choiceOf(name: string): NativeChoice {
  const source = openSafetensors(path.join(fixtures, `rwkv/${name}/model.safetensors`));
  return { source, dimensions: detectDimensions(source), weights: "fp32", threads: 1 };
}

async function withEngine(choice: NativeChoice, work: (engine: NativeEngine) => Promise<void> | void): Promise<void> {
  const engine = await NativeEngine.create(choice);
  try {
    await work(engine);
  } finally {
    await engine.dispose();
  }
}

test("widths must be multiples of 16, and heads of RWKV-7 have 64 channels", () => {
  const { dimensions } = choiceOf("v7-small");
  for (const [changed, isRun] of [
    [{}, true],
    [{ width: 120 }, false],
    [{ ffnWidth: 500 }, false],
    [{ headSize: 32 }, false],
    [{ version: 6, headSize: 32 }, true],
    [{ version: 6, headSize: 24 }, false],
    [{ version: 4, width: 144 }, true],
  ] as const) {
    assert.equal(canRun({ ...dimensions, ...changed }), isRun, JSON.stringify(changed));
  }
});

test("a model of a shape that is not supported is refused", { skip }, async () => {
  const { dimensions, ...choice } = choiceOf("v7-small");
  const narrow = { ...choice, dimensions: { ...dimensions, headSize: 32 } };
  await assert.rejects(NativeEngine.create(narrow), /does not support a model of this shape/);
});

test(
  "the engine is named by its instruction set, its format, and its threads if there are several",
  { skip },
  async () => {
    const sets = loadAddon()!.instructionSets();
    assert.equal(hasFastKernels(), sets.length > 1);
    const choice = choiceOf("v7-small");
    for (const [options, name, threads] of [
      [{}, `native ${sets.at(-1)} fp32`, 1],
      [{ weights: "auto" }, `native ${sets.at(-1)} int8`, 1],
      [{ weights: "int4", instructionSet: 0 }, `native ${sets[0]} int4`, 1],
      [{ threads: 2 }, `native ${sets.at(-1)} fp32, 2 threads`, 2],
      [{ threads: 1000 }, `native ${sets.at(-1)} fp32, 64 threads`, 64],
    ] as const) {
      await withEngine({ ...choice, ...options }, (engine) => {
        assert.deepEqual([engine.toString(), engine.threads], [name, threads]);
        if (threads > 1) assert.equal(engine.stepsOnMainThread, false);
        assert.ok([8, 16, 32, 64].includes(engine.chunkTokens));
      });
    }
    const { threads, ...measured } = choice;
    assert.equal(threads, 1);
    await withEngine(measured, (engine) => {
      assert.ok(engine.threads >= 1 && engine.threads <= Math.max(1, os.availableParallelism() / 2));
    });
  },
);

test(
  "states have the size of their version, and are packed to a byte for each number and a scale for each 64",
  { skip },
  async () => {
    for (const [name, floats, packed] of [
      ["v4-small", 3 * 5 * 96, undefined],
      ["v6-small", 3 * (2 * 128 + 128 * 64), 3 * (2 * 128 + 128 * 64) * (1 + 4 / 64)],
      ["v7-small", 3 * (2 * 128 + 128 * 64), 3 * (2 * 128 + 128 * 64) * (1 + 4 / 64)],
    ] as const) {
      await withEngine(choiceOf(name), async (engine) => {
        assert.deepEqual([engine.stateBytes, engine.packedStateBytes], [4 * floats, packed], name);
        const reader = engine.open();
        await reader.feed([1, 2, 3] as TokenId[], "last", neverCancelled);
        const state = reader.save();
        assert.equal(state.data.byteLength, engine.stateBytes);
        assert.equal(reader.distanceTo(state), 0);
        assert.equal(engine.pack(state)?.data.byteLength, packed);
        const other = { data: new Float32Array(3) };
        assert.throws(() => {
          reader.restore(other);
        }, /the state has 12 bytes, not \d+; it belongs to another model/);
        reader.dispose();
      });
    }
  },
);

test("the packed part of a model is reported as a fraction that grows to 1", { skip }, async () => {
  const fractions: number[] = [];
  const onProgress = (fraction: number): void => void fractions.push(fraction);
  await withEngine({ ...choiceOf("v7-small"), onProgress }, () => undefined);
  assert.ok(fractions.length > 50);
  assert.ok(fractions[0]! > 0 && fractions[0]! < 0.5);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  assert.ok(fractions.at(-1)! > 0.99 && fractions.at(-1)! <= 1);
});

test("a summary of logits has the largest one, the log of the sum, and the entropy", { skip }, async () => {
  const { logits } = readExpected(path.join(fixtures, "rwkv/v7-small")).prompts[0]!;
  await withEngine(choiceOf("v7-small"), (engine) => {
    const { top, logSum, entropy } = engine.summarize(Float32Array.from(logits));
    const sum = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
    const bits = -logits.reduce((total, logit) => total + Math.exp(logit - sum) * (logit - sum), 0);
    assert.equal(top, logits.indexOf(Math.max(...logits)));
    assert.ok(Math.abs(logSum - sum) < 1e-4 && Math.abs(entropy - bits) < 1e-3, `${logSum} ${sum} ${entropy} ${bits}`);
  });
});
