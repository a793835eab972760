import assert from "node:assert/strict";
import test from "node:test";
import { isPlaceOf, placesToArchive } from "../../src/core/states/placesToArchive.js";
import type { ArchivedPlace } from "../../src/core/states/stateArchive.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";

/** A text of 1,000 bytes, each of which is a token. */
const text = new TokenizedText(bytesTokenizer([]), emptyBlockHash("m"), []);
text.replace(0, 0, Buffer.from("abcdefghij".repeat(100)));

const placeAt = (offset: number) => ({ offset, stateKey: `state ${offset}` });
const keptAt = (offset: number): ArchivedPlace => ({
  ...placeAt(offset),
  stateKey: `kept ${offset}`,
  textKey: text.prefixAt(offset).digest,
});

interface Options {
  readonly kept?: readonly ArchivedPlace[];
  readonly cursorToken?: number;
  readonly gapTokens?: number;
  readonly maxGapTokens?: number;
  readonly maxPlaces?: number;
}

function chosen(offsets: readonly number[], options: Options = {}): readonly string[] {
  const { kept = [], cursorToken = 0, gapTokens = 200, maxGapTokens = 400, maxPlaces = 100 } = options;
  const candidates = { places: offsets.map(placeAt), likelihood: { cursorToken, weight: 1 } };
  const places = placesToArchive(text, candidates, kept, { gapTokens, maxGapTokens, maxPlaces });
  for (const { offset, textKey } of places) assert.equal(textKey, text.prefixAt(offset).digest);
  return places.map(({ stateKey }) => stateKey.replace("state ", ""));
}

const hundreds = Array.from({ length: 10 }, (_, i) => (i + 1) * 100);
for (const [claim, offsets, options, expected] of [
  ["none if the text has none", [], {}, []],
  ["as few as leave gaps of at most the given size", hundreds, {}, ["200", "400", "600", "800", "1000"]],
  ["more if the gap must be smaller", hundreds, { gapTokens: 100 }, hundreds.map(String)],
  ["the next place if a gap is larger anyway", [100, 700, 800], {}, ["100", "700", "800"]],
  [
    "the last place before the cursor first",
    hundreds,
    { cursorToken: 350 },
    ["300", "200", "400", "600", "800", "1000"],
  ],
  ["the place at the cursor first", hundreds, { cursorToken: 400 }, ["400", "200", "600", "800", "1000"]],
  ["in the order of the text if all places are below the cursor", [500], { cursorToken: 499 }, ["500"]],
  [
    "with larger gaps if there are few places",
    hundreds,
    { maxPlaces: 5, cursorToken: 200 },
    ["200", "400", "600", "800", "1000"],
  ],
  ["up to the largest gap", hundreds, { maxPlaces: 3, cursorToken: 400 }, ["400", "800", "1000"]],
  ["as many as allowed, also if none is before the cursor", hundreds, { maxPlaces: 3 }, ["400", "800", "1000"]],
  ["a single one as far from the start as allowed", [600, 1000], { maxPlaces: 1, maxGapTokens: 2000 }, ["1000"]],
  ["at most as many as allowed", hundreds, { maxPlaces: 1, cursorToken: 500 }, ["500"]],
  ["none if none is allowed", hundreds, { maxPlaces: 0, cursorToken: 500 }, []],
] as const satisfies readonly (readonly [string, readonly number[], Options, readonly string[]])[]) {
  test(`places to archive: ${claim}`, () => {
    assert.deepEqual(chosen(offsets, options), expected);
  });
}

test("places that are kept already are preferred in the farther half of a gap", () => {
  assert.deepEqual(chosen(hundreds, { kept: [keptAt(150)] }).slice(0, 2), ["kept 150", "300"]);
  assert.deepEqual(chosen(hundreds, { kept: [keptAt(100)] }).slice(0, 2), ["200", "400"]);
  assert.deepEqual(chosen([200, 400], { kept: [keptAt(200)] }), ["kept 200", "400"]);
});

test("a place that is kept for another text does not count for this one", () => {
  const place = keptAt(200);
  assert.equal(isPlaceOf(text, place), true);
  assert.equal(isPlaceOf(text, { ...place, textKey: "other" }), false);
  assert.equal(isPlaceOf(text, { ...place, offset: 1001 }), false);
  assert.equal(isPlaceOf(text, keptAt(1000)), true);
  assert.deepEqual(chosen([200], { kept: [{ ...place, textKey: "other" }] }), ["200"]);
});

test("the places whose loss costs least are dropped, such as the last one and one right before another", () => {
  const limits = { gapTokens: 1, maxGapTokens: 1, cursorToken: 200 };
  assert.deepEqual(chosen([200, 210, 600, 1000], { ...limits, maxPlaces: 3 }), ["200", "210", "600"]);
  assert.deepEqual(chosen([200, 210, 600, 1000], { ...limits, maxPlaces: 2 }), ["200", "600"]);
  const apart = { gapTokens: 1, maxGapTokens: 1, maxPlaces: 3 };
  assert.deepEqual(chosen([300, 310, 320, 900], apart), ["300", "320", "900"]);
});
