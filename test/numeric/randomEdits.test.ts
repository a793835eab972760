import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { CheckpointedReader } from "../../src/core/states/checkpointedReader.js";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import { buildPrompt } from "../../src/core/completion/prompt.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { fixtureModel } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { completeAt, openSession, testInference } from "../support/testInference.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const edits = 2000;
const documents = 5;
const statesInBudget = 40;
const tolerance = 1e-4;

/**
 * Bytes that array buffers may take in addition to the checkpoints: readers, documents, and garbage not yet collected.
 */
const otherArrayBuffers = 64 * 2 ** 20;

test(`${edits} random edits over ${documents} documents under a budget of ${statesInBudget} states`, async (t) => {
  const model = await fixtureModel(path.join(fixtures, "rwkv/v7-small"));
  const inference = testInference(model, {
    maxBytes: statesInBudget * (model.stateBytes + 512),
    limits: { maxTokens: 2 },
  });
  const random = randomFrom(5);
  const source = readFileSync("src/core/completion/completer.ts", "utf8").slice(0, 2000);
  const sessions = Array.from({ length: documents }, (_, i) =>
    openSession(inference, `// ${i}\n${source}`, { path: `src/${i}.ts` }),
  );
  const checking = new CheckpointedReader(inference, "inline", new TokenPrefix(emptyBlockHash(model.id), 0, []));

  /**
   * Asserts that reading to a line's start from the nearest checkpoint gives the same logits as reading from the start.
   */
  const assertExact = async (session: DocumentSession, line: number): Promise<void> => {
    const { document } = session;
    const place = { document, line, linePrefix: Buffer.from("x"), suffix: [], maxWindowTokens: 0 };
    const prompt = buildPrompt(place, model.tokenizer, model.prompt);
    const plan = planRead(session, prompt, inference.store, { prefixMode: "full", ...readLimits(model, Infinity) });
    checking.restore(plan.from, plan.state);
    const rest = [...plan.base, ...plan.suffix, ...plan.tail, ...prompt.linePrefix];
    const logits = (await checking.read(rest, { want: "last", cancellation: neverCancelled })).slice();
    const all = [...document.tokens.tokens(0, prompt.baseTokens), ...prompt.tail, ...prompt.linePrefix];
    const fresh = await logitsAfter(model.open(), all);
    assert.ok(maxDifference(logits, fresh) <= tolerance, `${maxDifference(logits, fresh)}`);
  };

  let evicted = 0;
  let fromCheckpoints = 0;
  for (let edit = 0; edit < edits; edit++) {
    const session = random.pick(sessions);
    const { document } = session;
    const startLine = random.below(document.lineCount);
    const endLine = Math.min(document.lineCount, startLine + 1 + random.below(2));
    const inserted = Array.from({ length: 1 + random.below(2) }, () =>
      random.pick(["  const a = b;", "", "}", "  return x + 1;", "// a remark", `  call(${edit});`]),
    );
    const isAtEnd = endLine >= document.lineCount;
    session.edit({ startLine, endLine, text: inserted.join("\n") + (isAtEnd ? "" : "\n") });
    if (document.lineCount < 20) session.setText(`${source}\n${edit}`);

    const line = Math.min(startLine, document.lineCount - 1);
    const rawLine = document.lines(line, line + 1)[0]!;
    const before = inference.store.count;
    await completeAt(inference, session, { rawLine, line, character: rawLine.length }, { prefixMode: "full" });
    if (inference.store.count <= before) evicted++;
    fromCheckpoints += inference.counter.last?.tokensFromCheckpoint ?? 0;

    inference.store.checkInvariants();
    const { arrayBuffers } = process.memoryUsage();
    assert.ok(arrayBuffers <= inference.store.maxBytes + otherArrayBuffers, `${arrayBuffers} bytes of array buffers`);
    if (edit % 50 === 0) await assertExact(session, line);
  }
  assert.ok(evicted > 100, "the budget was never reached");
  assert.ok(fromCheckpoints > 0, "no checkpoint was ever used");
  const { count, bytes, maxBytes } = inference.store;
  t.diagnostic(
    `${count} checkpoints, ${bytes} of ${maxBytes} bytes, ${process.memoryUsage().arrayBuffers} in array buffers`,
  );
  t.diagnostic(`${(fromCheckpoints / edits).toFixed(0)} tokens from a checkpoint on average`);
  await model.dispose();
});
