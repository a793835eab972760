import assert from "node:assert/strict";
import test from "node:test";
import { TransferRate } from "../../src/hub/transferRate.js";

/** The rates after measurements, each of which is [milliseconds, bytes received so far]. */
function rates(...measured: readonly (readonly [number, number])[]): (number | undefined)[] {
  let nowMs = 0;
  const rate = new TransferRate(() => nowMs);
  return measured.map(([ms, bytes]) => {
    nowMs = ms;
    return rate.add(bytes);
  });
}

test("a rate is known after half a second, in bytes per second", () => {
  assert.deepEqual(rates([1000, 50], [1499, 100], [1500, 1050], [2000, 1050]), [undefined, undefined, 2000, 1000]);
});

test("only the last eight seconds count", () => {
  assert.equal(rates([0, 0], [1000, 9000], [8000, 16_000])[2], 2000);
  assert.equal(rates([0, 0], [1000, 9000], [8001, 16_001])[2], 1000);
  // However old they are, the last two measurements are kept.
  assert.equal(rates([0, 0], [60_000, 60_000])[1], 1000);
  assert.equal(rates([0, 0], [10_000, 50_000], [60_000, 100_000])[2], 1000);
});
