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
