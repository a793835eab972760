import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { TokenId } from "../../src/core/model.js";
import type { Engine } from "../../src/rwkv/engine.js";
import {
  chunkWithinTime,
  keystrokeMs,
  prefillTokensPerSecond,
  threadCounts,
  tokensPerSecond,
} from "../../src/rwkv/speedMeasurement.js";

interface Measured {
  readonly engine: Engine;
  /** The number of tokens of each run, in order. */
  readonly runs: number[];
  /** The number of readers that were not disposed. */
  readonly openReaders: () => number;
}

interface EngineOptions {
  /** How many milliseconds a run takes. `count` is the number of earlier runs with as many tokens. */
  readonly ms: (tokens: number, count: number) => number;
  readonly chunkTokens?: number;
}

function measured(t: TestContext, { ms, chunkTokens = 256 }: EngineOptions): Measured {
  let [nowMs, open] = [0, 0];
  t.mock.method(performance, "now", () => nowMs);
  const runs: number[] = [];
  const vocabularySize = 4;
  const reader = {
    feed: async (tokens: readonly TokenId[]): Promise<Float32Array> => {
      assert.ok(tokens.every((token) => token < vocabularySize));
      nowMs += ms(tokens.length, runs.filter((length) => length === tokens.length).length);
      runs.push(tokens.length);
      return new Float32Array(vocabularySize);
    },
    dispose: () => open--,
  };
  const engine = { vocabularySize, chunkTokens, open: () => (open++, reader) };
  return { engine: engine as unknown as Engine, runs, openReaders: () => open }; // has all members that are used
}

test("powers of two up to half of the processors are tried", () => {
  assert.deepEqual([1, 2, 4, 8, 12, 16].map(threadCounts), [[1], [1], [1, 2], [1, 2, 4], [1, 2, 4], [1, 2, 4, 8]]);
});

test("a keystroke is a run over twelve tokens and eight over one, each as fast as the fastest after the first", async (t) => {
  const times = { 12: [10, 35, 31, 40, 33, 38], 1: [1, 5, 4, 3, 9, 9] };
  const { engine, runs, openReaders } = measured(t, { ms: (tokens, count) => times[tokens as 1 | 12][count]! });
  assert.equal(await keystrokeMs(engine), 31 + 8 * 3);
  assert.deepEqual([runs.length, openReaders()], [12, 0]);
});

for (const [claim, options, chunk, tried] of [
  ["the longest chunk within 30 ms", { ms: (tokens) => 0.6 * tokens }, 32, [16, 32, 64, 64]],
  ["one that takes exactly 30 ms", { ms: (tokens) => (30 / 64) * tokens }, 64, [16, 32, 64, 128, 128]],
  [
    "none that takes half a millisecond more",
    { ms: (tokens) => (30.5 / 64) * tokens },
    32,
    [16, 32, ...Array<number>(6).fill(64)],
  ],
  ["the engine's longest chunk", { ms: () => 1, chunkTokens: 64 }, 64, [16, 32, 64]],
  ["no longer chunk than the engine's", { ms: () => 1, chunkTokens: 63 }, 32, [16, 32]],
  ["the shortest chunk of a slow model", { ms: () => 99 }, 8, [16, 16]],
  [
    "a chunk whose first run alone is slow",
    { ms: (tokens, count) => (count === 0 || tokens > 16 ? 99 : 9) },
    16,
    [16, 16, 32, 32],
  ],
  [
    "a slightly longer one only if a run is fast enough",
    { ms: (tokens) => (tokens < 32 ? 9 : 36) },
    16,
    [16, ...Array<number>(6).fill(32)],
  ],
  [
    "one whose last run is fast enough",
    { ms: (tokens, count) => (tokens < 32 || count === 5 ? 9 : 36), chunkTokens: 32 },
    32,
    [16, ...Array<number>(6).fill(32)],
  ],
] as const satisfies readonly (readonly [string, EngineOptions, number, readonly number[]])[]) {
  test(`the chosen chunk is ${claim}`, async (t) => {
    const { engine, runs, openReaders } = measured(t, options);
    assert.equal(await chunkWithinTime(engine), chunk);
    assert.deepEqual([runs, openReaders()], [tried, 0]);
  });
}

test("a speed is that of the fastest run, measured for 20 ms and in at least three runs", async (t) => {
  const fast = measured(t, { ms: (_, count) => (count === 2 ? 4 : 5) });
  assert.equal(await tokensPerSecond(fast.engine), 250);
  assert.deepEqual([fast.runs, fast.openReaders()], [[1, 1, 1, 1, 1], 0]);
  const even = measured(t, { ms: () => 5 });
  assert.equal(await tokensPerSecond(even.engine), 200);
  assert.deepEqual(even.runs, [1, 1, 1, 1]);
  const slow = measured(t, { ms: (tokens) => tokens / 2, chunkTokens: 64 });
  assert.equal(await prefillTokensPerSecond(slow.engine), 2000);
  assert.deepEqual(slow.runs, [64, 64, 64]);
});
