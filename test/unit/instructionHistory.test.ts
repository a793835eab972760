import assert from "node:assert/strict";
import test from "node:test";
import { instructionOf, withNewest } from "../../src/extension/instructions/instructionHistory.js";

const past = [{ label: "add a test" }, { label: "sort it" }];

test("a past instruction that is active is meant", () => {
  assert.equal(instructionOf(past[1], "so", past), "sort it");
});

test("otherwise all of what is typed is meant, though the entry for it shows less yet, or is not there", () => {
  assert.equal(instructionOf({ label: "rename" }, "rename it to total ", past), "rename it to total");
  assert.equal(instructionOf({ label: "sort it" }, "sort it by name", past), "sort it by name");
  assert.equal(instructionOf(undefined, "rename", past), "rename");
});

test("the newest comes first, each is kept once, and not more than twenty", () => {
  assert.deepEqual(withNewest(["a", "b"], "b"), ["b", "a"]);
  const many = Array.from({ length: 20 }, (_, i) => `${i}`);
  assert.deepEqual(withNewest(many, "new"), ["new", ...many.slice(0, 19)]);
});
