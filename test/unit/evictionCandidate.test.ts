import assert from "node:assert/strict";
import test from "node:test";
import type { Checkpoint } from "../../src/core/states/checkpoint.js";
import { evictionCandidate } from "../../src/core/states/evictionCandidate.js";
import type { Packing } from "../../src/core/states/packing.js";
import { requestCost } from "../../src/core/states/requestCost.js";
import { randomFrom } from "../support/random.js";

interface Place {
  readonly offset: number;
  readonly isRounded: boolean;
  readonly isPacked: boolean;
}

const [stateBytes, packedBytes, tokenCount, maxGapTokens] = [4096, 1024, 9999, 1000];

function anchorOf({ offset, isRounded, isPacked }: Place) {
  const data = isPacked ? new Uint8Array(packedBytes) : new Float32Array(stateBytes / 4);
  const checkpoint = { prefix: { isRounded }, state: { data } };
  return { offset, checkpoint: checkpoint as unknown as Checkpoint }; // has all members that are used
}

/**
 * The total cost of requests at all offsets from the first place on, if they start from the places that are not lost.
 */
function totalCost(places: readonly (Place & { readonly isLost?: boolean })[], cursorToken: number): number {
  const before = { any: 0, exact: 0 };
  let cost = 0;
  for (const [i, { offset, isRounded, isLost }] of places.entries()) {
    if (isLost !== true) before.any = offset;
    if (isLost !== true && !isRounded) before.exact = offset;
    const stretch = { from: offset, to: places[i + 1]?.offset ?? tokenCount + 1 };
    cost += requestCost(stretch, before, { likelihood: { cursorToken, weight: 1 }, maxGapTokens });
  }
  return cost;
}

/** For each place, and for each way to free its memory: the additional cost of requests per byte freed. */
function losses(places: readonly Place[], cursorToken: number, packing: boolean) {
  const now = totalCost(places, cursorToken);
  return places.flatMap((place, index) => {
    const change = (changed: object): number => {
      const after = places.map((other, i) => (i === index ? { ...other, ...changed } : other));
      return totalCost(after, cursorToken) - now;
    };
    const lost = {
      index,
      isPacking: false,
      loss: change({ isLost: true }) / (place.isPacked ? packedBytes : stateBytes),
    };
    const next = places[index + 1]?.offset ?? tokenCount + 1;
    const mayPack = !place.isRounded || next - (places[index - 1]?.offset ?? 0) > maxGapTokens;
    if (!packing || place.isPacked || !mayPack) return [lost];
    return [lost, { index, isPacking: true, loss: change({ isRounded: true }) / (stateBytes - packedBytes) }];
  });
}

for (const packing of [false, true]) {
  test(`the state that is cheapest to lose${packing ? " or to pack" : ""} is found`, () => {
    const random = randomFrom(5);
    const packed = { data: new Uint8Array(packedBytes) };
    const how: Packing = { packedBytes, pack: () => packed, maxGapTokens: () => maxGapTokens };
    let packs = 0;
    for (let i = 0; i < 300; i++) {
      const offsets = [...new Set(Array.from({ length: 1 + random.below(12) }, () => 1 + random.below(tokenCount)))];
      const places = offsets
        .sort((a, b) => a - b)
        .map((offset) => {
          const isRounded = packing && random.below(2) === 0;
          return { offset, isRounded, isPacked: isRounded && random.below(2) === 0 };
        });
      const cursorToken = random.below(tokenCount);
      const anchors = places.map(anchorOf);
      const except = anchors[random.below(2 * anchors.length)]?.checkpoint;
      const expected = losses(places, cursorToken, packing)
        .filter(({ index }) => anchors[index]!.checkpoint !== except)
        .reduce<ReturnType<typeof losses>[number] | undefined>(
          (a, b) => (a !== undefined && a.loss <= b.loss ? a : b),
          undefined,
        );
      const likelihood = { cursorToken, weight: 1 };
      const found = evictionCandidate(anchors, {
        likelihood,
        maxGapTokens,
        tokenCount,
        packing: packing ? how : undefined,
        except,
      });
      if (expected === undefined) {
        assert.equal(found, undefined);
        continue;
      }
      const unit = Math.max(1, Math.abs(expected.loss));
      assert.ok(Math.abs(found!.loss - expected.loss) < 1e-6 * unit, `${found!.loss} and ${expected.loss}`);
      assert.equal(anchors.findIndex(({ checkpoint }) => checkpoint === found!.checkpoint), expected.index); // prettier-ignore
      assert.equal(found!.pack(), expected.isPacking ? packed : undefined);
      if (expected.isPacking) packs++;
    }
    assert.equal(packs > 50, packing, `${packs} states are packed`);
  });
}
