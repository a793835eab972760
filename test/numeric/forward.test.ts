import assert from "node:assert/strict";
import test from "node:test";
import { loadWeights, type LoadedWeights } from "../../src/rwkv/load.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { readExpected } from "../support/fixtureModel.js";
import { allFixtures, greedyRun, logitsAfter, maxDifference, stateParts } from "../support/numeric.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** Maximum difference in fp32. It is absolute for logits, and relative for numbers in states that are above 1. */
const tolerance = 1e-4;

for (const fixture of allFixtures) {
  test(`${fixture.name}: fp32`, { skip: fixture.skip }, async (t) => {
    const expected = readExpected(fixture.expected);
    const loaded = await loadWeights(fixture.weights, "fp32", 1);
    const { engine } = loaded;

    for (const prompt of expected.prompts) {
      await t.test(`logits after ${prompt.length} tokens, whatever the chunks`, async () => {
        for (const chunk of prompt.length > 64 ? [64, 16, 7, 1] : [64, 7, 1]) {
          const logits = await logitsAfter(engine.open(), prompt.tokens, chunk);
          const difference = maxDifference(logits, prompt.logits);
          assert.ok(difference <= tolerance, `${difference} in chunks of ${chunk}`);
        }
      });
      await t.test(
        `greedy run after ${prompt.length} tokens`,
        { skip: prompt.greedyMargin <= 1e-3 && "margin" },
        async () => {
          const reader = engine.open();
          const logits = await logitsAfter(reader, prompt.tokens);
          assert.deepEqual(await greedyRun(reader, logits, prompt.greedy.length), prompt.greedy);
        },
      );
    }

    await t.test("states after 17 and 300 tokens", async () => {
      for (const length of [17, 300]) {
        const { tokens } = expected.prompts.find((prompt) => prompt.length === length)!;
        const reader = engine.open();
        await logitsAfter(reader, tokens);
        assertStates(loaded, stateParts(loaded, reader), expected.tensors, length);
      }
    });

    // For the embedded model, only the last position's logits are stored. They are tested above, at five lengths.
    if (expected.tensors.has("logits_every_position.L17")) {
      await t.test("logits at every position", async () => {
        const { tokens } = expected.prompts.find((prompt) => prompt.length === 17)!;
        const all = await engine.open().feed(tokens, "all", neverCancelled);
        assert.ok(maxDifference(all, expected.tensors.readFloats("logits_every_position.L17")) <= tolerance);
      });
    }

    await t.test("saving, reading something else and restoring changes nothing", async () => {
      const { tokens, logits } = expected.prompts.at(-1)!;
      for (const cut of [1, 63, 64, 150]) {
        const reader = engine.open();
        await logitsAfter(reader, tokens.slice(0, cut), 7);
        const state = reader.save();
        const copy = state.data.slice();
        await logitsAfter(reader, tokens.slice(5, 40));
        reader.restore(state);
        assert.ok(maxDifference(await logitsAfter(reader, tokens.slice(cut)), logits) <= tolerance);
        assert.ok(maxDifference(await logitsAfter(engine.open(state), tokens.slice(cut), 16), logits) <= tolerance);
        assert.deepEqual(state.data, copy, "a state is a value");
      }
    });
    await engine.dispose();
  });
}

function assertStates(
  { dimensions }: LoadedWeights,
  parts: Record<string, Float32Array>[],
  expected: TensorSource,
  length: number,
): void {
  parts.forEach((part, layer) => {
    const read = (...names: string[]): Float32Array => {
      const places = names.flatMap((name) => [
        `state.L${length}.layer${layer}.${name}`,
        `state.L${length}.blocks.${layer}.${name}`,
      ]);
      return expected.readFloats(places.find((place) => expected.has(place))!);
    };
    assertClose(part["ax"]!, read("ax", "att_x_prev"));
    assertClose(part["fx"]!, read("fx", "ffn_x_prev"));
    if (dimensions.version !== 4) {
      assertClose(part["S"]!, read("S", "wkv"));
      return;
    }
    // The numerator aa and the denominator bb share an arbitrary factor, so only aa / bb and log bb + pp are compared.
    const [aa, bb, pp] = [read("aa"), read("bb"), read("pp")];
    assertClose(
      part["aa"]!.map((a, i) => a / part["bb"]![i]!),
      aa.map((a, i) => a / bb[i]!),
    );
    assertClose(
      part["bb"]!.map((b, i) => Math.log(b) + part["pp"]![i]!),
      bb.map((b, i) => Math.log(b) + pp[i]!),
    );
  });
}

/** Asserts that numbers differ by at most 1e-4: absolutely below 1, relatively above 1. */
function assertClose(values: Float32Array, expected: Float32Array): void {
  assert.equal(values.length, expected.length);
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs(values[i]! - expected[i]!);
    assert.ok(difference <= tolerance * Math.max(1, Math.abs(expected[i]!)), `${values[i]} for ${expected[i]} at ${i}`);
  }
}
