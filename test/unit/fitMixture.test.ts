import assert from "node:assert/strict";
import test from "node:test";
import { bitsOf, fitMixture } from "../../bench/quality/fitMixture.js";
import type { Sample } from "../../bench/quality/mixtureSamples.js";
import { randomFrom } from "../support/random.js";

const random = randomFrom(7);
const buckets = (agreement: number): Record<"longest" | "entropy" | "agreement" | "model" | "places", number> => ({
  longest: 3,
  entropy: 2,
  agreement,
  model: 1,
  places: 1,
});

/**
 * The model gives the right token a probability of 0.1. The expert is right nine times out of ten if its `agreement` is
 * 1, and once if it is 0.
 */
function sample(): Sample {
  const agrees = random.below(2);
  const isRight = random.below(10) < (agrees === 1 ? 9 : 1);
  return {
    model: 0.1,
    experts: [undefined, { buckets: buckets(agrees), share: isRight ? 1 : 0 }, undefined, undefined],
  };
}

test("an expert is weighed by how often it is right in each bucket, and the mixture needs fewer bits", () => {
  const samples = Array.from({ length: 20_000 }, sample);
  const mixture = fitMixture(samples);
  const share = (agreement: number): number => {
    const own = buckets(agreement);
    const scores = mixture.experts[1]!;
    const score = (Object.keys(own) as (keyof typeof own)[]).reduce((sum, one) => sum + scores[one][own[one]]!, 0);
    return 1 / (1 + Math.exp(-score));
  };
  // With a weight of w for the expert, the token gets w + 0.1 (1 - w) if the expert is right, otherwise 0.1 (1 - w).
  // If it is right nine times out of ten, 0.889 is the best w.
  assert.ok(Math.abs(share(1) - 0.889) < 0.02, String(share(1)));
  assert.ok(share(0) < 0.03, String(share(0)));
  const { model, both } = bitsOf(samples, mixture);
  assert.ok(Math.abs(model - Math.log2(10)) < 1e-6);
  assert.ok(both < model - 1, `${both} against ${model}`);
});

test("without samples the mixture has no experts", () => {
  assert.deepEqual(fitMixture([]).experts, []);
});
