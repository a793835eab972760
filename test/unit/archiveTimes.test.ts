import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { DocumentArchive } from "../../src/core/engine/documentArchive.js";
import type { ArchivedPlace, PlacesToSave, StateArchive } from "../../src/core/states/stateArchive.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const timeBudgetMs = 1000;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An open document with one state, at `stateAt` tokens, and an archive that records its calls. The clock is mocked. */
function opened(
  { mock }: TestContext,
  { places = Promise.resolve<readonly ArchivedPlace[]>([]), maxDocumentBytes = 2 ** 20, stateAt = 64 } = {},
) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const model = new FakeModel();
  const inference = testInference(model);
  const session = openSession(inference, "const value = compute(1);\n".repeat(60));
  session.cursorToken = 100;
  session.checkpoints.reached(stateAt);
  session.checkpoints.place(stateAt, inference.store.save(session.tokens.prefixAt(stateAt), model.open().save())!);
  const saved: PlacesToSave[] = [];
  const flushed: number[] = [];
  let asked = 0;
  const archive: StateArchive = {
    maxDocumentBytes,
    placesOf: () => {
      asked++;
      return places;
    },
    read: () => Promise.resolve(undefined),
    save: (_, document) => saved.push(document),
    flush: (ms) => Promise.resolve(void flushed.push(ms)),
  };
  const pass = (ms: number): void => {
    mock.timers.tick(ms);
  };
  const documents = new DocumentArchive(inference, archive, () => timeBudgetMs);
  return { documents, session, saved, flushed, asked: () => asked, pass };
}

test("a document is saved 20 seconds after its first use since the last save, and not again until it is used", async (context) => {
  const { documents, session, saved, asked, pass } = opened(context);
  documents.used(session);
  await settled();
  pass(10_000);
  documents.used(session);
  pass(9999);
  assert.equal(saved.length, 0);
  pass(1);
  assert.deepEqual(saved[0]?.places.map(({ offset }) => offset), [64]); // prettier-ignore
  pass(60_000);
  assert.equal(saved.length, 1);
  documents.used(session);
  pass(20_000);
  assert.deepEqual([saved.length, asked()], [2, 1]);
  documents.closed(session);
  assert.equal(saved.length, 2);
});

test("if nothing may be archived, nothing is looked for or saved", async (context) => {
  const { documents, session, saved, asked, pass } = opened(context, { maxDocumentBytes: 0 });
  documents.used(session);
  await settled();
  pass(60_000);
  assert.deepEqual([saved.length, asked(), documents.restored(session)], [0, 0, undefined]);
});

test("a document is not saved before its archived places are known, not even when it is closed", async (context) => {
  const { documents, session, saved, pass } = opened(context, { places: new Promise(() => undefined) });
  const restored = documents.restored(session);
  pass(20_000);
  documents.closed(session);
  await restored; // closing the document resolves it
  assert.equal(saved.length, 0);
});

test("a document without states is not saved, so that those in the archive stay", async (context) => {
  const { documents, session, saved } = opened(context);
  session.checkpoints.dispose();
  await documents.restored(session);
  documents.closed(session);
  assert.equal(saved.length, 0);
});

test("a document is saved when it is closed, and its places are looked for when it is opened again", async (context) => {
  const { documents, session, saved, asked } = opened(context);
  await documents.restored(session);
  assert.equal(documents.restored(session), undefined);
  documents.closed(session);
  assert.equal(saved.length, 1);
  documents.closed(session);
  assert.equal(saved.length, 1);
  await documents.restored(session);
  assert.equal(asked(), 2);
});

test("when the engine is disposed of, used documents are saved within a second", async (context) => {
  const { documents, session, saved, flushed, pass } = opened(context);
  await documents.restored(session);
  await documents.dispose();
  pass(60_000);
  assert.deepEqual([saved.length, flushed], [1, [1000]]);
});

test("a request waits for stored states for half its time, and only if there may be any", async (context) => {
  const { documents, session, pass } = opened(context, { places: new Promise(() => undefined) });
  assert.equal(documents.restoring(session, 64), undefined);
  documents.used(session);
  let isOver = false;
  void documents.restoring(session, 64)?.then(() => (isOver = true));
  pass(499);
  await settled();
  assert.equal(isOver, false);
  pass(1);
  await settled();
  assert.equal(isOver, true);
  documents.closed(session);
});

for (const [claim, maxDocumentBytes, stateAt, isKept] of [
  ["a packed state in the archive is kept if memory has none at its place", 2 ** 20, 128, true],
  ["a packed state in the archive is replaced if memory has an exact one at its place", 2 ** 20, 64, false],
] as const) {
  test(claim, async (context) => {
    const model = new FakeModel();
    const { tokens } = openSession(testInference(model), "const value = compute(1);\n".repeat(60));
    const { digest } = tokens.prefixAt(64);
    const places = [{ offset: 64, textKey: digest, stateKey: `${digest}~` }];
    const { documents, session, saved } = opened(context, {
      places: Promise.resolve(places),
      maxDocumentBytes,
      stateAt,
    });
    await documents.restored(session);
    documents.closed(session);
    assert.equal(saved[0]!.places.some(({ stateKey }) => stateKey === `${digest}~`), isKept); // prettier-ignore
  });
}
