import assert from "node:assert/strict";
import test from "node:test";
import { memoryBandwidth } from "../../src/rwkv/memoryBandwidth.js";

test("the memory's bandwidth is that of the fastest of eight rounds, each of which reads 128 MiB", (t) => {
  const rounds = [9, 8, 4, 5, 9, 9, 9, 6];
  let nowMs = 0;
  let calls = 0;
  t.mock.method(performance, "now", () => {
    const isEnd = calls % 2 === 1;
    nowMs += isEnd ? rounds[(calls - 1) / 2]! : 1;
    calls++;
    return nowMs;
  });
  assert.equal(memoryBandwidth(), 2 ** 27 * (1000 / 4));
  assert.equal(calls, 2 * rounds.length);
});
