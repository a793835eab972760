import assert from "node:assert/strict";
import test from "node:test";
import { unknownSettings } from "../../src/shared/unknownSettings.js";

const names = { section: "rwkvCode", known: ["enable", "maxLines", "threads"] };

test("an unknown setting is reported with the nearest known one", () => {
  assert.deepEqual(unknownSettings({ threds: 2, maxLine: 5, colour: 1, enable: true }, names, true), [
    "There is no setting rwkvCode.threds; did you mean rwkvCode.threads?",
    "There is no setting rwkvCode.maxLine; did you mean rwkvCode.maxLines?",
    "There is no setting rwkvCode.colour. The closest setting is rwkvCode.enable.",
  ]);
});

test("outside of our section only near misses are reported, and unrelated names are not", () => {
  const value = { Threads: 2, fontSize: 12, "rwkvCode.size": 1, rwkvCode: { maxlines: 3 } };
  assert.deepEqual(unknownSettings(value, names, false), [
    "There is no setting rwkvCode.Threads; did you mean rwkvCode.threads?",
    "There is no setting rwkvCode.size. The closest setting is rwkvCode.enable.",
    "There is no setting rwkvCode.maxlines; did you mean rwkvCode.maxLines?",
  ]);
});

/**
 * Names outside the section rwkvCode, each with the setting that it is reported to resemble; undefined if it is not
 * reported.
 */
const outside: readonly (readonly [string, string | undefined])[] = [
  ["enable", undefined],
  ["enabl", "enable"],
  ["enables", "enable"],
  ["enab", undefined],
  ["ENABEL", undefined],
  ["maxxLines", "maxLines"],
  ["axLine", "maxLines"],
  ["axLin", undefined],
  ["treads", "threads"],
  ["trace.server", undefined],
  ["a".repeat(40), undefined],
  ["", undefined],
];

for (const [given, nearest] of outside) {
  test(`outside of our section, ${JSON.stringify(given)} is ${nearest === undefined ? "not ours" : `like ${nearest}`}`, () => {
    const expected = nearest && `There is no setting rwkvCode.${given}; did you mean rwkvCode.${nearest}?`;
    assert.deepEqual(unknownSettings({ [given]: 1 }, names, false), expected === undefined ? [] : [expected]);
  });
}

test("at most five names are reported, each with 60 characters", () => {
  const value = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}${"z".repeat(70)}`, 1]));
  const problems = unknownSettings(value, names, true);
  assert.equal(problems.length, 5);
  assert.equal(
    problems[0],
    `There is no setting rwkvCode.0${"z".repeat(59)}. The closest setting is rwkvCode.maxLines.`,
  );
});

test("a value that is not an object has no names, nor has a section that is not one", () => {
  for (const value of [undefined, null, 5, "enabel", { rwkvCode: "enabel" }, { rwkvCode: null }]) {
    assert.deepEqual(unknownSettings(value, names, false), []);
  }
});
