import assert from "node:assert/strict";
import test from "node:test";
import { BackgroundReader } from "../../src/core/states/backgroundReader.js";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference, type TestInference } from "../support/testInference.js";

const above = "const value = compute(1);\n".repeat(300);

interface Background {
  readonly reader: BackgroundReader<DocumentSession>;
  /** Resolves when there is nothing left to read. */
  readonly idle: () => Promise<void>;
  readonly passQuietTime: () => void;
}

function background(inference: TestInference): Background {
  let resolve = (): void => undefined;
  let tick = (): void => undefined;
  const reader = new BackgroundReader<DocumentSession>(inference, {
    quietMs: 1000,
    setTimer: (_, callback) => {
      tick = callback;
      return () => undefined;
    },
    onProgress: (session) => {
      if (session === undefined) resolve();
    },
    onError: (error) => {
      throw error;
    },
  });
  const idle = (): Promise<void> =>
    new Promise((done) => {
      resolve = done;
    });
  return {
    reader,
    idle,
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

test("an opened document is read to its last whole block, and a request far down is then exact", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const reader = background(inference);
  const session = await open(inference, reader, above);
  const { tokenCount } = session.document.tokens;
  assert.equal(reader.reader.tokensRead(session), tokenCount - (tokenCount % 64));
  await complete(inference, session, `${above}x║`);
  assert.equal(inference.counter.last?.exact, true);
  assert.ok(inference.counter.last.tokensRead <= 64 + 8);
  inference.store.checkInvariants();
});

test("after an edit at the top all is read again, and after its undo nothing", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const reader = background(inference);
  const session = await open(inference, reader, above);
  session.edit({ startLine: 0, endLine: 1, text: "changed;\n" });
  assert.ok(reader.reader.tokensRead(session) < 64);
  session.edit({ startLine: 0, endLine: 1, text: "const value = compute(1);\n" });
  const { tokenCount } = session.document.tokens;
  assert.equal(reader.reader.tokensRead(session), tokenCount - (tokenCount % 64));
});

test("while someone types, text below the cursor waits until it is quiet", async () => {
  const inference = testInference(new FakeModel());
  const reader = background(inference);
  const session = await open(inference, reader, above);
  session.edit({ startLine: 100, endLine: 101, text: "typing;\n" });
  let done = reader.idle();
  reader.reader.edited(session);
  await done;
  const toCursor = reader.reader.tokensRead(session);
  assert.ok(toCursor <= session.cursorToken);
  done = reader.idle();
  reader.passQuietTime();
  await done;
  assert.ok(reader.reader.tokensRead(session) > session.document.tokens.tokenCount - 64);
});

test("once it is known which document is looked at, others that are open are not read", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const { reader, idle } = background(inference);
  const [looked, other] = ["// looked at\n", "// another\n"].map((first) => openSession(inference, first + above));
  const done = idle();
  reader.opened(other!);
  reader.focused(looked!);
  reader.opened(other!);
  await done;
  assert.ok(reader.tokensRead(looked!) > looked!.document.tokens.tokenCount - 64);
  assert.ok(reader.tokensRead(other!) <= 64);
});

test("a budget too small for all checkpoints ends in quiet, not in reading for ever", async () => {
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
