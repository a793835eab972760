import assert from "node:assert/strict";
import test from "node:test";
import { CompletionCounter, quantile, type CompletionCost } from "../../src/core/statistics.js";

const cost: CompletionCost = {
  source: "exact",
  exact: true,
  promptTokens: 1,
  tokensRead: 2,
  tokensFromCheckpoint: 3,
  tokensDecoded: 4,
  msToFirstToken: 5,
  ms: 6,
};
const none = { asked: 0, shown: 0, empty: 0, cancelled: 0, failed: 0, reused: 0 };
const noSources = { exact: 0, converged: 0, stale: 0, window: 0 };

test("requests are counted by what they found and by what they started from", () => {
  const counter = new CompletionCounter();
  assert.deepEqual(counter.counts, { ...none, ...noSources });
  assert.equal(new CompletionCounter().last, undefined);
  for (let i = 0; i < 3; i++) counter.asked();
  counter.ended("shown");
  counter.ended("empty");
  counter.ended("empty");
  counter.reused();
  counter.ran(cost);
  counter.ran({ ...cost, source: "stale", exact: false });
  counter.nothing("onlyWhitespace");
  counter.nothing("onlyWhitespace");
  counter.nothing("unbalanced");
  assert.deepEqual(counter.counts, {
    ...none,
    ...noSources,
    asked: 3,
    shown: 1,
    empty: 2,
    reused: 1,
    exact: 1,
    stale: 1,
  });
  assert.deepEqual(counter.nothingCounts, { onlyWhitespace: 2, unbalanced: 1 });
  assert.equal(counter.last?.source, "stale");
});

test("latencies are those of the last 1,000 requests", () => {
  const counter = new CompletionCounter();
  assert.deepEqual(counter.latencyMs, { p50: 0, p95: 0 });
  for (let ms = 1; ms <= 1000; ms++) counter.ran({ ...cost, ms });
  assert.deepEqual(counter.latencyMs, { p50: 500, p95: 950 });
  for (let ms = 1001; ms <= 1100; ms++) counter.ran({ ...cost, ms });
  assert.deepEqual(counter.latencyMs, { p50: 600, p95: 1050 });
});

test("a quantile is the smallest value that enough others do not exceed", () => {
  const values = [30, 10, 20, 40];
  assert.deepEqual(
    [0, 0.25, 0.26, 0.5, 0.51, 0.99, 1].map((share) => quantile(values, share)),
    [10, 10, 20, 20, 30, 40, 40],
  );
  assert.equal(quantile([], 0.5), 0);
  assert.equal(quantile([100, 9], 0.5), 9);
  assert.deepEqual(values, [30, 10, 20, 40]);
});
