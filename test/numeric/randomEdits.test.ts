import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { Reading } from "../../src/core/checkpoints/reading.js";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { planReading } from "../../src/core/completion/plan.js";
import { buildPrompt } from "../../src/core/completion/prompt.js";
import { emptyBlockHash, TokenChain } from "../../src/core/document/tokenChain.js";
import { neverCancelled } from "../../src/core/model.js";
import { fixtureModel } from "../support/fixtureModel.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { askAt, openSession, testRoom } from "../support/room.js";

const edits = 2000;
const documents = 5;
const statesInBudget = 40;
const tolerance = 1e-4;

/** Buffers that are not checkpoints: the Readers', the documents', what is waiting to be collected. */
const otherArrayBuffers = 64 * 2 ** 20;

test(`${edits} random edits over ${documents} documents under a budget of ${statesInBudget} states`, async (t) => {
  const model = await fixtureModel(path.join(fixtures, "rwkv/v7-small"));
  const room = testRoom(model, { maxBytes: statesInBudget * (model.stateBytes + 512), limits: { maxTokens: 2 } });
  const random = randomFrom(5);
  const source = readFileSync("src/core/completion/completer.ts", "utf8").slice(0, 2000);
  const sessions = Array.from({ length: documents }, (_, i) =>
    openSession(room, `// ${i}\n${source}`, { path: `src/${i}.ts`, states: 12 }),
  );
  const checking = new Reading(room, "inline", new TokenChain(emptyBlockHash(model.id), 0, []));

  /** The logits behind a line's start, from the nearest checkpoint, against a read of everything. */
  const assertExact = async (session: DocumentSession, line: number): Promise<void> => {
    const { document } = session;
    const place = { document, line, typed: Buffer.from("x"), suffix: [], mostWindowTokens: 0 };
    const prompt = buildPrompt(place, model.tokenizer, model.prompt);
    const plan = planReading(session, prompt, room.store, "readAll");
    checking.restore(plan.from, plan.state);
    const rest = [...plan.above, ...plan.below, ...plan.tail, ...prompt.typed];
    const logits = (await checking.read(rest, { want: "last", cancellation: neverCancelled })).slice();
    const all = [...document.tokens.tokens(0, prompt.base), ...prompt.tail, ...prompt.typed];
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
    const before = room.store.count;
    await askAt(room, session, { rawLine, line, character: rawLine.length }, { longPrefix: "readAll" });
    if (room.store.count <= before) evicted++;
    fromCheckpoints += room.counter.last?.tokensFromCheckpoint ?? 0;

    room.store.checkInvariants();
    const { arrayBuffers } = process.memoryUsage();
    assert.ok(arrayBuffers <= room.store.maxBytes + otherArrayBuffers, `${arrayBuffers} bytes of array buffers`);
    if (edit % 50 === 0) await assertExact(session, line);
  }
  assert.ok(evicted > 100, "the budget was never reached");
  assert.ok(fromCheckpoints > 0, "no checkpoint was ever used");
  const { count, bytes, maxBytes } = room.store;
  t.diagnostic(
    `${count} checkpoints, ${bytes} of ${maxBytes} bytes, ${process.memoryUsage().arrayBuffers} in array buffers`,
  );
  t.diagnostic(`${(fromCheckpoints / edits).toFixed(0)} tokens from a checkpoint on average`);
  await model.dispose();
});
