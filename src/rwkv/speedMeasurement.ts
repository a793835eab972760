import { type TokenId } from "../core/model.js";
import type { Engine } from "./engine.js";
import { neverCancelled } from "../shared/cancellation.js";

const maxRunMs = 30;
const minChunkTokens = 8;
const hopelessFactor = 1.2;
const measuredRuns = 5;
/** Loading waits for each measurement of a speed: it ends with the run in which this is over. */
const measuredMs = 20;

/** What another format or thread count must gain: a race within the noise of a machine would fall out at random. */
export const minGain = 1.15;

/** 1, 2, 4 … up to half of the processors: the other half is the editor's. */
export function threadCounts(processors: number): number[] {
  const counts = [1];
  for (let count = 2; count <= processors / 2; count *= 2) counts.push(count);
  return counts;
}

/** What a key costs: the typed part of a line in one run, and a few tokens decoded. */
export async function keystrokeMs(engine: Engine): Promise<number> {
  const [prefill, decode] = [await runMs(engine, 12), await runMs(engine, 1)];
  return prefill + 8 * decode;
}

/**
 * The longest chunk, of at most what the engine allows, that is read within 30 ms. Told from the shortest on: a large
 * model is not made to read the long ones.
 */
export async function chunkWithinTime(engine: Engine): Promise<number> {
  let tokens = minChunkTokens;
  while (2 * tokens <= engine.chunkTokens && (await runsWithin(engine, 2 * tokens, maxRunMs))) tokens *= 2;
  return tokens;
}

/** How many tokens a second are decoded, told from the fastest of some runs. */
export function tokensPerSecond(engine: Engine): Promise<number> {
  return speedOf(engine, 1);
}

/** How many tokens a second are read in whole chunks, from the fastest of some runs. */
export function prefillTokensPerSecond(engine: Engine): Promise<number> {
  return speedOf(engine, engine.chunkTokens);
}

/** Tokens a second in runs of so many tokens. */
async function speedOf(engine: Engine, runTokens: number): Promise<number> {
  const tokens = new Array<TokenId>(runTokens).fill(sampleToken(engine));
  const reader = engine.open();
  try {
    let minMs = Infinity;
    for (let spent = 0; spent < measuredMs;) {
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

/** The fastest of a few runs: what the machine can do when nothing else disturbs it. */
async function runMs(engine: Engine, tokenCount: number): Promise<number> {
  let minMs = Infinity;
  let isFirst = true; // it warms up
  for await (const ms of runs(engine, tokenCount)) {
    if (!isFirst) minMs = Math.min(minMs, ms);
    isFirst = false;
  }
  return minMs;
}

/** Whether one of a few runs stays within a time; where one takes far longer, the others are not waited for. */
async function runsWithin(engine: Engine, tokenCount: number, maxMs: number): Promise<boolean> {
  let isFirst = true; // it warms up
  for await (const ms of runs(engine, tokenCount)) {
    if (ms <= maxMs) return true;
    if (!isFirst && ms > hopelessFactor * maxMs) return false;
    isFirst = false;
  }
  return false;
}

/** What each of a few runs takes, in ms. */
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
  return Math.min(10, vocabularySize - 1) as TokenId; // within the vocabulary
}
