import assert from "node:assert/strict";
import test from "node:test";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import type { DocumentCheckpoints } from "../../src/core/states/documentCheckpoints.js";
import { savedCost } from "../../src/core/states/requestCost.js";
import { content, likelihood, opened, state, textOf } from "../support/placedStates.js";

function offsetsIn(checkpoints: DocumentCheckpoints): number[] {
  const found: number[] = [];
  for (let at = checkpoints.firstAfter(-1); at !== undefined; at = checkpoints.firstAfter(at.offset))
    found.push(at.offset);
  return found;
}

test("a document that is opened adopts the stored states of its text, one for each block, rounded ones if need be", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf(150);
  for (const count of [1, 64, 128, 130]) store.save(text.prefixAt(count), state());
  store.save(textOf(100).prefixAt(70).rounded(), state());
  const { checkpoints } = opened(150, [], [], store);
  assert.deepEqual(offsetsIn(checkpoints), [1, 64, 130]);
  assert.equal(checkpoints.tokensRead, 130);
  store.delete(text.prefixAt(64).key);
  assert.deepEqual(offsetsIn(opened(150, [], [], store).checkpoints), [1, 70, 130]);
});

test("states that another document has stored meanwhile are adopted if they have read more", () => {
  const { store, text, checkpoints } = opened(300, [64]);
  for (const count of [32, 128]) store.save(text.prefixAt(count), state());
  checkpoints.adoptStored();
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.tokensRead], [[64, 128], 128]);
});

test("the nearest state may be a rounded one, unless another is wanted", () => {
  const { checkpoints } = opened(300, [64, 128], [128]);
  const found = [63, 64, 127, 128, 300].map((offset) => checkpoints.nearest(offset)?.offset);
  assert.deepEqual(found, [undefined, 64, 64, 128, 128]);
  const unrounded = [63, 64, 127, 128, 300].map((offset) => checkpoints.nearestUnrounded(offset)?.offset);
  assert.deepEqual(unrounded, [undefined, 64, 64, 64, 64]);
});

test("in a stretch that began at a stale state, states count as converged from 3,072 tokens on", () => {
  const from = 640 + 3072;
  const { text, checkpoints } = opened(5000, [640, from - 1, from, 4992]);
  text.replace(0, 1, Buffer.from(" "));
  assert.deepEqual(checkpoints.anchorsRead, []);
  checkpoints.stretches.begin(640);
  assert.deepEqual(checkpoints.anchorsRead.map(({ offset }) => offset), [from, 4992]); // prettier-ignore
  for (const find of [checkpoints.nearest.bind(checkpoints), checkpoints.nearestUnrounded.bind(checkpoints)])
    assert.deepEqual([from - 1, from, 4991].map((offset) => find(offset)?.offset), [undefined, from, from]); // prettier-ignore
});

test("what a state is worth depends on the states before it, rounded or not", () => {
  const losses: number[] = [];
  class Watched extends CheckpointStore {
    override hasRoomFor(_: number, loss: () => number): boolean {
      losses.push(loss());
      return true;
    }
  }
  const conditions = { likelihood, maxGapTokens: Infinity };
  const worthAt = (before: { readonly any: number; readonly exact: number }): number =>
    savedCost({ offset: 128, isRounded: false }, before, conditions) / 1000;
  for (const rounded of [[], [64]])
    opened(300, [64], rounded, new Watched(2 ** 20)).checkpoints.shouldSave(128, 1000, false);
  opened(300, [], [], new Watched(2 ** 20)).checkpoints.shouldSave(128, 1000, false);
  assert.deepEqual(losses, [
    worthAt({ any: 64, exact: 64 }),
    worthAt({ any: 64, exact: 0 }),
    worthAt({ any: 0, exact: 0 }),
  ]);
});

test("a state that takes another one's place leaves the other without a place, and so does closing the document", () => {
  const { store, text, checkpoints, placed } = opened(300, [64, 128], [64]);
  const isPlaced = () => placed.map(({ key }) => store.isPlaced(key));
  checkpoints.place(64, placed[0]!);
  assert.deepEqual(isPlaced(), [true, true]);
  checkpoints.place(64, store.save(text.prefixAt(64), state())!);
  assert.deepEqual([isPlaced(), checkpoints.count], [[false, true], 2]);
  store.checkInvariants();
  checkpoints.dispose();
  assert.deepEqual([isPlaced(), checkpoints.count, store.count], [[false, false], 0, 3]);
  store.checkInvariants();
});

test("reading again replaces the states of the older text that it passes, and no others", () => {
  const { text, checkpoints } = opened(400, [64, 128, 192, 256]);
  text.replace(10, 11, Buffer.from(" "));
  assert.deepEqual([checkpoints.tokensRead, checkpoints.count], [10, 4]);
  checkpoints.reached(128);
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.tokensRead], [[192, 256], 128]);
  checkpoints.reached(191);
  assert.deepEqual(offsetsIn(checkpoints), [192, 256]);
  checkpoints.reached(192, true);
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.tokensRead], [[256], 256]);
});

test("an evicted state has no place any more, and the others stay", () => {
  const { store, text, checkpoints, placed } = opened(400, [64, 128, 256]);
  text.replace(100, 101, Buffer.from(" "));
  store.delete(placed[1]!.key);
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.stretches.readTokens], [[64, 256], 256]);
  store.checkInvariants();
});

test("two changes count as one unless a state is between them, also after reading and eviction", () => {
  const changes = (act: (document: ReturnType<typeof opened>) => void): number => {
    const document = opened(400, [64, 256]);
    for (const at of [10, 100]) document.text.replace(at, at + 1, Buffer.from(" "));
    act(document);
    return document.checkpoints.stretches.seams.missedAt(Infinity).length;
  };
  assert.equal(changes(() => undefined), 2); // prettier-ignore
  assert.equal(changes(({ text }) => { text.replace(150, 151, Buffer.from(" ")); }), 2); // prettier-ignore
  assert.equal(changes(({ store, placed }) => { store.delete(placed[0]!.key); }), 1); // prettier-ignore
  assert.equal(changes(({ checkpoints }) => { checkpoints.reached(80); }), 1); // prettier-ignore
});

test("reading begins at the start of the text, also across a change of its first token", () => {
  const { text, checkpoints } = opened(400, [64, 128]);
  text.replace(0, 1, Buffer.from(" "));
  checkpoints.reached(100);
  assert.equal(checkpoints.tokensRead, 100);
});

test("an exact state that is found takes the place of the stale ones before it", () => {
  const { store, text, checkpoints } = opened(400, [64, 128, 256]);
  text.replace(10, 11, Buffer.from(" "));
  const exact = store.save(text.prefixAt(200), state())!;
  assert.equal(checkpoints.nearestExact(300, 0), exact);
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.tokensRead], [[200, 256], 200]);
  assert.equal(checkpoints.nearestExact(300, 0), exact);
  assert.equal(checkpoints.nearestExact(199, 0), undefined);
});

test("after an undo, a stored state of the text that has read more than the document's own is adopted, too", () => {
  const { store, text, checkpoints } = opened(400, [64]);
  text.replace(10, 11, Buffer.from(" "));
  store.save(textOf(400).prefixAt(200), state());
  text.replace(10, 11, content.subarray(10, 11));
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.tokensRead], [[64, 200], 200]);
});

test("when text is replaced, states at its ends keep their places, and those within it are gone", () => {
  const { text, checkpoints } = opened(400, [99, 100, 110, 127, 128, 129]);
  text.replace(100, 128, Buffer.from("   "));
  assert.deepEqual(offsetsIn(checkpoints), [99, 100, 103, 104]);
  assert.equal(checkpoints.tokensRead, 100);
});

test("when text is deleted, the state at its end is gone, because at the new place it would seem to have read the new text", () => {
  for (const offsets of [
    [99, 110, 128, 129],
    [99, 100, 110, 128, 129],
  ]) {
    const { text, checkpoints } = opened(400, offsets);
    text.replace(100, 128, new Uint8Array());
    assert.deepEqual(offsetsIn(checkpoints), [...offsets.filter((offset) => offset <= 100), 101]);
    assert.deepEqual(checkpoints.anchorsRead.filter((anchor) => !checkpoints.hasRead(anchor)), []); // prettier-ignore
  }
});

test("after an undo the stored states of the text are back, also those of blocks between", () => {
  const { store, text, checkpoints } = opened(400, [64, 128, 256]);
  text.replace(10, 11, Buffer.from(" "));
  checkpoints.reached(200);
  assert.deepEqual(offsetsIn(checkpoints), [256]);
  text.replace(10, 11, content.subarray(10, 11));
  assert.deepEqual([offsetsIn(checkpoints), checkpoints.tokensRead], [[64, 128, 256], 256]);
  store.checkInvariants();
});
