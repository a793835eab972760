import assert from "node:assert/strict";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { archiveForm, statesToArchive, type ArchiveForm } from "../../src/core/engine/statesToArchive.js";
import { isPacked, type State } from "../../src/core/model.js";
import type { ArchivedPlace, ArchivedState } from "../../src/core/states/stateArchive.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

for (const [claim, packedStateBytes, maxBytes, needed, expected] of [
  ["exact, as many as fit, if the engine packs none", undefined, 5500, 9, [5, false, false]],
  ["exact if enough exact ones fit", 250, 5500, 5, [5, false, false]],
  ["packed except for one, if too few exact ones fit", 250, 5500, 5.1, [1 + 18, true, false]],
  ["all packed if no exact one fits", 250, 999, 1, [3, true, true]],
] as const) {
  test(`the states of a document are archived ${claim}`, () => {
    const { maxStates, arePacked, isCursorPacked } = archiveForm(
      { stateBytes: 1000, packedStateBytes },
      maxBytes,
      needed,
    );
    assert.deepEqual([maxStates, arePacked, isCursorPacked], expected);
  });
}

const exactForm: ArchiveForm = { maxStates: 9, arePacked: false, isCursorPacked: false };
const packedForm: ArchiveForm = { ...exactForm, arePacked: true };
const model = new FakeModel();
const state = (): State => model.open().save();

/** A document with checkpoints in memory after 64, 128 and 192 tokens. */
function opened(cursorToken: number) {
  const inference = testInference(model);
  const session = openSession(inference, "const value = compute(1);\n".repeat(60));
  session.cursorToken = cursorToken;
  for (const count of [64, 128, 192]) {
    session.checkpoints.reached(count);
    session.checkpoints.place(count, inference.store.save(session.tokens.prefixAt(count), state())!);
  }
  return { inference, session };
}

const digestAt = ({ tokens }: DocumentSession, offset: number): string => tokens.prefixAt(offset).digest;
const placeIn = (session: DocumentSession, offset: number, stateKey = `k${offset}`): ArchivedPlace => ({
  offset,
  textKey: digestAt(session, offset),
  stateKey,
});

/** The states that are archived if the archive already lists `places` and contains the states `archived`. */
function statesOf(
  { inference, session }: ReturnType<typeof opened>,
  form: ArchiveForm,
  places: readonly ArchivedPlace[] = [],
  archived: Readonly<Record<string, ArchivedState>> = {},
) {
  const read = (key: string) => Promise.resolve(archived[key]);
  return statesToArchive(session, form, inference, { places, read });
}

/** Offsets and keys of states. In keys, `=` is the digest of the text before the offset. */
function keysOf(session: DocumentSession, states: readonly { readonly offset: number; readonly stateKey: string }[]) {
  return states.map(({ offset, stateKey }) => `${offset} ${stateKey.replace(digestAt(session, offset), "=")}`);
}

test("exact states stay as they are, and those that only the archive has stay there", async () => {
  const document = opened(128);
  const { session } = document;
  const states = statesOf(document, exactForm, [placeIn(session, 256)]);
  assert.deepEqual(keysOf(session, states), ["64 =", "128 =", "192 ="]);
  const found = await states[1]!.find(placeIn(session, 128));
  assert.deepEqual([found?.blocks, found?.remainderTokens, isPacked(found!.state)], [2, 0, false]);
});

test("all but the state before the cursor are packed, those that only the archive has as well", async () => {
  const document = opened(128);
  const { session } = document;
  const exact = { hash: session.tokens.hashAt(4), blocks: 4, remainderTokens: 0, state: state() };
  const places = [320, 256, 64].map((offset) => placeIn(session, offset));
  const states = statesOf(document, packedForm, places, { k256: exact });
  assert.deepEqual(keysOf(session, states), ["64 =~", "128 =", "192 =~", "256 k256~", "320 k320~"]);
  const found = await Promise.all(states.map(async (one) => one.find(placeIn(session, one.offset))));
  const kinds = found.map((one) => one && (isPacked(one.state) ? "packed" : "exact"));
  assert.deepEqual(kinds, ["packed", "exact", "packed", "packed", undefined]);
});

test("if not even the state before the cursor fits as it is, all are packed", () => {
  const document = opened(128);
  const states = statesOf(document, { ...packedForm, isCursorPacked: true });
  assert.deepEqual(keysOf(document.session, states), ["64 =~", "128 =~", "192 =~"]);
});

test("a state before the cursor that only the archive has stays there as it is", async () => {
  const document = opened(300);
  const { session } = document;
  const states = statesOf(document, packedForm, [placeIn(session, 256)], {});
  assert.deepEqual(keysOf(session, states), ["64 =~", "128 =~", "192 =~", "256 k256"]);
  assert.equal(await states[3]!.find(placeIn(session, 256)), undefined);
});

test("places of other texts are left out, and so are states that were rounded, packed or not", async () => {
  const document = opened(128);
  const { session } = document;
  const other = { ...placeIn(session, 256), textKey: "other" };
  const rounded = placeIn(session, 320, "k320~");
  assert.equal(statesOf(document, packedForm, [other, rounded]).length, 3);
  const packed: ArchivedState = {
    hash: session.tokens.hashAt(4),
    blocks: 4,
    remainderTokens: 0,
    state: model.pack(state()),
  };
  const states = statesOf(document, packedForm, [placeIn(session, 256)], { k256: packed });
  assert.equal(await states[3]!.find(placeIn(session, 256)), undefined);
});

test("a state that memory no longer has is not found, and one that was packed in the meantime is", async () => {
  const document = opened(128);
  const { inference, session } = document;
  const states = statesOf(document, packedForm);
  inference.store.delete(session.tokens.prefixAt(64).key);
  assert.equal(await states[0]!.find(placeIn(session, 64)), undefined);
  const packed = model.pack(state());
  inference.store.delete(session.tokens.prefixAt(192).key);
  inference.store.save(session.tokens.prefixAt(192).rounded(), packed);
  assert.equal((await states[2]!.find(placeIn(session, 192)))?.state, packed);
});
