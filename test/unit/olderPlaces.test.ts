import assert from "node:assert/strict";
import test from "node:test";
import type { Checkpoint } from "../../src/core/states/checkpoint.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { OlderPlaces } from "../../src/core/states/olderPlaces.js";
import { state, textOf } from "../support/placedStates.js";

const text = textOf(400);

/** The `OlderPlaces` of a document, and two checkpoints in its store. */
function older() {
  const store = new CheckpointStore(2 ** 20);
  const [first, second] = [64, 128].map((count) => store.save(text.prefixAt(count), state())!);
  const places = new OlderPlaces(store);
  return {
    store,
    first: first!,
    second: second!,
    add: (checkpoint: Checkpoint, convergedAt?: number): void => {
      places.add({
        offset: 1,
        checkpoint,
        convergedIn: convergedAt === undefined ? undefined : text.prefixAt(convergedAt),
      });
    },
    in: (of = text): (number | undefined)[] => places.in(of).map(({ convergedIn }) => convergedIn?.tokenCount),
  };
}

test("a place is known again in each text that begins like the one in which its state was converged", () => {
  const places = older();
  places.add(places.first, 100);
  places.add(places.second);
  assert.deepEqual([places.in(), places.in(textOf(99)), places.in(textOf(100))], [[100], [], [100]]);
  const changed = textOf(400);
  changed.replace(50, 51, Buffer.from(" "));
  assert.deepEqual(places.in(changed), []);
});

test("there are no more places than states in the store, and the oldest are forgotten first", () => {
  const places = older();
  for (const at of [10, 20, 30]) places.add(places.first, at);
  assert.deepEqual(places.in(), [20, 30]);
});

test("places of evicted states are forgotten before others", () => {
  const places = older();
  places.add(places.first, 10);
  places.add(places.second, 20);
  places.store.delete(places.second.key);
  assert.deepEqual(places.in(), [10]);
  places.store.save(text.prefixAt(300), state());
  places.add(places.first, 30);
  assert.deepEqual(places.in(), [10, 30]);
});
