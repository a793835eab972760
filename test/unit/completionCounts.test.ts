import assert from "node:assert/strict";
import test from "node:test";
import { savedShare } from "../../src/extension/counts.js";
import { PersistedCounts } from "../../src/extension/completionCounts.js";
import { memento } from "../support/memento.js";

test("counts are available at once, stored when saved, and continued from there", async () => {
  const stored = memento();
  const first = new PersistedCounts(stored, () => 5);
  first.add({ asked: 2, shown: 1 });
  first.add({ accepted: 1, charactersAccepted: 30, charactersTyped: 90 });
  assert.equal(first.counts.asked, 2);
  assert.equal(stored.kept("completionCounts.v1"), undefined);
  await first.save();
  const second = new PersistedCounts(stored, () => 9);
  const { asked, shown, accepted, since } = second.counts;
  assert.deepEqual([asked, shown, accepted, since], [2, 1, 1, 5]);
  assert.equal(savedShare(second.counts), 0.25);
});

test("two windows add to the same counts", async () => {
  const stored = memento();
  const [one, other] = [new PersistedCounts(stored), new PersistedCounts(stored)];
  one.add({ shown: 3 });
  other.add({ shown: 4 });
  await one.save();
  await other.save();
  assert.equal(one.counts.shown, 7);
});

test("two windows that save at once lose nothing: each saves again what the other has overwritten", async () => {
  const stored = memento();
  const [one, other] = [new PersistedCounts(stored, () => 5), new PersistedCounts(stored, () => 5)];
  one.add({ shown: 1 }, "go");
  await one.save();
  const before = stored.all();
  one.add({ shown: 2 }, "go");
  await one.save();
  stored.replace(before); // the other window has not seen the second save yet
  other.add({ shown: 4 }, "go");
  await other.save();
  for (const window of [one, other]) await window.save();
  const shown = (): unknown[] => [
    (stored.kept("completionCounts.v1") as { shown: number }).shown,
    (stored.kept("usageHistory.v1") as { languages: { go: { shown: number } } }).languages.go.shown,
  ];
  assert.deepEqual(shown(), [7, 7]);
  for (const window of [one, other, one]) await window.save();
  assert.deepEqual(shown(), [7, 7]);
  assert.equal(one.counts.shown, 7);
});

test("counts that another window has reset are not saved again", async () => {
  let now = 1;
  const stored = memento();
  const [one, other] = [new PersistedCounts(stored, () => now), new PersistedCounts(stored, () => now)];
  one.add({ shown: 3 });
  await one.save();
  now = 2;
  await other.reset();
  one.add({ asked: 1 });
  await one.save();
  assert.deepEqual([one.counts.shown, one.counts.asked], [0, 1]);
});

test("a reset sets all counts to 0; later corrections do not go below 0", async () => {
  let now = 1;
  const stored = memento();
  const kept = new PersistedCounts(stored, () => now);
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
  const stored = memento();
  const kept = new PersistedCounts(stored);
  kept.add({ asked: 1 });
  await kept.save();
  for (const name of ["completionCounts.v1", "completionCountsSaves.v1"])
    for (const value of Object.values(stored.kept(name) as object)) assert.equal(typeof value, "number");
});

test("a correction of counts that another window has reset has no effect, even before it is saved", async () => {
  const stored = memento();
  const [one, other] = [new PersistedCounts(stored), new PersistedCounts(stored)];
  one.add({ charactersAccepted: 10 });
  await one.save();
  await other.reset();
  one.add({ charactersAccepted: -10 });
  assert.equal(one.counts.charactersAccepted, 0);
});
