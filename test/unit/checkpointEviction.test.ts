import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import type { Checkpoint } from "../../src/core/states/checkpoint.js";
import { CheckpointStore, type PlacedCheckpoints } from "../../src/core/states/checkpointStore.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";

/** Bytes that an entry occupies: 1,000 for its state, and 512 that the store adds. */
const entryBytes = 1512;
const state = () => ({ data: new Float32Array(250) });
const prefixOf = (token: number): TokenPrefix => new TokenPrefix(emptyBlockHash("m"), 0, [token as TokenId]);

/** A store that has room for `room` states and contains some states with a place and some without. */
function filled(room: number, placed: number, unplaced: number) {
  const store = new CheckpointStore(room * entryBytes);
  const save = (token: number): Checkpoint => store.save(prefixOf(token), state())!;
  const inPlace = Array.from({ length: placed }, (_, i) => save(i));
  for (const checkpoint of inPlace) store.place(checkpoint);
  return { store, save, placed: inPlace, unplaced: Array.from({ length: unplaced }, (_, i) => save(100 + i)) };
}

/** A document that offers a checkpoint for eviction. @param loss what its eviction costs. */
function documentOf(checkpoint: Checkpoint, loss: number) {
  const evicted: Checkpoint[] = [];
  const document: PlacedCheckpoints = {
    cheapest: (except) => (checkpoint === except ? undefined : { checkpoint, loss, pack: () => undefined }),
    packed: () => assert.fail("it is not packed"),
    evicted: (one) => evicted.push(one),
  };
  return { document, evicted };
}

test("a state is kept if it fits exactly, with 512 bytes for its entry", () => {
  for (const [maxBytes, isKept] of [
    [entryBytes, true],
    [entryBytes - 1, false],
  ] as const) {
    const store = new CheckpointStore(maxBytes);
    assert.equal(store.save(prefixOf(1), state()) !== undefined, isKept);
    assert.deepEqual([store.tooLarge, store.bytes], isKept ? [0, entryBytes] : [1, 0]);
  }
});

test("a state that is saved twice is kept once", () => {
  const { store, save } = filled(9, 0, 0);
  assert.equal(save(1), save(1));
  assert.equal(store.count, 1);
});

test("states without a place may take an eighth of the ceiling, and there is always room for one of them", () => {
  const roomIn = (maxBytes: number): number => new CheckpointStore(maxBytes).unplacedRoom(1000);
  assert.deepEqual([80 * entryBytes, 80 * entryBytes - 1, entryBytes].map(roomIn), [10, 9, 1]);
});

test("a checkpoint has a place until it has lost each of its places", () => {
  const { store, save } = filled(9, 0, 0);
  const checkpoint = save(1);
  const isPlaced = (): boolean => {
    store.checkInvariants();
    return store.isPlaced(checkpoint.key);
  };
  assert.deepEqual([isPlaced(), store.isPlaced("none")], [false, false]);
  for (let i = 0; i < 3; i++) store.place(checkpoint);
  const left = Array.from({ length: 4 }, () => {
    store.unplace(checkpoint);
    return isPlaced();
  });
  assert.deepEqual(left, [true, true, false, false]);
});

test("of the checkpoints without a place, the one that was used or lost its place last is kept longest", () => {
  const { store, save, placed, unplaced } = filled(3, 1, 2);
  store.unplace(placed[0]!);
  save(200);
  assert.equal(store.find(unplaced[0]!.key), undefined);
  store.get(unplaced[1]!.prefix);
  save(201);
  assert.equal(store.find(placed[0]!.key), undefined);
  assert.equal(store.find(unplaced[1]!.key), unplaced[1]);
});

test("a state that loses its place is dropped at once only if the store is full and the state has no other place", () => {
  const { store, placed, unplaced } = filled(3, 1, 1);
  store.dropUnplaced(unplaced[0]!);
  assert.equal(store.count, 2, "there is room for one more");
  const full = filled(2, 1, 1);
  full.store.dropUnplaced(full.placed[0]!);
  assert.equal(full.store.count, 2);
  full.store.dropUnplaced({ ...full.unplaced[0]! }); // a copy with the same key is not the entry
  assert.equal(full.store.count, 2);
  full.store.dropUnplaced(full.unplaced[0]!);
  full.store.checkInvariants();
  assert.deepEqual([full.store.count, store.isPlaced(placed[0]!.key)], [1, true]);
});

test("a state is worth copying if there is room, if too many have no place, or if another one is worth less", () => {
  const neverAsked = (): number => assert.fail("there is room");
  assert.equal(filled(9, 8, 0).store.hasRoomFor(1000, neverAsked), true);
  const many = filled(8, 6, 2);
  many.store.addDocument(documentOf(many.placed[0]!, 5).document);
  assert.equal(many.store.hasRoomFor(1000, neverAsked), true);
  const { store, placed } = filled(8, 7, 1); // only an eighth of the states has no place
  assert.equal(
    store.hasRoomFor(1000, () => 1),
    true,
    "nothing else could be evicted",
  );
  store.addDocument(documentOf(placed[0]!, 5).document);
  const hasRoom = [4, 5, 6].map((loss) => store.hasRoomFor(1000, () => loss));
  assert.deepEqual(hasRoom, [false, false, true]);
});

test("if too many states have no place, the oldest of them is evicted, otherwise the one whose loss costs least", () => {
  const { store, save, placed, unplaced } = filled(16, 15, 1);
  const [dear, cheap] = [documentOf(placed[0]!, 5), documentOf(placed[1]!, 4)];
  for (const { document } of [dear, cheap, documentOf(placed[2]!, 4)]) store.addDocument(document);
  const saved = save(200); // now two states have no place, an eighth of all
  assert.equal(store.find(placed[1]!.key), undefined);
  assert.deepEqual([dear.evicted, cheap.evicted], [[placed[1]], [placed[1]]]);
  save(201);
  assert.equal(store.find(unplaced[0]!.key), undefined);
  assert.equal(store.find(saved.key), saved);
  store.checkInvariants();
});

test("if no other state can be given up, the new one is not kept", () => {
  const { store, save, placed } = filled(2, 2, 0);
  const saved = save(200);
  assert.equal(store.find(saved.key), undefined);
  assert.ok(placed.every(({ key }) => store.isPlaced(key)));
});

test("a closed document is not asked which of its states costs least", () => {
  const { store, save, placed, unplaced } = filled(2, 1, 1);
  const { document, evicted } = documentOf(placed[0]!, 0);
  store.addDocument(document);
  store.removeDocument(document);
  save(200);
  assert.deepEqual([evicted, store.find(unplaced[0]!.key)], [[], undefined]);
});
