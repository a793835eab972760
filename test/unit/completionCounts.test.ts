import assert from "node:assert/strict";
import test from "node:test";
import { PersistedCounts, savedShare } from "../../src/extension/completionCounts.js";

/** VS Code's storage, shared by windows; as JSON, like on disk. */
function newMemento(): ConstructorParameters<typeof PersistedCounts>[0] & { readonly kept: () => unknown } {
  let json: string | undefined;
  const kept = (): unknown => (json === undefined ? undefined : JSON.parse(json));
  return {
    get: () => kept() as never, // VS Code returns stored values as any requested type
    update: async (_, value) => {
      json = JSON.stringify(value);
    },
    kept,
  };
}

test("counts are available at once, stored when saved, and continued from there", async () => {
  const memento = newMemento();
  const first = new PersistedCounts(memento, () => 5);
  first.add({ asked: 2, shown: 1 });
  first.add({ accepted: 1, charactersAccepted: 30, charactersTyped: 90 });
  assert.equal(first.counts.asked, 2);
  assert.equal(memento.kept(), undefined);
  await first.save();
  const second = new PersistedCounts(memento, () => 9);
  const { asked, shown, accepted, since } = second.counts;
  assert.deepEqual([asked, shown, accepted, since], [2, 1, 1, 5]);
  assert.equal(savedShare(second.counts), 0.25);
});

test("two windows add to the same counts", async () => {
  const memento = newMemento();
  const [one, other] = [new PersistedCounts(memento), new PersistedCounts(memento)];
  one.add({ shown: 3 });
  other.add({ shown: 4 });
  await one.save();
  await other.save();
  assert.equal(one.counts.shown, 7);
});

test("a reset sets all counts to 0; later corrections do not go below 0", async () => {
  let now = 1;
  const memento = newMemento();
  const kept = new PersistedCounts(memento, () => now);
  kept.add({ partlyAccepted: 1, charactersTyped: 7 });
  now = 2;
  await kept.reset();
  assert.deepEqual([kept.counts.charactersTyped, kept.counts.since], [0, 2]);
  assert.equal(savedShare(kept.counts), 0);
  kept.add({ accepted: 1, partlyAccepted: -1 });
  await kept.save();
  assert.deepEqual([kept.counts.accepted, kept.counts.partlyAccepted], [1, 0]);
});

test("only numbers are stored", async () => {
  const memento = newMemento();
  const kept = new PersistedCounts(memento);
  kept.add({ asked: 1 });
  await kept.save();
  for (const value of Object.values(memento.kept() as object)) assert.equal(typeof value, "number");
});
