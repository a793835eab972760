import assert from "node:assert/strict";
import test from "node:test";
import { TriggerKinds } from "../../src/server/triggerKinds.js";

/** How trigger kinds are interpreted, in order: "i" for invoked, "a" for automatic. */
function triggersOf(knowsInlineCompletion: boolean, ...kinds: readonly number[]): string {
  const triggerKinds = new TriggerKinds(knowsInlineCompletion);
  return kinds.map((kind) => triggerKinds.triggerOf(kind).charAt(0)).join("");
}

test("a client that declares inline completion uses the numbers of LSP 3.18", () => {
  assert.equal(triggersOf(true, 1, 2, 1, 2), "iaia");
});

test("a client that does not declare it uses the draft's numbers", () => {
  assert.equal(triggersOf(false, 1, 0, 1), "aia");
});

test("a 0 or a 2 decides, whatever the capabilities are", () => {
  assert.equal(triggersOf(true, 1, 0, 1, 0), "iiai");
  assert.equal(triggersOf(false, 1, 2, 1, 2), "aaia");
});

test("a 1 may mean invoked until a 0 shows that it is the draft's automatic", () => {
  const kinds = new TriggerKinds(false);
  assert.deepEqual([kinds.triggerOf(1), kinds.mayBeInvoked(1)], ["automatic", true]);
  assert.deepEqual([kinds.mayBeInvoked(5), kinds.mayBeInvoked(-1)], [false, false]);
  assert.deepEqual([kinds.mayBeInvoked(0), kinds.mayBeInvoked(1)], [true, false]);
  const final = new TriggerKinds(false);
  assert.deepEqual([final.mayBeInvoked(2), final.mayBeInvoked(1)], [false, true]);
});

test("any other number is not invoked", () => {
  assert.equal(triggersOf(true, 5, -1), "aa");
});
