import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import type { Addon, ReaderHandle } from "../../src/rwkv/native/addon.js";
import { maxStepMs, NativeReader } from "../../src/rwkv/native/nativeReader.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const token = 1 as TokenId;

/** A reader with a fake addon, the addon's calls, and the time that each step takes, which tests can change. */
function readerOf({ stepsOnMainThread }: { readonly stepsOnMainThread: boolean }) {
  const calls: string[] = [];
  const stepTime = { ms: 0 };
  const addon = {
    step: () => {
      const endMs = performance.now() + stepTime.ms;
      while (performance.now() < endMs); // like a real step, it blocks the thread
      calls.push("step");
    },
    run: async () => {
      calls.push("run");
      return new Float32Array(8);
    },
  } as unknown as Addon; // has the functions that `feed` calls
  const sizes = { chunkTokens: 64, vocabularySize: 8, stateBytes: 4, packedStateBytes: undefined };
  const reader = new NativeReader(addon, {} as ReaderHandle, { ...sizes, stepsOnMainThread });
  return { reader, calls, stepTime };
}

test("a single token is read on the main thread if the model is fast; everything else on another", async () => {
  for (const stepsOnMainThread of [true, false]) {
    const { reader, calls } = readerOf({ stepsOnMainThread });
    await reader.feed([token], "last", neverCancelled);
    await reader.feed([token, token], "last", neverCancelled);
    await reader.feed([token], "none", neverCancelled);
    assert.deepEqual(calls, [stepsOnMainThread ? "step" : "run", "run", "run"]);
  }
});

test("after a slow step, tokens are read on another thread for a while", async () => {
  const { reader, calls, stepTime } = readerOf({ stepsOnMainThread: true });
  stepTime.ms = 2 * maxStepMs;
  await reader.feed([token], "last", neverCancelled);
  stepTime.ms = 0;
  for (let i = 0; i < 256; i++) await reader.feed([token], "last", neverCancelled);
  await reader.feed([token], "last", neverCancelled);
  assert.deepEqual(calls, ["step", ...Array.from({ length: 256 }, () => "run"), "step"]);
});
