import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { loadWeights } from "../../src/rwkv/load.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { readExpected } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";
import { reference4 } from "../support/reference4.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorFile } from "../support/tensorFile.js";

const small = path.join(fixtures, "rwkv/v4-small");

/** The model with its keys multiplied by a factor. With a factor of 300, e^k overflows in fp32 and in fp64. */
function withKeysTimes(source: TensorSource, factor: number): Buffer {
  const tensors = source.names.map((name) => {
    const values = source.readFloats(name);
    const scaled = name.endsWith(".att.key.weight") ? values.map((value) => value * factor) : values;
    return [name, floats(source.shape(name), scaled)] as const;
  });
  return tensorFile(Object.fromEntries(tensors));
}

test("the plain reference agrees with the fixture", () => {
  const { tokens, logits } = readExpected(small).prompts.find(({ length }) => length === 17)!;
  assert.ok(maxDifference(reference4(openSafetensors(`${small}/model.safetensors`), tokens), logits) < 1e-4);
});

test("RWKV-4 with exponents far above 175 equals the plain reference, in one run and token by token", async (t) => {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.safetensors");
    writeFileSync(file, withKeysTimes(openSafetensors(path.join(small, "model.safetensors")), 300));
    const { tokens } = readExpected(small).prompts.find(({ length }) => length === 64)!;
    const { engine } = await loadWeights(file, "fp32", 1);
    const reader = engine.open();
    const together = await logitsAfter(reader, tokens, 64);
    const max = exponents(reader.save().data);
    t.diagnostic(`largest exponent kept: ${max.toFixed(0)}`);
    assert.ok(max > 175);
    const expected = reference4(openSafetensors(file), tokens);
    // The tolerance is larger than elsewhere, because the last bit of such a large k changes e^k by 1e-4 of its value.
    assert.ok(maxDifference(together, expected) <= 5e-3, `${maxDifference(together, expected)} in one run`);
    const single = await logitsAfter(engine.open(), tokens, 1);
    assert.ok(maxDifference(single, expected) <= 5e-3, `${maxDifference(single, expected)} token by token`);
    await engine.dispose();
  });
});

/** The largest pp of all layers. A state has parts of width 96 in the order att x, aa, bb, pp, ffn x. */
function exponents(state: Float32Array): number {
  const C = 96;
  let most = -Infinity;
  for (let at = 3 * C; at < state.length; at += 5 * C) most = Math.max(most, ...state.subarray(at, at + C));
  return most;
}
