import assert from "node:assert/strict";
import test from "node:test";
import { ReadStretches } from "../../src/core/states/readStretches.js";

const nothing = new Map<number, number | undefined>();
const count = (length: number, first = 0): Uint32Array => Uint32Array.from({ length }, (_, i) => first + i);

/** The stretches of a text of which 10,000 tokens were read before a change at token `at`. */
function changed(at = 10, removed = 1, inserted = 1): ReadStretches {
  const stretches = new ReadStretches();
  stretches.reached(10_000, 0, false);
  stretches.spliced({ at, removed: count(removed), inserted: count(inserted, 1e6) }, nothing);
  return stretches;
}

const starts = (stretches: ReadStretches): number[] => stretches.all.map(({ start }) => start);
const anchorsAt = (...offsets: readonly number[]) => {
  return (after: number, last: number): boolean => offsets.some((offset) => offset > after && offset <= last);
};

test("a text is read from its start, and text that was read is no longer new", () => {
  const stretches = new ReadStretches();
  assert.deepEqual(stretches.all, [{ start: 0, convergedFrom: 0, to: 0 }]);
  stretches.reached(100, 0, false);
  stretches.reached(50, 0, false);
  assert.deepEqual(stretches.all, [{ start: 0, convergedFrom: 0, to: 100 }]);
  assert.deepEqual([99, 100].map((offset) => stretches.isNew(offset)), [false, true]); // prettier-ignore
  assert.deepEqual(
    [stretches.unreadTokens(0, 150), stretches.unreadTokens(120, 150), stretches.unreadTokens(0, 100)],
    [50, 30, 0],
  );
});

test("after a change, text counts as read up to the change; in a stretch that begins below, from 3,072 tokens on", () => {
  const stretches = changed();
  assert.deepEqual(stretches.startingAt(0), { start: 0, convergedFrom: 0, to: 10 });
  assert.equal(stretches.readTokens, 10_000);
  assert.equal(stretches.unreadTokens(0, 20_000), 529 + 10_000);
  for (const start of [4000, 2000, 4000]) stretches.begin(start);
  assert.deepEqual(starts(stretches), [4000, 2000, 0]);
  const convergedFrom = 4000 + 3072;
  assert.deepEqual(stretches.before(convergedFrom), { start: 4000, convergedFrom, to: 10_000 });
  assert.equal(stretches.before(convergedFrom - 1).start, 2000);
  assert.equal(stretches.before(2000 + 3072 - 1).start, 0);
});

test("a stretch that the one before reaches is joined to it", () => {
  const stretches = changed();
  stretches.begin(4000);
  stretches.reached(3999, 0, false);
  assert.deepEqual(starts(stretches), [4000, 0]);
  stretches.reached(4000, 0, false);
  assert.deepEqual(starts(stretches), [0]);
});

test("a stretch below the first can reach the next one, too", () => {
  const stretches = changed();
  stretches.spliced({ at: 5000, removed: count(1), inserted: count(1, 1e6) }, nothing);
  for (const start of [4000, 6000]) stretches.begin(start);
  stretches.reached(6000, 4000, false);
  assert.deepEqual(starts(stretches), [4000, 0]);
});

test("text whose states are adopted counts as read, and stretches that begin in it are gone", () => {
  const stretches = changed();
  stretches.begin(4000);
  stretches.adopted(3999, false);
  assert.deepEqual(starts(stretches), [4000, 0]);
  assert.equal(stretches.startingAt(0).to, 3999);
  stretches.adopted(4000, true);
  assert.deepEqual(starts(stretches), [0]);
  assert.equal(stretches.startingAt(0).to, 10_000);
  stretches.adopted(12_000, true);
  stretches.adopted(500, true);
  assert.equal(stretches.readTokens, 12_000);
});

test("a change right after what was read leaves no seam, one before it moves the end", () => {
  const stretches = new ReadStretches();
  stretches.reached(100, 0, false);
  stretches.spliced({ at: 100, removed: count(0), inserted: count(3) }, nothing);
  assert.deepEqual([stretches.seams.first, stretches.readTokens], [undefined, 100]);
  stretches.spliced({ at: 99, removed: count(0), inserted: count(3) }, nothing);
  assert.deepEqual([stretches.seams.first?.from, stretches.readTokens], [99, 103]);
});

test("if the end of what was read is removed, the last place that was found again is the end, or the change", () => {
  const stretches = new ReadStretches();
  const splice = { at: 90, removed: count(20), inserted: count(5, 1e6) };
  stretches.reached(100, 0, false);
  stretches.spliced(splice, nothing);
  assert.equal(stretches.readTokens, 90);
  const other = new ReadStretches();
  other.reached(100, 0, false);
  other.spliced(splice, new Map([[93, 92], [95, 93], [97, undefined]])); // prettier-ignore
  assert.equal(other.readTokens, 93);
});

test("a stretch does not begin within 1,024 tokens of a large change above", () => {
  const large = changed(10, 0, 300); // the change ends at 310
  assert.deepEqual([10, 11, 1333, 1334].map((offset) => large.canStartAt(offset)), [true, false, false, true]); // prettier-ignore
  assert.equal(changed().canStartAt(12), true);
  const stretches = new ReadStretches();
  stretches.reached(10_000, 0, false);
  for (const start of [1000, 3000]) stretches.begin(start);
  stretches.spliced({ at: 500, removed: count(0), inserted: count(300, 1e6) }, nothing);
  assert.deepEqual(starts(stretches), [3300, 0]);
});

test("text within a large change is new", () => {
  const stretches = changed(10, 0, 300);
  assert.deepEqual([9, 10, 309, 310].map((offset) => stretches.isNew(offset)), [false, true, true, false]); // prettier-ignore
});

test("a stretch needs a state at its start, or later in it", () => {
  const tidied = (start: number, ...anchors: readonly number[]): number[] => {
    const stretches = changed();
    stretches.begin(start);
    stretches.tidy(anchorsAt(...anchors));
    return starts(stretches);
  };
  assert.deepEqual(tidied(4000, 4000), [4000, 0]);
  assert.deepEqual(tidied(4000, 9000), [4000, 0]);
  assert.deepEqual(tidied(4000, 3999), [0]);
});

test("two changes count as one unless a state or the start of a stretch is between them", () => {
  const seamsWith = (start: number): number => {
    const stretches = changed();
    stretches.spliced({ at: 5000, removed: count(1), inserted: count(1, 1e6) }, nothing);
    stretches.begin(start);
    stretches.tidy(anchorsAt(6000));
    return stretches.seams.missedAt(Infinity).length;
  };
  assert.deepEqual([10, 11, 5000, 5001].map(seamsWith), [1, 2, 2, 1]);
});
