import assert from "node:assert/strict";
import test from "node:test";
import { progressText } from "../../src/hub/progressText.js";
import { untranslated } from "../../src/shared/translate.js";

/** The remaining time that is shown for a download of `seconds` bytes at one byte per second. */
const left = (seconds: number): string =>
  progressText({ kind: "receiving", bytes: 0, totalBytes: seconds, bytesPerSecond: 1 }, untranslated).split(" · ")[2]!;

const times: readonly (readonly [number, string])[] = [
  [0.1, "1 s left"], [89.9, "90 s left"], [90, "2 min left"], [120, "2 min left"], [121, "3 min left"],
  [89 * 60, "89 min left"], [89 * 60 + 1, "2 h left"], [7200, "2 h left"], [7201, "3 h left"],
]; // prettier-ignore

test("the time left is rounded up, to seconds below 90 seconds and to minutes below 90 minutes", () => {
  for (const [seconds, expected] of times) assert.equal(left(seconds), expected, `${seconds}`);
});

test("a download that receives nothing has no rate", () => {
  const texts = [undefined, 0, -1, 1e6].map((bytesPerSecond) =>
    progressText({ kind: "receiving", bytes: 1e6, totalBytes: undefined, bytesPerSecond }, untranslated),
  );
  assert.deepEqual(texts, ["1 MB", "1 MB", "1 MB", "1 MB · 1 MB/s"]);
});
