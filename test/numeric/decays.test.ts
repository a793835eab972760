import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { loadWeights } from "../../src/rwkv/load.js";
import { decaysOf } from "../../src/rwkv/weights/decays.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { readExpected } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import { reference5 } from "../support/reference5.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile } from "../support/tensorFile.js";

const names = ["v5.2-small", "v6-small"];
const weightsOf = (name: string): string => path.join(fixtures, "rwkv", name, "model.safetensors");

for (const name of names) {
  test(`the plain reference agrees with ${name}`, () => {
    const { tokens, logits } = readExpected(path.join(fixtures, "rwkv", name)).prompts.find(
      (one) => one.length === 17,
    )!;
    assert.ok(maxDifference(reference5(openSafetensors(weightsOf(name)), tokens), logits) < 1e-4);
  });
}

/** Decays so extreme that w is 1 or 0 whatever is added to them, less extreme ones, and the model's own (undefined). */
const extremes = [-1e4, -60, undefined, 2, 4.5, 90, 1e4];

/**
 * The model with extreme decays. In RWKV-6, the low-rank pair is scaled up as well, so that a token can change a decay
 * by hundreds.
 */
function withExtremeDecays(source: TensorSource): Buffer {
  const tensors = source.names.map((name) => {
    const values = source.readFloats(name);
    const isDecay = name.endsWith(".time_decay");
    const changed = isDecay ? values.map((value, i) => extremes[i % extremes.length] ?? value) : values;
    const scaled = name.endsWith(".time_decay_w2") ? values.map((value) => value * 300) : changed;
    return [name, floats(source.shape(name), scaled)] as const;
  });
  return tensorFile(Object.fromEntries(tensors));
}

for (const name of names) {
  test(`${name} with extreme decays equals the plain reference for any chunks`, async (t) => {
    await inTemporaryFolder(async (folder) => {
      const file = path.join(folder, "model.safetensors");
      writeFileSync(file, withExtremeDecays(openSafetensors(weightsOf(name))));
      const { tokens } = readExpected(path.join(fixtures, "rwkv", name)).prompts.find((one) => one.length === 64)!;
      const expected = reference5(openSafetensors(file), tokens);
      const { engine } = await loadWeights(file, "fp32", 1);
      for (const chunk of [64, 7, 1]) {
        const difference = maxDifference(await logitsAfter(engine.open(), tokens, chunk), expected);
        t.diagnostic(`${difference.toExponential(1)} in chunks of ${chunk}`);
        assert.ok(difference <= 1e-4, `${difference} in chunks of ${chunk}`);
      }
      await engine.dispose();
    });
  });
}

const byHead = sharedPlace("fixtures/rwkv", "v5.1", "model.safetensors");
test(
  "decays of heads are repeated for their channels, and a bonus that is stored as a logarithm is converted",
  { skip: byHead.skip },
  () => {
    const source = openSafetensors(byHead.path);
    const { decay, bonus } = decaysOf(source, detectDimensions(source), 3);
    const stored = source.readFloats("blocks.3.att.time_decay");
    const logarithms = source.readFloats("blocks.3.att.time_first");
    for (const channel of [0, 7, 8, 63]) {
      assert.equal(decay[channel], stored[Math.floor(channel / 8)]);
      assert.equal(bonus[channel], Math.fround(Math.exp(logarithms[Math.floor(channel / 8)]!)));
    }
    assert.deepEqual([decay.length, bonus.length], [64, 64]);
  },
);
