import { type TokenId } from "../core/model.js";
import type { Engine } from "./engine.js";
import { neverCancelled } from "../shared/cancellation.js";

const maxRunMs = 30;
const minChunkTokens = 8;
/**
 * If a run exceeds its time limit by more than this factor, no more runs are tried: they would be too slow as well.
 */
const hopelessFactor = 1.2;
const measuredRuns = 5;
/** How long each speed is measured, with at least `minRuns` runs. The time is short, because loading waits for it. */
const measuredMs = 20;
const minRuns = 3;

/** A format or thread count replaces the best one so far only if it is faster by this factor. Less may be noise. */
export const minGain = 1.15;

/** 1, 2, 4 and so on, up to half of the processors. The other half is left to the editor. */
export function threadCounts(processors: number): number[] {
  const counts = [1];
  for (let count = 2; count <= processors / 2; count *= 2) counts.push(count);
  return counts;
}

/** Estimated time per keystroke in milliseconds: one run over the line prefix, and a few decoded tokens. */
export async function keystrokeMs(engine: Engine): Promise<number> {
  const [prefill, decode] = [await runMs(engine, 12), await stepMs(engine)];
  return prefill + 8 * decode;
}

/** Time to read a single token in milliseconds. */
export function stepMs(engine: Engine): Promise<number> {
  return runMs(engine, 1);
}

/**
 * The longest chunk of 8, 16, 32 tokens and so on, up to the engine's maximum, that the engine reads within 30 ms; 8
 * tokens if even they take longer. Short chunks are tried first, so a slow model does not have to read long ones.
 */
export async function chunkWithinTime(engine: Engine): Promise<number> {
  let tokens = minChunkTokens;
  while (2 * tokens <= engine.chunkTokens && (await runsWithin(engine, 2 * tokens, maxRunMs))) tokens *= 2;
  return tokens;
}

/** Decoding speed in tokens per second: the fastest of several runs. */
export function tokensPerSecond(engine: Engine): Promise<number> {
  return speedOf(engine, 1);
}

/** Prefill speed in tokens per second: the fastest of several runs over full chunks. */
export function prefillTokensPerSecond(engine: Engine): Promise<number> {
  return speedOf(engine, engine.chunkTokens);
}

/** Tokens per second in runs of `runTokens` tokens. */
async function speedOf(engine: Engine, runTokens: number): Promise<number> {
  const tokens = new Array<TokenId>(runTokens).fill(sampleToken(engine));
  const reader = engine.open();
  try {
    let minMs = Infinity;
    for (let [spent, count] = [0, 0]; spent < measuredMs || count < minRuns; count++) {
      const start = performance.now();
      await reader.feed(tokens, "last", neverCancelled);
      const ms = performance.now() - start;
      spent += ms;
      minMs = Math.min(minMs, ms);
    }
    return (1000 * runTokens) / minMs;
  } finally {
    reader.dispose();
  }
}

/** The time of the fastest of a few runs, in milliseconds. Other programs disturb the fastest run least. */
async function runMs(engine: Engine, tokenCount: number): Promise<number> {
  let minMs = Infinity;
  let isFirst = true; // the first run warms up
  for await (const ms of runs(engine, tokenCount)) {
    if (!isFirst) minMs = Math.min(minMs, ms);
    isFirst = false;
  }
  return minMs;
}

/** True if one of a few runs takes at most `maxMs`. If one takes far longer, no further runs are tried. */
async function runsWithin(engine: Engine, tokenCount: number, maxMs: number): Promise<boolean> {
  let isFirst = true; // the first run warms up
  for await (const ms of runs(engine, tokenCount)) {
    if (ms <= maxMs) return true;
    if (!isFirst && ms > hopelessFactor * maxMs) return false;
    isFirst = false;
  }
  return false;
}

/** Yields the times of a few runs in milliseconds. */
async function* runs(engine: Engine, tokenCount: number): AsyncIterable<number> {
  const tokens = new Array<TokenId>(tokenCount).fill(sampleToken(engine));
  const reader = engine.open();
  try {
    for (let run = 0; run <= measuredRuns; run++) {
      const start = performance.now();
      await reader.feed(tokens, "last", neverCancelled);
      yield performance.now() - start;
    }
  } finally {
    reader.dispose();
  }
}

function sampleToken({ vocabularySize }: Engine): TokenId {
  return Math.min(10, vocabularySize - 1) as TokenId; // less than the vocabulary size
}
