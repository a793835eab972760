import assert from "node:assert/strict";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import type { BackgroundReaderOptions } from "../../src/core/states/backgroundReaderOptions.js";
import { backgroundReading, type BackgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference, type TestInference } from "../support/testInference.js";

const above = "const value = compute(1);\n".repeat(300);

/** Reports an edit, then lets the quiet time pass, and waits until nothing is left to read. */
async function rest(session: DocumentSession, { reader, idle, passQuietTime }: Background): Promise<void> {
  let done = idle();
  reader.edited(session);
  await done;
  done = idle();
  passQuietTime();
  await done;
}

/** A text whose lines all differ. */
const numbered = Array.from({ length: 300 }, (_, i) => `const value${i} = compute(${i});\n`).join("");

function offsetsOf({ checkpoints }: DocumentSession): number[] {
  const found: number[] = [];
  for (let at = checkpoints.firstAfter(0); at !== undefined; at = checkpoints.firstAfter(at.offset)) {
    found.push(at.offset);
  }
  return found;
}

interface Background extends BackgroundReading {
  readonly passQuietTime: () => void;
}

function background(
  inference: TestInference,
  options: Partial<BackgroundReaderOptions<DocumentSession>> = {},
): Background {
  let tick = (): void => undefined;
  const reading = backgroundReading(inference, {
    quietMs: 1000,
    setTimer: (ms, callback) => {
      if (ms === 1000) tick = callback;
      return () => undefined;
    },
    ...options,
  });
  return {
    ...reading,
    passQuietTime: () => {
      tick();
    },
  };
}

async function open(inference: TestInference, { reader, idle }: Background, text: string): Promise<DocumentSession> {
  const session = openSession(inference, text);
  const done = idle();
  reader.opened(session);
  await done;
  return session;
}

test("an open document is read to its last full block, so that a request far down is exact", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const reader = background(inference);
  const session = await open(inference, reader, above);
  const { tokenCount } = session.document.tokens;
  assert.equal(session.checkpoints.tokensRead, tokenCount - (tokenCount % 64));
  await complete(inference, session, `${above}x║`);
  assert.equal(inference.counter.last?.exact, true);
  assert.ok(inference.counter.last.tokensRead <= 64 + 8);
  inference.store.checkInvariants();
});

test("a document that was opened and then edited is read, even if another one has been opened since", async () => {
  const inference = testInference(new FakeModel());
  const { reader, idle, passQuietTime } = background(inference);
  const sessions = [1, 2, 3].map((i) => openSession(inference, above.replaceAll("1", `${i}`)));
  let done = idle();
  reader.opened(sessions[0]!);
  for (const session of sessions.slice(0, 2)) reader.edited(session);
  reader.opened(sessions[2]!);
  await done;
  done = idle();
  passQuietTime();
  await done;
  for (const { checkpoints, document } of sessions) {
    assert.ok(checkpoints.tokensRead > document.tokens.tokenCount - 64, `${checkpoints.tokensRead} tokens read`);
  }
});

test("after an edit at the top, everything is read again; after undo, nothing", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const reader = background(inference);
  const session = await open(inference, reader, above);
  session.edit({ startLine: 0, endLine: 1, text: "changed;\n" });
  assert.ok(session.checkpoints.tokensRead < 64);
  session.edit({ startLine: 0, endLine: 1, text: "const value = compute(1);\n" });
  const { tokenCount } = session.document.tokens;
  assert.equal(session.checkpoints.tokensRead, tokenCount - (tokenCount % 64));
});

test("to save power, only text shortly before the cursor is read, and only in the edited document", async () => {
  const inference = testInference(new FakeModel());
  let isSaving = true;
  const reader = background(inference, { isNearCursorOnly: () => isSaving });
  const [session, other] = [openSession(inference, numbered.repeat(3)), openSession(inference, above)];
  const { tokenCount } = session.document.tokens;
  assert.ok(tokenCount > 6000, `${tokenCount} tokens`);
  const readOf = ({ checkpoints }: DocumentSession): number => checkpoints.tokensRead;
  reader.reader.opened(other);
  session.cursorToken = 3000;
  await rest(session, reader);
  assert.equal(readOf(session), 2944); // only whole blocks are read
  session.cursorToken = 6000;
  await rest(session, reader);
  assert.equal(readOf(session), 5952); // only whole blocks are read
  session.edit({ startLine: 0, endLine: 1, text: "changed;\n" });
  session.cursorToken = tokenCount;
  await rest(session, reader);
  assert.ok(readOf(session) < 64);
  assert.equal(readOf(other), 0);
  isSaving = false;
  await rest(session, reader);
  assert.ok(readOf(session) > tokenCount - 100);
  assert.ok(readOf(other) > 0);
});

test("to save power, a change is read again if it is at most 4,096 tokens above the cursor", async () => {
  for (const [cursorToken, read] of [
    [4096 + 63, 4096],
    [4096 + 64, 0],
  ] as const) {
    const inference = testInference(new FakeModel());
    const reader = background(inference, { isNearCursorOnly: () => true });
    const session = openSession(inference, numbered.repeat(3));
    session.cursorToken = cursorToken;
    await rest(session, reader);
    assert.equal(session.checkpoints.tokensRead, read);
  }
});

test("states agree if they differ by at most 2 %", async () => {
  for (const [distance, agree] of [
    [0.02, true],
    [0.021, false],
  ] as const) {
    class Distant extends FakeModel {
      override open(...from: Parameters<FakeModel["open"]>): ReturnType<FakeModel["open"]> {
        return { ...super.open(...from), distanceTo: () => distance };
      }
    }
    const model = new Distant();
    const inference = testInference(model);
    const reader = background(inference);
    const session = await open(inference, reader, numbered);
    const before = model.runs.length;
    session.edit({ startLine: 0, endLine: 1, text: "const changed = 1;\n" });
    await rest(session, reader);
    assert.equal(model.runs.length - before < 5, agree, `${model.runs.length - before} runs`);
  }
});

test("while the user types, text below the cursor is not read until the edits pause", async () => {
  const inference = testInference(new FakeModel());
  const reader = background(inference);
  const session = await open(inference, reader, above);
  session.edit({ startLine: 100, endLine: 101, text: "typing;\n" });
  let done = reader.idle();
  reader.reader.edited(session);
  await done;
  const toCursor = session.checkpoints.tokensRead;
  assert.ok(toCursor <= session.cursorToken);
  done = reader.idle();
  reader.passQuietTime();
  await done;
  assert.ok(session.checkpoints.tokensRead > session.document.tokens.tokenCount - 64);
});

test("once the focused document is known, other open documents are not read", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const { reader, idle } = background(inference);
  const [looked, other] = ["// looked at\n", "// another\n"].map((first) => openSession(inference, first + above));
  const done = idle();
  reader.opened(other!);
  reader.focused(looked!);
  reader.opened(other!);
  await done;
  assert.ok(looked!.checkpoints.tokensRead > looked!.document.tokens.tokenCount - 64);
  assert.ok(other!.checkpoints.tokensRead <= 64);
});

test("reading ends even if the budget is too small for all checkpoints", async () => {
  const model = new FakeModel();
  const inference = testInference(model, { maxBytes: 600 * 6 });
  const reader = background(inference);
  const session = await open(inference, reader, above);
  assert.ok(inference.store.count <= 6);
  const runs = model.runs.length;
  const done = reader.idle();
  reader.reader.focused(session);
  await done;
  assert.equal(model.runs.length, runs);
});

test("after an edit at the top it reads until its state agrees with the old one, and what follows has converged", async () => {
  const model = new FakeModel({ remembersTokens: 300 });
  const inference = testInference(model);
  const reader = background(inference);
  const session = await open(inference, reader, numbered);
  const before = model.runs.length;
  session.edit({ startLine: 0, endLine: 1, text: "const changed = 1;\n" });
  await rest(session, reader);
  const read = model.runs.slice(before).reduce((sum, tokens) => sum + tokens, 0);
  assert.ok(read >= 300 && read <= 300 + 3 * 64, `${read} tokens read`);
  assert.ok(session.checkpoints.tokensRead > session.tokens.tokenCount - 64);
  await complete(inference, session, `${session.document.lines(0, 300).join("\n")}x║`);
  assert.equal(inference.counter.last?.source, "converged");
  assert.equal(inference.counter.last.exact, false);
  inference.store.checkInvariants();
});

test("a change that never fades is read again to the end", async () => {
  const inference = testInference(new FakeModel({ remembersTokens: Infinity }));
  const reader = background(inference);
  const session = await open(inference, reader, numbered);
  session.edit({ startLine: 0, endLine: 1, text: "const changed = 1;\n" });
  await rest(session, reader);
  await complete(inference, session, `${session.document.lines(0, 300).join("\n")}x║`);
  assert.equal(inference.counter.last?.source, "exact");
});

test("until a change above is read again, the state of the old text is used, at the cost of a few tokens", async () => {
  const inference = testInference(new FakeModel());
  const reader = background(inference);
  const session = await open(inference, reader, numbered);
  session.edit({ startLine: 0, endLine: 1, text: "const changed = 1;\n" });
  const text = session.document.lines(0, 300).join("\n");
  await complete(inference, session, `${text}x║`);
  assert.equal(inference.counter.last?.source, "stale");
  assert.ok(inference.counter.last.tokensRead <= 64 + 8, `${inference.counter.last.tokensRead} tokens read`);
  await complete(inference, session, `${text}xy║`);
  assert.ok(inference.counter.last.tokensRead <= 16, `${inference.counter.last.tokensRead} tokens at the next key`);
  assert.equal(inference.counter.counts.stale, 2);
  assert.equal(inference.counter.counts.window, 0);
});

test("a document whose checkpoints were evicted is read again up to the cursor", async () => {
  const model = new FakeModel();
  const inference = testInference(model, { maxBytes: 600 * 20 });
  const reader = background(inference);
  const session = await open(inference, reader, numbered);
  await open(inference, reader, `// other\n${numbered}`);
  await open(inference, reader, `// third\n${numbered}`);
  for (const offset of offsetsOf(session)) {
    const anchor = session.checkpoints.lastBefore(offset)!;
    if (offset > 500) inference.store.delete(anchor.checkpoint.key);
  }
  const done = reader.idle();
  session.cursorToken = session.tokens.tokenCount;
  reader.reader.edited(session);
  await done;
  const text = session.document.lines(0, 300).join("\n");
  await complete(inference, session, `${text}x║`);
  assert.equal(inference.counter.last?.source, "exact");
  assert.ok(inference.counter.last.tokensRead <= 72, `${inference.counter.last.tokensRead} tokens read`);
  const runs = model.runs.length;
  await rest(session, reader);
  assert.equal(model.runs.length, runs, "and not again and again");
});

test("if a client opens documents without saying which one has the focus, the last one is read", async () => {
  const inference = testInference(new FakeModel());
  const { reader, idle } = background(inference);
  const sessions = ["// a\n", "// b\n", "// c\n"].map((first) => openSession(inference, first + numbered));
  const done = idle();
  for (const session of sessions) reader.opened(session);
  await done;
  const isRead = sessions.map(({ checkpoints, tokens }) => checkpoints.tokensRead > tokens.tokenCount - 64);
  assert.deepEqual(isRead, [false, false, true]);
});

test("an error of the model is reported, and the reader is idle afterwards", async () => {
  const failure = new Error("the drive is gone");
  class FailingModel extends FakeModel {
    override open(): ReturnType<FakeModel["open"]> {
      return { ...super.open(), feed: () => Promise.reject(failure) };
    }
  }
  const errors: unknown[] = [];
  const inference = testInference(new FailingModel());
  await open(inference, background(inference, { onError: (error) => errors.push(error) }), above);
  assert.deepEqual(errors, [failure]);
});
