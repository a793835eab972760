import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { findModel } from "../../src/rwkv/modelFolder.js";
import { loadWeights } from "../../src/rwkv/load.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { canRun, NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import type { WeightFormat } from "../../src/rwkv/weights/matrices.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { readExpected } from "../support/fixtureModel.js";
import { allFixtures, greedyRun, logitsAfter, maxDifference, type Fixture } from "../support/numeric.js";

const sets = loadAddon()?.instructionSets() ?? [];
const missing = sets.length === 0 && "the native engine was not built: no C++ compiler";
/** Maximum absolute difference of fp32 logits from the reference. */
const tolerance = 1e-4;

/** The reason to skip a fixture; false if the native engine can run it. */
function skipReason({ weights, skip }: Fixture): string | false {
  if (missing || skip) return missing || skip;
  return !canRun(detectDimensions(openWeights(findModel(weights).weights))) && "onnxruntime alone runs it";
}

async function engineOf(
  { weights }: Fixture,
  format: WeightFormat,
  instructionSet: number,
  threads = 1,
): Promise<NativeEngine> {
  const source = openWeights(findModel(weights).weights);
  const dimensions = detectDimensions(source);
  return NativeEngine.create({ source, dimensions, weights: format, instructionSet, threads });
}

for (const fixture of allFixtures) {
  test(`${fixture.name}: native, fp32`, { skip: skipReason(fixture) }, async (t) => {
    const { prompts } = readExpected(fixture.expected);
    for (const [i, set] of sets.entries()) {
      const engine = await engineOf(fixture, "fp32", i);
      let max = 0;
      for (const { tokens, logits: expected, greedy, greedyMargin } of prompts) {
        const whole = await logitsAfter(engine.open(), tokens);
        max = Math.max(max, maxDifference(whole, expected));
        assert.ok(maxDifference(whole, expected) <= tolerance, `${set}: ${maxDifference(whole, expected)}`);
        await assertSameInChunks(engine, tokens, whole);
        if (greedyMargin <= 1e-3) continue;
        const reader = engine.open();
        assert.deepEqual(await greedyRun(reader, await logitsAfter(reader, tokens), greedy.length), greedy);
      }
      t.diagnostic(`${set}: within ${max.toExponential(1)}`);
    }
  });

  for (const format of ["int8", "int4"] as const) {
    test(
      `${fixture.name}: native, ${format}, the same on each instruction set and as in onnxruntime`,
      { skip: skipReason(fixture) },
      async (t) => {
        // The embedded model's logits are spread wider than the others': their standard deviation is 4.2.
        const bound = fixture.name === "embedded model" ? 0.3 : 0.2;
        // Only short prompts, because the reference is computed with the scalar kernels, which are slow.
        const prompts = readExpected(fixture.expected).prompts.filter(({ length }) => length <= 64);
        const scalar = await engineOf(fixture, format, 0);
        const { engine: onnxruntime } = await loadWeights(fixture.weights, format, 1);
        for (const { tokens } of prompts) {
          const reference = await logitsAfter(scalar.open(), tokens);
          const other = maxDifference(await logitsAfter(onnxruntime.open(), tokens), reference);
          t.diagnostic(`onnxruntime, ${tokens.length} tokens: ${other.toExponential(1)}`);
          assert.ok(other <= bound, `onnxruntime: ${other}`);
          for (const [i, set] of sets.entries()) {
            const engine = await engineOf(fixture, format, i);
            const logits = await logitsAfter(engine.open(), tokens);
            t.diagnostic(`${set}, ${tokens.length} tokens: ${maxDifference(logits, reference).toExponential(1)}`);
            // An activation halfway between two 8-bit steps may be rounded to either of them.
            assert.ok(maxDifference(logits, reference) <= bound, set);
            await assertSameInChunks(engine, tokens, logits);
          }
        }
        await onnxruntime.dispose();
        const best = sets.length - 1;
        const [one, three] = [await engineOf(fixture, format, best, 1), await engineOf(fixture, format, best, 3)];
        for (const { tokens } of prompts) {
          const expected = await logitsAfter(one.open(), tokens);
          assert.equal(maxDifference(await logitsAfter(three.open(), tokens), expected), 0, "three threads");
          await assertSameInChunks(three, tokens, expected);
        }
      },
    );
  }
}

/** Asserts that the logits are equal bit for bit, whatever the chunk sizes. */
async function assertSameInChunks(
  engine: NativeEngine,
  tokens: readonly TokenId[],
  expected: Float32Array,
): Promise<void> {
  for (const chunk of [1, 7, 16]) {
    assert.equal(maxDifference(await logitsAfter(engine.open(), tokens, chunk), expected), 0, `in chunks of ${chunk}`);
  }
}
