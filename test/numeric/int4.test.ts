import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { loadWeights } from "../../src/rwkv/load.js";
import { matricesOf } from "../../src/rwkv/weights/matrices.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { quantize4 } from "../../src/rwkv/weights/quantize4.js";
import { dequantize, unpacked } from "../../src/rwkv/weights/quantized.js";
import { readExpected } from "../support/fixtureModel.js";
import { allFixtures, logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";
import { randomFrom } from "../support/random.js";

const random = randomFrom(1);
const [out, inputs] = [8, 96];
const weight = Float32Array.from({ length: out * inputs }, () => random.below(2001) / 1000 - 1);

/** The sum of squared errors of a quantized matrix. */
function loss(values: Float32Array): number {
  return values.reduce((sum, value, i) => sum + (value - weight[i]!) ** 2, 0);
}

/** Quantizes without searching for the best scale: the weight with the largest absolute value becomes -8. */
function plainlyQuantized(): Float32Array {
  const values = new Float32Array(weight.length);
  for (let begin = 0; begin < weight.length; begin += 32) {
    const group = [...weight.subarray(begin, begin + 32)];
    const scale = group.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)) / -8;
    group.forEach((value, i) => (values[begin + i] = Math.min(7, Math.round(value / scale)) * scale));
  }
  return values;
}

test("a byte has two values plus 8, the even input in the lower nibble, and the error of a group is small", () => {
  const matrix = quantize4(weight, { out, in: inputs });
  assert.deepEqual([matrix.values.length, matrix.scales.length], [(out * inputs) / 2, (out * inputs) / 32]);
  const values = dequantize(matrix);
  values.forEach((value, i) => {
    const stored = (matrix.values[i >> 1]! >> (4 * (i % 2))) & 15;
    assert.equal(value, Math.fround((stored - 8) * matrix.scales[Math.floor(i / 32)]!));
  });
  assert.ok(loss(values) < 0.95 * loss(plainlyQuantized()), "the search for scales gains");
});

test("a group of zeros stays zero, and 4-bit values are kept exactly", () => {
  const zeros = quantize4(new Float32Array(32), { out: 1, in: 32 });
  assert.ok(dequantize(zeros).every((value) => value === 0));
  const exact = Float32Array.from({ length: 32 }, (_, i) => ((i % 16) - 8) * 0.25);
  assert.deepEqual(dequantize(quantize4(exact, { out: 1, in: 32 })), exact);
});

test("a 4-bit matrix unpacked to 8 bits has the same values", () => {
  const matrix = quantize4(weight, { out, in: inputs });
  assert.deepEqual(dequantize(unpacked(matrix)), dequantize(matrix));
});

test("the head of an int4 model has 8 bits", () => {
  const matrices = matricesOf(openWeights(path.join(fixtures, "rwkv/v7-small/model.safetensors")), "int4");
  assert.equal(matrices("head.weight").kind, "int8");
  assert.equal(matrices("blocks.0.ffn.value.weight").kind, "int4");
});

/**
 * Maximum difference of logits between chunk sizes. As with 8 bits, the last bit of a norm can decide how an activation
 * is rounded. The largest observed difference is 0.17.
 */
const chunkBound = 0.25;
/**
 * Maximum difference of a logit from fp32. The largest observed one is 3.2, in the embedded model, whose logits have a
 * standard deviation of 4.2; elsewhere 2.4, in v6-small.
 */
const bound = 4;

for (const fixture of allFixtures) {
  test(`${fixture.name}: int4 stays within its bound for any chunks`, { skip: fixture.skip }, async (t) => {
    const { engine } = await loadWeights(fixture.weights, "int4", 1);
    let max = 0;
    for (const { tokens, logits: expected } of readExpected(fixture.expected).prompts) {
      const logits = await logitsAfter(engine.open(), tokens);
      max = Math.max(max, maxDifference(logits, expected));
      for (const chunk of [1, 7, 16]) {
        const difference = maxDifference(await logitsAfter(engine.open(), tokens, chunk), logits);
        assert.ok(difference <= chunkBound, `${difference} in chunks of ${chunk}`);
      }
    }
    t.diagnostic(`largest difference of a logit: ${max.toFixed(3)}`);
    assert.ok(max <= bound, `${max}`);
    await engine.dispose();
  });
}
