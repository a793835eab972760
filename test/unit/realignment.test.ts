import assert from "node:assert/strict";
import test from "node:test";
import { realigned } from "../../src/core/states/realignment.js";

const tokens = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const splice = (removed: number[], inserted: number[], at = 1000) => ({
  at,
  removed: Uint32Array.from(removed),
  inserted: Uint32Array.from(inserted),
});

test("a position is found by the text before it, or else by the text after it", () => {
  const old = tokens(0, 300);
  const changed = [...tokens(0, 50), 7777, ...tokens(51, 49), 8888, 8889, ...tokens(100, 200)];
  assert.deepEqual(realigned([1030, 1055, 1090, 1102, 1250], splice(old, changed)), [1030, 1055, 1090, 1104, 1252]);
});

test("a position whose surroundings are gone, or occur twice in the new text, is not found", () => {
  const twice = [...tokens(0, 60), ...tokens(0, 60)];
  assert.deepEqual(realigned([1030], splice(tokens(0, 60), twice)), [undefined]);
  assert.deepEqual(realigned([1030], splice(tokens(0, 60), tokens(500, 60))), [undefined]);
  assert.deepEqual(realigned([1030], splice(tokens(0, 60), [])), [undefined]);
});

test("places stay in their order", () => {
  const [first, second] = [tokens(0, 60), tokens(100, 60)];
  const found = realigned([1040, 1100], splice([...first, ...second], [...second, ...first]));
  assert.deepEqual(found, [1100, undefined]);
});
