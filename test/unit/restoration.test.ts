import assert from "node:assert/strict";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { Restoration } from "../../src/core/engine/restoration.js";
import { maxPlaces, type ArchivedPlace, type StateArchive } from "../../src/core/states/stateArchive.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const inference = testInference(new FakeModel());
const session = openSession(inference, "const value = compute(1);\n".repeat(1000));
const { tokens } = session;

/**
 * Restores a document from an archive that lists these places, but has no states.
 * @returns the keys of the states that the restoration tried to read.
 */
async function lookedFor(places: readonly ArchivedPlace[]): Promise<string[]> {
  const keys: string[] = [];
  const archive: StateArchive = {
    maxDocumentBytes: 2 ** 20,
    placesOf: () => Promise.resolve(places),
    read: (key) => {
      keys.push(key);
      return Promise.resolve(undefined);
    },
    save: () => assert.fail("nothing is saved"),
    flush: () => Promise.resolve(),
  };
  const restoration = new Restoration(inference, archive, session);
  await restoration.ended;
  assert.ok(restoration.isComplete);
  return keys;
}

/** A place that counts in `counter` how often its offset is read. */
function countedPlace(offset: number, counter: { count: number }): ArchivedPlace {
  const textKey = tokens.prefixAt(Math.min(offset, tokens.tokenCount)).digest;
  return {
    get offset() {
      counter.count++;
      return offset;
    },
    textKey,
    stateKey: `${offset}`,
  };
}

test("the state before the cursor is restored first, then those before it, then those after it", async () => {
  const places = [64, 320, 128, 256, 192].map((offset) => countedPlace(offset, { count: 0 }));
  session.cursorToken = 200;
  assert.deepEqual(await lookedFor(places), ["192", "128", "64", "256", "320"]);
});

test("places of another text and places listed twice are not looked for", async () => {
  const place = countedPlace(64, { count: 0 });
  const other = { offset: 128, textKey: place.textKey, stateKey: "other" };
  assert.deepEqual(await lookedFor([place, other, { ...place }, countedPlace(tokens.tokenCount + 1, { count: 0 })]), [
    "64",
  ]);
});

test("a request waits until it is known which states there are, and for the one nearest before it", async () => {
  const place = countedPlace(128, { count: 0 });
  let list: (places: readonly ArchivedPlace[]) => void = () => undefined;
  let give: (state: undefined) => void = () => undefined;
  const archive: StateArchive = {
    maxDocumentBytes: 2 ** 20,
    placesOf: () => new Promise((resolve) => (list = resolve)),
    read: () => new Promise((resolve) => (give = resolve)),
    save: () => assert.fail("nothing is saved"),
    flush: () => Promise.resolve(),
  };
  const restoration = new Restoration(inference, archive, session);
  const waitsFor = (): boolean[] => [127, 128].map((token) => restoration.isWaitingFor(token));
  assert.deepEqual([waitsFor(), restoration.isSettled], [[true, true], false]);
  list([place]);
  await new Promise(setImmediate);
  assert.deepEqual([waitsFor(), restoration.isSettled], [[false, true], false]);
  const saved = inference.store.save(tokens.prefixAt(128), inference.model.open().save())!;
  session.checkpoints.reached(128);
  session.checkpoints.place(128, saved); // in the meantime, a request has read to the same place
  assert.deepEqual(waitsFor(), [false, false]);
  inference.store.delete(saved.key);
  give(undefined);
  await restoration.ended;
  assert.deepEqual([waitsFor(), restoration.isSettled, restoration.isComplete], [[false, false], true, true]);
});

test("a state that is read is adopted, unless the restoration was cancelled or the text has changed meanwhile", async () => {
  const { model } = inference;
  const adoptedAfter = async (meanwhile: (restoration: Restoration, own: DocumentSession) => void): Promise<number> => {
    const own = openSession(testInference(model), "const value = compute(1);\n".repeat(100));
    const { digest, hash } = own.tokens.prefixAt(128);
    const archive: StateArchive = {
      maxDocumentBytes: 2 ** 20,
      placesOf: () => Promise.resolve([{ offset: 128, textKey: digest, stateKey: digest }]),
      read: async () => {
        await Promise.resolve();
        meanwhile(restoration, own);
        return { hash, blocks: 2, remainderTokens: 0, state: model.open().save() };
      },
      save: () => assert.fail("nothing is saved"),
      flush: () => Promise.resolve(),
    };
    const restoration = new Restoration(testInference(model), archive, own);
    await restoration.ended;
    await new Promise(setImmediate);
    return own.checkpoints.tokensRead;
  };
  assert.equal(await adoptedAfter(() => undefined), 128);
  const cancel = (restoration: Restoration): void => {
    restoration.cancel();
  };
  assert.equal(await adoptedAfter(cancel), 0);
  const edit = (_: Restoration, own: DocumentSession): void => {
    own.edit({ startLine: 0, endLine: 1, text: "other;\n" });
  };
  assert.equal(await adoptedAfter(edit), 0);
});

test("the work for as many places as a file may list is not quadratic", async () => {
  assert.ok(tokens.tokenCount > maxPlaces);
  session.cursorToken = tokens.tokenCount;
  const counter = { count: 0 };
  const places = Array.from({ length: maxPlaces }, (_, i) => countedPlace(i + 1, counter));
  assert.equal((await lookedFor(places)).length, maxPlaces);
  assert.ok(counter.count < 100 * maxPlaces, `${counter.count / maxPlaces} uses of each offset`);
});
