import assert from "node:assert/strict";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { fadedTokens } from "../../src/core/states/readStretches.js";
import { backgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { randomFrom } from "../support/random.js";
import { complete, openSession, testInference, type TestInference } from "../support/testInference.js";

const quietMs = 1000;
const idleMs = 60_000;
const line = (i: number): string => `const value${i} = compute(${i}, ${i % 7});`;
const lines = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => line(from + i));
const indented = (text: readonly string[]): string[] => text.map((one) => `  ${one}`);

/** A background reader whose pauses end only by `pass`. Each method resolves when nothing is left to read. */
function background(inference: TestInference) {
  const timers = new Map<number, () => void>();
  const { reader, idle } = backgroundReading(inference, {
    quietMs,
    idleMs,
    setTimer: (ms, callback) => {
      timers.set(ms, callback);
      return () => timers.delete(ms);
    },
  });
  const read = (begin: () => void): Promise<void> => {
    const done = idle();
    begin();
    return done;
  };
  return {
    reader,
    open: (session: DocumentSession) =>
      read(() => {
        reader.opened(session);
      }),
    typed: (session: DocumentSession) =>
      read(() => {
        reader.edited(session);
      }),
    /** Ends the pause of that length at once; does nothing if it has not begun. */
    pass: async (ms: number): Promise<void> => {
      const timer = timers.get(ms);
      if (timer !== undefined) await read(timer);
    },
  };
}

function tokensSince(model: FakeModel, runs: number): number {
  return model.runs.slice(runs).reduce((sum, tokens) => sum + tokens, 0);
}

test("each of two texts in which all lines have changed is read again up to the limit", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const { open, typed, pass } = background(inference);
  const sessions = ["a", "b"].map((name) =>
    openSession(inference, lines(1500, name === "a" ? 0 : 5000).join("\n"), { path: `src/${name}.ts` }),
  );
  for (const session of sessions) await open(session);
  const runs = model.runs.length;
  for (const [i, session] of sessions.entries()) {
    session.setText(indented(lines(1500, i * 5000)).join("\n"));
    session.cursorToken = session.tokens.tokensEndingBy(session.document.lineStart(800));
    await typed(session);
  }
  await pass(quietMs);
  const read = tokensSince(model, runs);
  assert.ok(read > 4000 && read <= 8000, `${read} tokens`);
});

test("after a change of all lines, the text around the cursor is read first, and the rest when the user is idle", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const { open, typed, pass } = background(inference);
  const session = openSession(inference, lines(1500).join("\n"));
  await open(session);
  const changed = indented(lines(1500));
  session.setText(changed.join("\n"));
  const cursorAt = async (at: number): Promise<number> => {
    const runs = model.runs.length;
    session.cursorToken = session.tokens.tokensEndingBy(session.document.lineStart(at));
    await typed(session);
    return tokensSince(model, runs);
  };
  const sourceAt = async (at: number): Promise<string | undefined> => {
    await complete(inference, session, `${changed.slice(0, at).join("\n")}\nx║\n${changed.slice(at).join("\n")}`);
    return inference.counter.last?.source;
  };
  const { tokenCount } = session.tokens;
  assert.ok(tokenCount > 4 * fadedTokens, `${tokenCount} tokens`);
  let read = await cursorAt(800);
  assert.ok(read >= fadedTokens && read <= fadedTokens + 3 * 64, `${read} tokens up to the cursor`);
  const runs = model.runs.length;
  await pass(quietMs);
  read += tokensSince(model, runs);
  assert.ok(read > fadedTokens + 500 && read <= 4000, `${read} tokens after a pause`);
  read = await cursorAt(1200);
  assert.ok(read >= fadedTokens && read <= fadedTokens + 3 * 64, `${read} tokens at another place`);
  assert.ok(session.checkpoints.tokensRead < 64);
  await pass(quietMs);
  await pass(idleMs);
  assert.ok(session.checkpoints.tokensRead > tokenCount - 64);
  assert.equal(await sourceAt(500), "exact");
});

test("completions are converged if the text around the cursor was read again, and stale elsewhere", async () => {
  const inference = testInference(new FakeModel());
  const { open, typed } = background(inference);
  const session = openSession(inference, lines(1500).join("\n"));
  await open(session);
  session.setText(indented(lines(1500)).join("\n"));
  const at = (index: number): number => session.tokens.tokensEndingBy(session.document.lineStart(index));
  session.cursorToken = at(800);
  await typed(session);
  const distance = (index: number): number => at(index) - (session.checkpoints.nearest(at(index))?.offset ?? 0);
  assert.ok(distance(800) < 64);
  assert.ok(distance(1200) > 3000);
  assert.ok(distance(700) > 3000, "what was only read on the way has not converged");
});

test("wherever the cursor is, little is read again, however far apart the states are", async () => {
  const model = new FakeModel();
  const inference = testInference(model, { maxBytes: 600 * 100 });
  const { open, typed } = background(inference);
  const session = openSession(inference, lines(1500).join("\n"));
  await open(session);
  const { tokenCount } = session.tokens;
  assert.ok(tokenCount / inference.store.count > 150, `${tokenCount} tokens, ${inference.store.count} states`);
  for (let at = 1000; at < 1400; at += 10) {
    const changed = lines(1500).map((one, i) => (i % 50 === 7 && i < 900 ? `${one} // changed at ${at}` : one));
    session.setText(changed.join("\n"));
    const runs = model.runs.length;
    session.cursorToken = session.tokens.tokensEndingBy(session.document.lineStart(at));
    await typed(session);
    const nearest = session.checkpoints.nearest(session.cursorToken);
    const distance = session.cursorToken - (nearest?.offset ?? 0);
    assert.ok(distance < 300, `${distance} tokens after a converged state at line ${at}`);
    const read = tokensSince(model, runs);
    assert.ok(read <= 4000, `${read} tokens at line ${at}`);
  }
});

test("after a character far above the cursor, text is read until states agree, even if later than estimated", async () => {
  for (const [maxBytes, apart] of [
    [2 ** 20, 64],
    [600 * 16, 1000],
  ] as const) {
    const inference = testInference(new FakeModel({ remembersTokens: 600 }), { maxBytes });
    const { open, typed } = background(inference);
    const session = openSession(inference, lines(1500).join("\n"));
    await open(session);
    session.edit({ startLine: 10, endLine: 11, text: `${line(10).replace("=", "-")}\n` });
    const { tokenCount } = session.tokens;
    assert.ok(tokenCount / inference.store.count > apart - 16, `${tokenCount} tokens, ${inference.store.count} states`);
    session.cursorToken = tokenCount;
    await typed(session);
    const { tokensRead } = session.checkpoints;
    assert.ok(tokensRead > tokenCount - 64, `${tokensRead} of ${tokenCount} tokens, states ${apart} tokens apart`);
  }
});

test("text that was pasted or never read is read after a pause, whatever else has changed", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const { open, typed, pass } = background(inference);
  const session = openSession(inference, lines(1500).join("\n"));
  await open(session);
  session.setText([...indented(lines(1500)), ...lines(400, 5000)].join("\n"));
  session.cursorToken = 0;
  await typed(session);
  await pass(quietMs);
  const end = session.tokens.tokenCount;
  assert.ok(end - session.checkpoints.lastBefore(end)!.offset < 128);
  session.edit({ startLine: 700, endLine: 700, text: `${lines(600, 8000).join("\n")}\n` });
  await typed(session);
  await pass(quietMs);
  const pasted = session.tokens.tokensEndingBy(session.document.lineStart(1200));
  assert.ok(pasted - session.checkpoints.lastBefore(pasted)!.offset < 128);
});

test("whatever is edited and read, a state that counts as converged has read what the model remembers", async () => {
  const remembersTokens = 200;
  for (const seed of [1]) {
    const model = new FakeModel({ remembersTokens });
    const inference = testInference(model, { maxBytes: 600 * 120 });
    const { reader, open, typed, pass } = background(inference);
    const session = openSession(inference, lines(900).join("\n"));
    const random = randomFrom(seed);
    const texts: string[] = [];
    let converged = 0;
    await open(session);
    for (let step = 0; step < 40; step++) {
      const text = session.document.lines(0, session.document.lineCount);
      texts.push(text.join("\n"));
      const at = random.below(text.length);
      const kind = random.below(8);
      if (kind === 0) session.setText(indented(text).join("\n"));
      else if (kind === 1) session.setText(text.map((one, i) => (i % 5 === 0 ? ` ${one}` : one)).join("\n"));
      else if (kind === 2) session.setText(text.toSpliced(at, 0, ...lines(random.below(60), 9000 + step)).join("\n"));
      else if (kind === 3) session.setText(text.toSpliced(at, random.below(60)).join("\n"));
      else if (kind === 4) session.setText(random.pick(texts));
      else if (kind === 5) session.edit({ startLine: at, endLine: at + 1, text: `changed(${step});\n` });
      if (random.below(2) === 0) session.cursorToken = random.below(session.tokens.tokenCount);
      if (random.below(3) > 0) await typed(session);
      else reader.edited(session); // not awaited, so the next edit comes while this one is being read
      if (random.below(2) === 0) await pass(quietMs);
      if (random.below(12) === 0) await pass(idleMs);
      for (const { offset, checkpoint } of session.checkpoints.anchorsRead) {
        const count = Math.min(offset, remembersTokens);
        const read = model.tokensOf(checkpoint.state).slice(-count);
        assert.deepEqual(
          read,
          session.tokens.tokens(offset - count, offset),
          `seed ${seed}, step ${step}, at ${offset}`,
        );
        if (!session.checkpoints.hasRead({ offset, checkpoint })) converged++;
      }
      inference.store.checkInvariants();
    }
    assert.ok(converged > 100, `${converged} converged states`);
  }
});
