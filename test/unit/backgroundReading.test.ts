import assert from "node:assert/strict";
import test from "node:test";
import { BackgroundReading } from "../../src/core/backgroundReading.js";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { FakeModel } from "../support/fakeModel.js";
import { ask, openSession, testRoom, type TestRoom } from "../support/room.js";

const above = "const value = compute(1);\n".repeat(300);

interface Background {
  readonly reading: BackgroundReading;
  /** Resolves when there is nothing left to read. */
  readonly idle: () => Promise<void>;
  readonly passQuietTime: () => void;
}

function background(room: TestRoom): Background {
  let resolve = (): void => undefined;
  let tick = (): void => undefined;
  const reading = new BackgroundReading(room, {
    quietMs: 1000,
    after: (_, callback) => {
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
    reading,
    idle,
    passQuietTime: () => {
      tick();
    },
  };
}

async function open(room: TestRoom, { reading, idle }: Background, text: string): Promise<DocumentSession> {
  const session = openSession(room, text);
  const done = idle();
  reading.opened(session);
  await done;
  return session;
}

test("an opened document is read to its last whole block, and a request far down is then exact", async () => {
  const model = new FakeModel();
  const room = testRoom(model);
  const reading = background(room);
  const session = await open(room, reading, above);
  const { tokenCount } = session.document.tokens;
  assert.equal(reading.reading.tokensRead(session), tokenCount - (tokenCount % 64));
  await ask(room, session, `${above}x║`);
  assert.equal(room.counter.last?.exact, true);
  assert.ok(room.counter.last.tokensRead <= 64 + 8);
  room.store.checkInvariants();
});

test("after an edit at the top all is read again, and after its undo nothing", async () => {
  const model = new FakeModel();
  const room = testRoom(model);
  const reading = background(room);
  const session = await open(room, reading, above);
  session.edit({ startLine: 0, endLine: 1, text: "changed;\n" });
  assert.ok(reading.reading.tokensRead(session) < 64);
  session.edit({ startLine: 0, endLine: 1, text: "const value = compute(1);\n" });
  const { tokenCount } = session.document.tokens;
  assert.equal(reading.reading.tokensRead(session), tokenCount - (tokenCount % 64));
});

test("while someone types, text below the cursor waits until it is quiet", async () => {
  const room = testRoom(new FakeModel());
  const reading = background(room);
  const session = await open(room, reading, above);
  session.edit({ startLine: 100, endLine: 101, text: "typing;\n" });
  let done = reading.idle();
  reading.reading.edited(session);
  await done;
  const toCursor = reading.reading.tokensRead(session);
  assert.ok(toCursor <= session.cursor);
  done = reading.idle();
  reading.passQuietTime();
  await done;
  assert.ok(reading.reading.tokensRead(session) > session.document.tokens.tokenCount - 64);
});

test("once it is known which document is looked at, others that are open are not read", async () => {
  const model = new FakeModel();
  const room = testRoom(model);
  const { reading, idle } = background(room);
  const [looked, other] = ["// looked at\n", "// another\n"].map((first) => openSession(room, first + above));
  const done = idle();
  reading.opened(other!);
  reading.focused(looked!);
  reading.opened(other!);
  await done;
  assert.ok(reading.tokensRead(looked!) > looked!.document.tokens.tokenCount - 64);
  assert.ok(reading.tokensRead(other!) <= 64);
});

test("a budget too small for all checkpoints ends in quiet, not in reading for ever", async () => {
  const model = new FakeModel();
  const room = testRoom(model, { maxBytes: 600 * 6 });
  const reading = background(room);
  const session = await open(room, reading, above);
  assert.ok(room.store.count <= 6);
  const runs = model.runs.length;
  const done = reading.idle();
  reading.reading.focused(session);
  await done;
  assert.equal(model.runs.length, runs);
});
