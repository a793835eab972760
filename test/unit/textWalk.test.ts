import assert from "node:assert/strict";
import test from "node:test";
import { TextWalk } from "../../src/core/states/textWalk.js";

const tokens = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const walk = (old: readonly number[], now: readonly number[]): TextWalk =>
  new TextWalk(Uint32Array.from(old), Uint32Array.from(now));
const base = tokens(0, 40);

for (const [claim, now, offset, expected] of [
  ["in equal texts", base, 20, 20],
  ["before the first token", base, 0, 0],
  ["after the first token", base, 1, 1],
  ["after tokens that are new", [...base.slice(0, 5), 900, 901, ...base.slice(5)], 20, 22],
  ["after tokens that are gone", base.toSpliced(5, 3), 20, 17],
  ["after a token that was replaced", base.with(5, 900), 20, 20],
  ["at the end of a difference that it is in", base.toSpliced(5, 3), 6, 5],
  ["after several differences", [...base.slice(0, 5), 900, ...base.slice(5, 15), ...base.slice(16)], 30, 30],
  ["after a difference, if four equal tokens follow", base.with(35, 900), 36, 36],
  ["among four equal tokens between two differences", base.with(10, 900).with(15, 901), 12, 12],
  ["nowhere if fewer equal tokens follow a difference", base.with(36, 900), 37, undefined],
  ["after 64 tokens that are new", [...base.slice(0, 5), ...tokens(900, 64), ...base.slice(5)], 20, 84],
  ["nowhere after 65 tokens that are new", [...base.slice(0, 5), ...tokens(900, 65), ...base.slice(5)], 20, undefined],
  ["nowhere past the end of a shorter text", base.slice(0, 10), 20, undefined],
] as const) {
  test(`an old place is found ${claim}`, () => {
    assert.equal(walk(base, now).to(offset), expected);
  });
}

test("a walk continues from its last place, or after losing it from a place that is known", () => {
  const walker = walk(base, [...base.slice(0, 5), ...tokens(900, 80), ...base.slice(5)]);
  assert.deepEqual([walker.to(3), walker.to(8), walker.to(20)], [3, undefined, undefined]);
  walker.startAt(5, 85);
  assert.deepEqual([walker.to(8), walker.to(20)], [88, 100]);
});
