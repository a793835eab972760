import assert from "node:assert/strict";
import test from "node:test";
import { instructionOf, withNewest } from "../../src/extension/instructions/instructionHistory.js";

const past = [{ label: "add a test" }, { label: "sort it" }];

test("the active past instruction is used", () => {
  assert.equal(instructionOf(past[1], "so", past), "sort it");
});

test("otherwise the typed text is used, even if its entry is outdated or missing", () => {
  assert.equal(instructionOf({ label: "rename" }, "rename it to total ", past), "rename it to total");
  assert.equal(instructionOf({ label: "sort it" }, "sort it by name", past), "sort it by name");
  assert.equal(instructionOf(undefined, "rename", past), "rename");
});

test("the newest is first, each is stored once, and at most twenty", () => {
  assert.deepEqual(withNewest(["a", "b"], "b"), ["b", "a"]);
  const many = Array.from({ length: 20 }, (_, i) => `${i}`);
  assert.deepEqual(withNewest(many, "new"), ["new", ...many.slice(0, 19)]);
});
