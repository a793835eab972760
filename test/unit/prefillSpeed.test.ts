import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { PrefillSpeed } from "../../src/rwkv/prefillSpeed.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { FakeModel } from "../support/fakeModel.js";

test("a speed that was measured on a busy machine rises with the chunks that are read faster", async (t) => {
  let [nowMs, runMs] = [0, 0];
  t.mock.method(performance, "now", () => nowMs);
  const model = new FakeModel({ onRun: () => void (nowMs += runMs) });
  const speed = new PrefillSpeed(64, 1000);
  const reader = speed.timed(model.open());
  const read = async (count: number, ms: number): Promise<number> => {
    runMs = ms;
    await reader.feed(new Array<TokenId>(count).fill(5 as TokenId), "none", neverCancelled);
    return speed.tokensPerSecond;
  };
  assert.equal(await read(64, 100), 1000); // the chunk is slower, so it is not counted
  assert.equal(await read(64, 4), 16_000);
  assert.equal(await read(8, 0.1), 16_000); // not a full chunk, so it is not counted
  assert.equal(await read(64, 8), 16_000);
});
