import assert from "node:assert/strict";
import test from "node:test";
import { promptFor } from "../../src/core/completion/promptFor.js";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";

test("a request reads what a quarter of its time budget allows, at least a window, and in place of a window what half allows", () => {
  const limitsAt = (prefillTokensPerSecond: number) => readLimits({ prefillTokensPerSecond }, 300);
  assert.deepEqual(limitsAt(17_000), { maxTokens: 1275, farTokens: 2048, leadTokens: 256, windowTokens: 512 });
  assert.deepEqual(limitsAt(5000), { maxTokens: 512, farTokens: 750, leadTokens: 256, windowTokens: 512 });
  assert.deepEqual(limitsAt(1000), { maxTokens: 150, farTokens: 150, leadTokens: 75, windowTokens: 150 });
  assert.deepEqual(limitsAt(280), { maxTokens: 42, farTokens: 42, leadTokens: 21, windowTokens: 42 });
});

test("a fast model reads the exact prefix if there is time, a slow one a window that fits", async () => {
  const above = Array.from({ length: 120 }, (_, i) => `const value${i} = compute(${i});\n`).join("");
  for (const [prefillTokensPerSecond, source, maxRead] of [
    [20_000, "exact", 1500],
    [9000, "exact", 1350], // would take only half of the time budget
    [6000, "window", 600],
    [400, "window", 140],
  ] as const) {
    const inference = testInference(new FakeModel({ prefillTokensPerSecond }), { limits: { timeBudgetMs: 300 } });
    await complete(inference, openSession(inference, ""), `${above}x║`);
    const last = inference.counter.last!;
    assert.equal(last.source, source);
    assert.ok(last.tokensRead <= maxRead, `${last.tokensRead} tokens read`);
    if (source === "exact") assert.ok(last.tokensRead > 675, "more than a window");
  }
});

test("in place of a window, a request starts from a state that is too far away otherwise", async () => {
  const above = Array.from({ length: 120 }, (_, i) => `const value${i} = compute(${i});\n`).join("");
  const model = new FakeModel({ prefillTokensPerSecond: 20_000 });
  const inference = testInference(model, { limits: { timeBudgetMs: 300 } });
  const session = openSession(inference, "");
  await complete(inference, session, `${above}x║`);
  const sourceAt = (maxTokens: number, farTokens: number): string => {
    const prompt = promptFor({ session, line: 100, linePrefix: "" }, model, 300);
    const limits = { maxTokens, farTokens, leadTokens: 256, windowTokens: 100, prefixMode: "window" } as const;
    return planRead(session, prompt, inference.store, limits).source;
  };
  assert.deepEqual([sourceAt(0, 0), sourceAt(0, 1000)], ["window", "exact"]);
  session.edit({ startLine: 3, endLine: 4, text: "const other = 1;\n" });
  assert.deepEqual([sourceAt(0, 0), sourceAt(0, 400)], ["window", "stale"]);
});
