import assert from "node:assert/strict";
import test from "node:test";
import { expectedTokensPerSecond, fitsMemory, memoryBytes } from "../../src/hub/requirements.js";

test("a model of 2^30 parameters takes 36 bytes per 32 weights, a tenth more, and 150 MB", () => {
  assert.equal(memoryBytes({ parameters: 2 ** 30 }), 1.1 * 36 * 2 ** 25 + 150e6);
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
  assert.equal(expectedTokensPerSecond(model, 36e6), 0.7);
  assert.equal(expectedTokensPerSecond(model, 72e6), 1.4);
});
