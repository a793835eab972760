import assert from "node:assert/strict";
import test from "node:test";
import { sizeText } from "../../src/hub/sizeText.js";

const sizes: readonly (readonly [number, string])[] = [
  [0, "0 kB"], [499, "0 kB"], [500, "1 kB"], [999_499, "999 kB"], [1e6, "1 MB"], [1_234_567, "1.23 MB"],
  [12_345_678, "12.3 MB"], [999_000_000, "999 MB"], [1e9, "1.0 GB"], [1.66e10, "16.6 GB"],
]; // prettier-ignore

test("a size has at most three digits in kB and MB, and one decimal in GB", () => {
  for (const [bytes, expected] of sizes) assert.equal(sizeText(bytes), expected);
});
