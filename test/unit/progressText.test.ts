import assert from "node:assert/strict";
import test from "node:test";
import { failureText, partText } from "../../src/hub/failureText.js";
import { progressText } from "../../src/hub/progressText.js";
import { sizeText } from "../../src/hub/sizeText.js";
import { expectedTokensPerSecond, fitsMemory, memoryBytes } from "../../src/hub/requirements.js";
import { untranslated } from "../../src/shared/translate.js";

const sizes: readonly (readonly [number, string])[] = [
  [0, "0 kB"], [499, "0 kB"], [500, "1 kB"], [999_499, "999 kB"], [1e6, "1 MB"], [1_234_567, "1.23 MB"],
  [12_345_678, "12.3 MB"], [999_000_000, "999 MB"], [1e9, "1.0 GB"], [1.66e10, "16.6 GB"],
]; // prettier-ignore

test("a size has at most three digits in kB and MB, and one decimal in GB", () => {
  for (const [bytes, expected] of sizes) assert.equal(sizeText(bytes), expected);
});

/** The time left of a download that receives a byte per second. */
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

test("a wait is in whole minutes, at least one", () => {
  const waits = [undefined, 0, 60_000, 60_001].map(
    (retryAfterMs) =>
      /for now: (.*)\.$/.exec(failureText({ kind: "rateLimited", host: "h", retryAfterMs }, untranslated))?.[1],
  );
  assert.deepEqual(waits, [
    "try again later",
    "try again in 1 minutes",
    "try again in 1 minutes",
    "try again in 2 minutes",
  ]);
});

test("the text about received bytes says whether there are any", () => {
  assert.deepEqual([0, 1, 5e6].map((bytes) => partText(bytes, untranslated)), [
    "Nothing was downloaded.", "The 0 kB received so far are kept.", "The 5 MB received so far are kept.",
  ]); // prettier-ignore
});

test("a model of 2^30 parameters takes 34 bytes per 32 weights, a tenth more, and 150 MB", () => {
  assert.equal(memoryBytes({ parameters: 2 ** 30 }), 1.1 * 34 * 2 ** 25 + 150e6);
  assert.equal(memoryBytes({ parameters: 0 }), 150e6);
});

test("a model fits if it takes at most four fifths of the memory", () => {
  assert.deepEqual(
    [187.5e6, 187.4e6, 200e6].map((bytes) => fitsMemory({ parameters: 0 }, bytes)),
    [true, false, true],
  );
});

test("a token reads all weights but the embedding, at 70 % of the bandwidth", () => {
  const model = { parameters: 65_536 * 1024 + 32e6, width: 1024 };
  assert.equal(expectedTokensPerSecond(model, 34e6), 0.7);
  assert.equal(expectedTokensPerSecond(model, 68e6), 1.4);
});
