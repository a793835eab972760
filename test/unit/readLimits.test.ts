import assert from "node:assert/strict";
import test from "node:test";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";

test("a request reads what a quarter of its time budget allows at the measured speed, but no less than a window", () => {
  const limitsAt = (prefillTokensPerSecond: number) => readLimits({ prefillTokensPerSecond }, 300);
  assert.deepEqual(limitsAt(17_000), { maxTokens: 1275, leadTokens: 256, windowTokens: 512 });
  assert.deepEqual(limitsAt(1000), { maxTokens: 150, leadTokens: 75, windowTokens: 150 });
  assert.deepEqual(limitsAt(280), { maxTokens: 42, leadTokens: 21, windowTokens: 42 });
});

test("a fast model reads the exact prefix if there is time, a slow one a window that fits", async () => {
  const above = Array.from({ length: 120 }, (_, i) => `const value${i} = compute(${i});\n`).join("");
  for (const [prefillTokensPerSecond, source, maxRead] of [
    [20_000, "exact", 1500],
    [400, "window", 140],
  ] as const) {
    const inference = testInference(new FakeModel({ prefillTokensPerSecond }), { limits: { timeBudgetMs: 300 } });
    await complete(inference, openSession(inference, ""), `${above}x║`);
    const last = inference.counter.last!;
    assert.equal(last.source, source);
    assert.ok(last.tokensRead <= maxRead, `${last.tokensRead} tokens read`);
    if (source === "exact") assert.ok(last.tokensRead > 600, "more than a window");
  }
});
