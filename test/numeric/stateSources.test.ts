import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { promptFor } from "../../src/core/completion/promptFor.js";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { backgroundReading } from "../support/backgroundReading.js";
import { fixtureModel } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { typescript } from "../support/generatedText.js";
import { fixtures } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { openSession, testInference } from "../support/testInference.js";

const skip = loadAddon() === undefined && "the native engine was not built: no C++ compiler";
const edits = 400;
const statesInBudget = 120;
/** Maximum difference of logits between a converged state and a fresh read. */
const convergedTolerance = 0.1;

test(`${edits} random edits, read in the background: what counts as exact is so bit for bit`, { skip }, async (t) => {
  const model = await fixtureModel(path.join(fixtures, "rwkv/v7-small"), "native");
  const inference = testInference(model, { maxBytes: statesInBudget * (model.stateBytes + 512) });
  const random = randomFrom(2);
  const pauses = randomFrom(9);
  const source = typescript(200, 0);
  const timers = new Set<() => void>();
  const { reader: background, idle } = backgroundReading(inference, {
    setTimer: (_, callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
    maxGapTokens: () => 1024,
  });
  const readsAfter = async (event: () => void): Promise<void> => {
    const done = idle();
    event();
    await done;
  };
  const sessions = ["a", "b", "c"].map((name) =>
    openSession(inference, `// ${name}\n${source}`, { path: `${name}.ts` }),
  );
  const counts = { exact: 0, converged: 0, stale: 0, window: 0 };
  let worst = 0;

  const check = async (session: DocumentSession, editedLine: number): Promise<void> => {
    const { document } = session;
    const { lineCount } = document;
    const line =
      random.below(2) === 0 ? random.below(lineCount) : Math.min(lineCount - 1, editedLine + random.below(8));
    const prompt = promptFor({ session, line, linePrefix: "x" }, model, 300);
    const options = { prefixMode: "window", ...readLimits({ prefillTokensPerSecond: 4000 }, 300) } as const;
    const plan = planRead(session, prompt, inference.store, options);
    counts[plan.source]++;
    if (plan.source === "stale" || plan.source === "window") return;
    const left = [...plan.base, ...plan.suffix, ...plan.tail, ...prompt.linePrefix];
    const logits = (await logitsAfter(model.open(plan.state), left)).slice();
    const all = [...document.tokens.tokens(0, prompt.baseTokens), ...prompt.tail, ...prompt.linePrefix];
    const fresh = await logitsAfter(model.open(), all);
    if (plan.source === "exact") assert.deepEqual(logits, fresh);
    else worst = Math.max(worst, maxDifference(logits, fresh));
  };

  for (let edit = 0; edit < edits; edit++) {
    const session = random.pick(sessions);
    const { document } = session;
    const before = document.lines(0, document.lineCount).join("\n");
    const startLine = random.below(document.lineCount);
    const isAtEnd = startLine + 1 >= document.lineCount;
    const inserted = random.pick(["  const a = b;", "", "}\n}", `  call(${edit});`]);
    session.edit({ startLine, endLine: startLine + 1, text: inserted + (isAtEnd ? "" : "\n") });
    await check(session, startLine);
    if (random.below(4) === 0) session.setText(before); // as an undo does
    if (random.below(2) === 0) {
      await readsAfter(() => {
        background.edited(session);
      });
      // Sometimes the user continues to work before the pause is long enough to read the text below.
      for (const timer of timers) {
        if (pauses.below(4) === 0) break;
        timers.delete(timer);
        await readsAfter(timer);
      }
    }
    await check(session, startLine);
    inference.store.checkInvariants();
  }
  await background.dispose();
  assert.ok(counts.exact > 100 && counts.converged > 20 && counts.stale > 5, JSON.stringify(counts));
  t.diagnostic(`${JSON.stringify(counts)}; converged logits within ${worst.toFixed(3)}`);
  assert.ok(worst <= convergedTolerance, `a logit of a converged state is off by ${worst}`);
  await model.dispose();
});
