import assert from "node:assert/strict";
import test from "node:test";
import { KeptState, numbersIn } from "../../src/extension/keptState.js";
import { instructionsIn } from "../../src/extension/instructions/instructionHistory.js";

type Memento = ConstructorParameters<typeof KeptState>[0];

function mementoOf(kept: Record<string, unknown>): Memento {
  return {
    get: (key: string) => kept[key] as never, // VS Code returns stored values as any requested type
    update: async (key, value) => {
      kept[key] = value;
    },
  };
}

test("a version starts from what earlier ones stored, and changes neither their values nor a newer one's", async () => {
  const kept: Record<string, unknown> = { speeds: { a: 1 }, "speeds.v3": { newer: true } };
  const memento = mementoOf(kept);
  const first = new KeptState(memento, { name: "speeds", version: 1, read: numbersIn });
  assert.deepEqual(first.value, { a: 1 });
  await first.update({ a: 2 });
  const second = new KeptState(memento, { name: "speeds", version: 2, read: numbersIn });
  assert.deepEqual(second.value, { a: 2 });
  await second.update({ b: 3 });
  assert.deepEqual([first.value, second.value], [{ a: 2 }, { b: 3 }]);
  const all = { speeds: { a: 1 }, "speeds.v1": { a: 2 }, "speeds.v2": { b: 3 }, "speeds.v3": { newer: true } };
  assert.deepEqual(kept, all);
});

test("the readable part of a damaged value is kept", () => {
  for (const value of [undefined, null, 3, "x"]) assert.deepEqual(numbersIn(value), {});
  assert.deepEqual(numbersIn({ a: 1, b: "2", c: null, d: { e: 1 } }), { a: 1 });
  for (const value of [undefined, null, { 0: "a" }]) assert.deepEqual(instructionsIn(value), []);
  assert.deepEqual(instructionsIn(["a", 1, "b"]), ["a", "b"]);
});
