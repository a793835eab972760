import assert from "node:assert/strict";
import { test } from "node:test";
import { distributionOf } from "../../src/core/decoding/distribution.js";
import { expOfNegative, maxBelow } from "../../src/core/decoding/expOfNegative.js";
import type { LogitsSummary, TokenId } from "../../src/core/model.js";
import { randomFrom } from "../../src/core/decoding/sampler.js";

test("the exponential from the table has a relative error below 5e-8 over its whole range", () => {
  const random = randomFrom(1);
  const arguments_ = [0, 1 / 32, maxBelow - 1e-9, ...Array.from({ length: 20_000 }, () => random() * maxBelow)];
  const worst = Math.max(...arguments_.map((x) => Math.abs(expOfNegative(x) / Math.exp(-x) - 1)));
  assert.ok(worst < 5e-8, `${worst}`);
});

test("top, sum and entropy of a distribution equal those computed directly", () => {
  const random = randomFrom(2);
  for (const spread of [0.1, 5, 40, 400]) {
    const logits = Float32Array.from({ length: 8186 }, () => (random() - 0.5) * spread);
    logits[17] = -Infinity;
    const all = [...logits.keys()] as TokenId[]; // indices of logits are token ids
    for (const allowed of [undefined, all.filter((token) => token % 7 === 3)]) {
      const { top, logSum, entropy } = distributionOf(logits, allowed);
      const direct = directly([...(allowed ?? all)].map((token) => logits[token] ?? NaN));
      assert.equal(logits[top], direct.max);
      assert.ok(allowed?.includes(top) ?? true);
      assert.ok(Math.abs(logSum - direct.logSum) < 1e-6, `spread ${spread}: log sum ${logSum}, ${direct.logSum}`);
      assert.ok(Math.abs(entropy - direct.entropy) < 1e-6, `spread ${spread}: entropy ${entropy}, ${direct.entropy}`);
    }
  }
});

test("a logit that is not a number is never the top", () => {
  for (const logits of [
    [5, NaN, 1],
    [NaN, 1, 5, NaN],
  ]) {
    const { top, logSum } = distributionOf(Float32Array.from(logits), undefined);
    assert.equal(logits[top], 5);
    assert.ok(Math.abs(logSum - (5 + Math.log(1 + Math.exp(-4)))) < 1e-6);
  }
});

test("the engine's own summary is used only if all tokens are allowed", () => {
  const logits = Float32Array.from([1, 3, 2]);
  const summarize = (): LogitsSummary => ({ top: 2, logSum: 9, entropy: 7 });
  const all = distributionOf(logits, undefined, summarize);
  assert.deepEqual([all.top, all.logSum, all.entropy], [2, 9, 7]);
  const some = distributionOf(logits, [1 as TokenId], summarize);
  assert.deepEqual([some.top, some.logSum, some.entropy], [1, 3, 0]);
});

function directly(logits: readonly number[]): { max: number; logSum: number; entropy: number } {
  const max = Math.max(...logits);
  const logSum = max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
  const entropy = logits.reduce((sum, logit) => {
    const log = logit - logSum;
    return log === -Infinity ? sum : sum - Math.exp(log) * log;
  }, 0);
  return { max, logSum, entropy };
}
