import assert from "node:assert/strict";
import test from "node:test";
import { fadingTokens, isLarge, Seams, type Seam } from "../../src/core/states/seams.js";

type Aligned = ReadonlyMap<number, number | undefined>;

const nothing: Aligned = new Map();
const tokens = (...values: readonly number[]): Uint32Array => Uint32Array.from(values);
const count = (length: number, first = 100): Uint32Array => Uint32Array.from({ length }, (_, i) => first + i);

/** All open seams, each as [from, start, end, changed]. */
function openIn(seams: Seams): (readonly number[])[] {
  return seams.missedAt(Infinity).map(({ from, start, end, changed }) => [from, start, end, changed]);
}

/** The seams that remain after splices of text that was read. Each splice is [at, removed, inserted]. */
function seamsAfter(...splices: readonly (readonly [number, Uint32Array, Uint32Array, Aligned?])[]): Seams {
  const seams = new Seams();
  for (const [at, removed, inserted, aligned = nothing] of splices) {
    seams.spliced({ at, removed, inserted }, true, aligned);
  }
  return seams;
}

test("a change counts the tokens that differ, at least one, whichever side has more", () => {
  assert.deepEqual(openIn(seamsAfter([10, tokens(1, 2), tokens(3, 4, 5)])), [[10, 10, 13, 3]]);
  assert.deepEqual(openIn(seamsAfter([10, tokens(1, 2, 3), tokens(4)])), [[10, 10, 11, 3]]);
  // Tokens that only moved do not count. A token that occurs twice counts as two.
  assert.deepEqual(openIn(seamsAfter([10, tokens(1, 2, 2), tokens(2, 9, 1, 1)])), [[10, 10, 14, 2]]);
  assert.deepEqual(openIn(seamsAfter([10, tokens(1, 2), tokens(2, 1)])), [[10, 10, 12, 1]]);
});

test("a change of text that was not read leaves no seam", () => {
  const seams = new Seams();
  seams.spliced({ at: 10, removed: tokens(), inserted: tokens(1) }, false, nothing);
  assert.equal(seams.first, undefined);
});

test("tokens that are changed again count once", () => {
  // Ten tokens are inserted. Then six of them and two others are removed.
  assert.deepEqual(openIn(seamsAfter([20, tokens(), count(10)], [24, count(8, 104), tokens()])), [
    [20, 20, 24, 10],
    [24, 24, 24, 2],
  ]);
  assert.deepEqual(openIn(seamsAfter([20, tokens(), count(10)], [18, count(4), tokens()])), [
    [18, 18, 26, 10],
    [18, 18, 18, 2],
  ]);
});

test("removed tokens of an open seam are not counted again, even if the text above has grown in the same splice", () => {
  const old = count(1190);
  const inserted = Uint32Array.from([...count(500, 5000), ...old.subarray(0, 990), ...old.subarray(1090)]);
  // The checkpoint at 500 of the old text is at 1,000 of the new one.
  assert.deepEqual(openIn(seamsAfter([1000, tokens(), count(100)], [10, old, inserted, new Map([[500, 1000]])])), [
    [10, 10, 510, 500],
    [1000, 1000, 1600, 100],
    [1500, 1500, 1500, 1],
  ]);
});

test("later changes before a seam move it, and those after it do not", () => {
  assert.deepEqual(openIn(seamsAfter([20, tokens(1), tokens(2)], [5, tokens(), count(3)])), [
    [5, 5, 8, 3],
    [23, 23, 24, 1],
  ]);
  assert.deepEqual(openIn(seamsAfter([20, tokens(1), tokens(2)], [30, tokens(), count(3)])), [
    [20, 20, 21, 1],
    [30, 30, 33, 3],
  ]);
  // Removed tokens that are outside of the seam are all counted.
  assert.deepEqual(openIn(seamsAfter([20, tokens(1), tokens(2)], [30, count(8), tokens()])), [
    [20, 20, 21, 1],
    [30, 30, 30, 8],
  ]);
});

test("a splice is split at the checkpoints within it, and parts without a change leave no seam", () => {
  const [removed, inserted] = [tokens(1, 2, 3, 4, 5, 6), tokens(9, 1, 2, 3, 4, 5, 7, 6)];
  // The checkpoints at 12 and 14 of the old text are at 13 and 15 of the new one. Between them, nothing has changed.
  const aligned = new Map([
    [12, 13],
    [13, undefined],
    [14, 15],
  ]);
  assert.deepEqual(openIn(seamsAfter([10, removed, inserted, aligned])), [
    [10, 10, 11, 1],
    [16, 16, 17, 1],
  ]);
});

test("a seam within replaced text moves to the checkpoints around it", () => {
  const one = [20, tokens(1), tokens(2)] as const;
  // The first token becomes two, and three are added at the end. The text between has only moved, by one token.
  const replaced = (...pairs: readonly [number, number | undefined][]): Seams =>
    seamsAfter(one, [10, count(30), Uint32Array.from([7, 7, ...count(29, 101), 8, 8, 8]), new Map(pairs)]);
  const moved = (seams: Seams) => openIn(seams).find(([, , , changed]) => changed === 1);
  assert.deepEqual(moved(replaced([15, 16], [18, 19], [24, 25], [30, 31])), [19, 19, 25, 1]);
  assert.deepEqual(moved(replaced([18, undefined], [20, 21], [21, 22], [24, undefined])), [21, 21, 22, 1]);
  assert.deepEqual(moved(replaced([18, 19])), [19, 19, 44, 1], "none below it");
  assert.deepEqual(moved(replaced([24, 25])), [10, 10, 25, 1], "none above it");
});

test("reading across seams joins them and moves them to the reader's position, or closes them if states agree", () => {
  const made = (): Seams => seamsAfter([10, tokens(), count(1)], [20, tokens(), count(2)], [40, tokens(), count(4)]);
  const seams = made();
  seams.crossed(10, false);
  assert.equal(openIn(seams)[0]![0], 10, "a seam at the offset is not crossed");
  seams.crossed(30, false);
  assert.deepEqual(openIn(seams), [
    [30, 10, 22, 3],
    [40, 40, 44, 4],
  ]);
  assert.deepEqual(
    seams.missedAt(40).map(({ changed }) => changed),
    [3],
  );
  seams.crossed(35, true);
  assert.deepEqual(openIn(seams), [[40, 40, 44, 4]]);
  const other = made();
  other.crossed(20, true);
  assert.equal(openIn(other).length, 2);
});

test("seams without a checkpoint between them are joined", () => {
  const seams = seamsAfter([10, tokens(), count(1)], [20, tokens(), count(2)], [40, tokens(), count(4)]);
  const checkpointsAt = (...offsets: readonly number[]) => {
    return (from: number, to: number): boolean => offsets.some((offset) => offset > from && offset <= to);
  };
  seams.tidy(checkpointsAt(30, 50));
  assert.deepEqual(openIn(seams), [
    [10, 10, 22, 3],
    [40, 40, 44, 4],
  ]);
  seams.spliced({ at: 60, removed: tokens(), inserted: count(8) }, true, nothing);
  seams.tidy(checkpointsAt(30, 70));
  assert.deepEqual(openIn(seams), [
    [10, 10, 22, 3],
    [40, 40, 68, 12],
  ]);
  assert.equal(seams.first?.from, 10);
  seams.tidy(checkpointsAt(70));
  assert.deepEqual(openIn(seams), [[10, 10, 68, 15]]);
});

test("a change fades after four tokens for each changed one, and any change after 1,024", () => {
  const changedBy = (changed: number): Seam => ({ from: 0, start: 0, end: 0, changed });
  assert.deepEqual([1, 10, 256, 300].map(changedBy).map(fadingTokens), [4, 40, 1024, 1024]);
});

test("a change is large if it has more than 256 tokens and more than half of its range", () => {
  for (const [end, changed, expected] of [
    [400, 256, false],
    [400, 257, true],
    [513, 257, true],
    [514, 257, false],
    [2000, 900, false],
  ] as const) {
    assert.equal(isLarge({ from: 0, start: 0, end, changed }), expected, `${changed} of ${end}`);
  }
});

test("what must be read across changes is 512 tokens and 16 for each changed one, but at most 4,096, and no token twice", () => {
  const one = seamsAfter([10, tokens(1), tokens(2)]);
  const many = seamsAfter([10, tokens(), count(1000)]);
  const two = seamsAfter([10, tokens(1), tokens(2)], [100, tokens(1), tokens(2)]);
  for (const [seams, from, to, expected] of [
    [one, 0, 10_000, 1 + 512 + 16],
    [one, 0, 100, 90],
    [one, 0, 10, 0],
    [one, 11, 10_000, 0],
    [many, 0, 10_000, 1000 + 4096],
    [two, 0, 10_000, 529 + 90],
  ] as const) {
    assert.equal(seams.tokensToCross(from, to), expected, `from ${from} to ${to}`);
  }
});

test("if states do not agree after 4,096 tokens, all text up to the place may have to be read", () => {
  const crossedTo = (offset: number): Seams => {
    const seams = seamsAfter([10, tokens(1), tokens(2)]);
    seams.crossed(offset, false);
    return seams;
  };
  // States that are far apart are compared late, so a change may have faded long before.
  assert.equal(crossedTo(11 + 4095).tokensToCross(0, 10_000), 0);
  assert.equal(crossedTo(11 + 4096).tokensToCross(0, 10_000), 10_000 - 11 - 4096);
});
