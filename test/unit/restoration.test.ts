import assert from "node:assert/strict";
import test from "node:test";
import { Restoration } from "../../src/core/engine/restoration.js";
import { maxPlaces, type ArchivedPlace, type StateArchive } from "../../src/core/states/stateArchive.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const inference = testInference(new FakeModel());
const session = openSession(inference, "const value = compute(1);\n".repeat(1000));
const { tokens } = session;

/** Restores from an archive that lists places but has no states. @returns the keys of the states that it looks for. */
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

/** A place in the text that counts how often its offset is read. */
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

test("the work for as many places as a file may list is not quadratic", async () => {
  assert.ok(tokens.tokenCount > maxPlaces);
  session.cursorToken = tokens.tokenCount;
  const counter = { count: 0 };
  const places = Array.from({ length: maxPlaces }, (_, i) => countedPlace(i + 1, counter));
  assert.equal((await lookedFor(places)).length, maxPlaces);
  assert.ok(counter.count < 100 * maxPlaces, `${counter.count / maxPlaces} uses of each offset`);
});
