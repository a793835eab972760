import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { documentExpertCount, expertCount } from "../../src/core/decoding/ngramPrediction.js";
import { readCalibration } from "../../src/rwkv/calibrationFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";

const scores = { longest: [0, 1], entropy: [2], agreement: [3], model: [4], places: [-5, 0.5, 7] };
const bounds = { longest: [1, 2], entropy: [0], agreement: [-1], model: [0.5], places: [1, 2.5, 40] };
const experts = (count: number): unknown[] => Array.from({ length: count }, () => scores);
const mixture = { bounds, experts: experts(expertCount) };
const coefficients = { product: 1, sum: -2, least: 3.5, length: 0, units: 1, model: 1, open: 1, lines: 1 };
const correctness = { bias: -0.5, coefficients };
const good = { formatVersion: 3, mixture, correctness };

function readIn(folder: string, json: unknown): unknown {
  const file = path.join(folder, "calibration.json");
  writeFileSync(file, typeof json === "string" ? json : JSON.stringify(json));
  return readCalibration(file);
}

const read: readonly (readonly [string, unknown, unknown])[] = [
  ["all features and experts", good, { mixture, correctness }],
  ["the document's experts alone", { ...good, mixture: { bounds, experts: experts(documentExpertCount) } }, { mixture: { bounds, experts: experts(documentExpertCount) }, correctness }],
  ["no coefficients", { ...good, correctness: { bias: 0, coefficients: {} } }, { mixture, correctness: { bias: 0, coefficients: {} } }],
  ["version 2", { ...good, formatVersion: 2 }, { mixture, correctness }],
  ["version 1, with the coefficients next to the bias", { formatVersion: 1, mixture, correctness: { bias: 1, sum: 2, least: 3, length: 4 } }, { mixture, correctness: { bias: 1, coefficients: { sum: 2, least: 3, length: 4 } } }],
  ["no version, which is version 1", { mixture, correctness: { bias: 1, sum: 2, least: 3, length: 4 } }, { mixture, correctness: { bias: 1, coefficients: { sum: 2, least: 3, length: 4 } } }],
]; // prettier-ignore

for (const [what, json, expected] of read) {
  test(`a calibration with ${what} is read`, () =>
    inTemporaryFolder((folder) => {
      assert.deepEqual(readIn(folder, json), expected);
    }));
}

const withBounds = (change: object): unknown => ({
  ...good,
  mixture: { ...mixture, bounds: { ...bounds, ...change } },
});
const withExpert = (change: unknown): unknown => {
  const changed = typeof change === "object" && change !== null ? { ...scores, ...change } : change;
  return { ...good, mixture: { ...mixture, experts: [...experts(expertCount - 1), changed] } };
};
const withCorrectness = (change: object): unknown => ({ ...good, correctness: { ...correctness, ...change } });
const notOne = /is not a calibration, or one of an older form/;

const cases: readonly (readonly [string, unknown, RegExp])[] = [
  ["text that is not JSON", "{", /cannot be read as JSON/],
  ["null", null, notOne],
  ["a number", 5, notOne],
  ["format 4", { ...good, formatVersion: 4 }, /has format 4; this version reads 1 to 3/],
  ["format 0", { ...good, formatVersion: 0 }, /has format 0/],
  ["format null", { ...good, formatVersion: null }, /has format null/],
  ["no mixture", { ...good, mixture: undefined }, notOne],
  ["null as mixture", { ...good, mixture: null }, notOne],
  ["a text as mixture", { ...good, mixture: "a" }, notOne],
  ["a mixture without bounds", { ...good, mixture: { experts: mixture.experts } }, notOne],
  ["a feature without bounds", withBounds({ places: undefined }), notOne],
  ["an empty list of bounds", withBounds({ entropy: [] }), notOne],
  ["bounds that are not a list", withBounds({ entropy: 0 }), notOne],
  ["equal bounds", withBounds({ longest: [1, 1] }), notOne],
  ["descending bounds", withBounds({ longest: [2, 1] }), notOne],
  ["a bound that is a text", withBounds({ longest: [1, "2"] }), notOne],
  ["a first bound that is a text", withBounds({ longest: ["1", 2] }), notOne],
  ["no experts", { ...good, mixture: { bounds } }, notOne],
  ["an expert too few", { ...good, mixture: { bounds, experts: experts(documentExpertCount - 1) } }, notOne],
  ["an expert too many", { ...good, mixture: { bounds, experts: experts(expertCount + 1) } }, notOne],
  ["experts between the two numbers", { ...good, mixture: { bounds, experts: experts(documentExpertCount + 1) } }, notOne],
  ["null as expert", withExpert(null), notOne],
  ["a number as expert", withExpert(1), notOne],
  ["an expert without a feature", withExpert({ model: undefined }), notOne],
  ["a score too many", withExpert({ longest: [0, 1, 2] }), notOne],
  ["a score too few", withExpert({ longest: [0] }), notOne],
  ["a score that is a text", withExpert({ longest: [0, "1"] }), notOne],
  ["scores that are not a list", withExpert({ longest: "01" }), notOne],
  ["no correctness", { ...good, correctness: undefined }, notOne],
  ["null as correctness", { ...good, correctness: null }, notOne],
  ["a number as correctness", { ...good, correctness: 1 }, notOne],
  ["null as correctness of version 1", { mixture, correctness: null }, notOne],
  ["a number as correctness of version 1", { mixture, correctness: 1 }, notOne],
  ["no bias", withCorrectness({ bias: undefined }), notOne],
  ["a bias that is a text", withCorrectness({ bias: "1" }), notOne],
  ["no coefficients", withCorrectness({ coefficients: undefined }), notOne],
  ["null as coefficients", withCorrectness({ coefficients: null }), notOne],
  ["a number as coefficients", withCorrectness({ coefficients: 7 }), notOne],
  ["an unknown coefficient", withCorrectness({ coefficients: { ...coefficients, length2: 1 } }), notOne],
  ["a coefficient that is a text", withCorrectness({ coefficients: { ...coefficients, sum: "1" } }), notOne],
  ["a coefficient that is null", withCorrectness({ coefficients: { ...coefficients, sum: null } }), notOne],
  ["more than a MiB", JSON.stringify(good).padEnd(2 ** 20 + 1), /has 1048577 bytes; a calibration has at most 1048576/],
]; // prettier-ignore

for (const [what, json, message] of cases) {
  testRefused(`a calibration with ${what} is refused`, (folder) => void readIn(folder, json), message);
}

test("a calibration of a MiB is read", () =>
  inTemporaryFolder((folder) => {
    assert.deepEqual(readIn(folder, JSON.stringify(good).padEnd(2 ** 20)), { mixture, correctness });
  }));
