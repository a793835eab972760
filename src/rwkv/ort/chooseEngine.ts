import os from "node:os";
import { neverCancelled, type TokenId } from "../../core/model.js";
import type { Dimensions } from "../architecture.js";
import type { WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/safetensors.js";
import { maxChunkTokens, OrtEngine } from "./engine.js";
import { buildModelGraph } from "./modelGraph.js";
import { loadOnnxruntime } from "./session.js";

export interface EngineChoice {
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  /** "auto": the one that measures faster. */
  readonly weights: WeightFormat | "auto";
  /** 0: as many as measure fastest, up to half of the processors. */
  readonly threads: number;
  readonly onProgress: (fraction: number) => void;
}

/** fp32 weights above this are not even tried: they cost memory that the editor wants, and the time to read them. */
const maxAutoFloatBytes = 128 * 2 ** 20;
/** What another format or thread count must gain: a race within the noise of a machine would fall out at random. */
const neededGain = 1.15;
const longestRunMs = 30;
const leastChunkTokens = 8;

/** Builds and measures engines and keeps the fastest; its runs stay under about 30 ms. */
export async function chooseEngine(choice: EngineChoice): Promise<OrtEngine> {
  const ort = await loadOnnxruntime();
  const { source, dimensions, onProgress } = choice;
  const candidates = candidatesOf(choice);
  const graphs = new Map<WeightFormat, ReturnType<typeof buildModelGraph>>();
  let best: { engine: OrtEngine; ms: number } | undefined;
  for (const [i, { format, threads }] of candidates.entries()) {
    onProgress(i / candidates.length);
    let graph = graphs.get(format);
    if (graph === undefined) {
      graph = buildModelGraph(source, dimensions, format);
      graphs.set(format, graph);
    }
    const engine = await OrtEngine.create({ ort, graph, dimensions, format }, threads);
    const ms = candidates.length === 1 ? 0 : await keystrokeMs(engine);
    if (best === undefined || ms * neededGain < best.ms) {
      await best?.engine.dispose();
      best = { engine, ms };
    } else {
      await engine.dispose();
    }
  }
  if (best === undefined) throw new Error("no engine to choose from");
  best.engine.chunkTokens = await chunkWithin(best.engine, longestRunMs);
  return best.engine;
}

interface Candidate {
  readonly format: WeightFormat;
  readonly threads: number;
}

/** Each format with one thread count, then the other counts: with a fixed format and count there is one candidate. */
function candidatesOf({ weights, threads, dimensions }: EngineChoice): Candidate[] {
  const formats: WeightFormat[] = weights === "auto" ? autoFormats(dimensions) : [weights];
  const counts = threads > 0 ? [threads] : threadCounts(os.availableParallelism());
  return formats.flatMap((format) => counts.map((count) => ({ format, threads: count })));
}

function autoFormats({ layers, width, ffnWidth, vocabularySize }: Dimensions): WeightFormat[] {
  const floatBytes = 4 * (layers * (4 * width ** 2 + 2 * width * ffnWidth) + vocabularySize * width);
  return floatBytes > maxAutoFloatBytes ? ["int8"] : ["fp32", "int8"];
}

/** 1, 2, 4 … up to half of the processors: the other half is the editor's. */
export function threadCounts(processors: number): number[] {
  const counts = [1];
  for (let count = 2; count <= processors / 2; count *= 2) counts.push(count);
  return counts;
}

/** What a key costs: the typed part of a line in one run, and a few tokens decoded. */
async function keystrokeMs(engine: OrtEngine): Promise<number> {
  const [prefill, decode] = [await runMs(engine, 12), await runMs(engine, 1)];
  return prefill + 8 * decode;
}

async function chunkWithin(engine: OrtEngine, mostMs: number): Promise<number> {
  let tokens = maxChunkTokens;
  while (tokens > leastChunkTokens && (await runMs(engine, tokens)) > mostMs) tokens /= 2;
  return tokens;
}

const measuredRuns = 5;

/** The fastest of a few runs: what the machine can do when nothing else disturbs it. */
async function runMs(engine: OrtEngine, tokenCount: number): Promise<number> {
  const token = Math.min(10, engine.vocabularySize - 1) as TokenId; // within the vocabulary
  const tokens = new Array<TokenId>(tokenCount).fill(token);
  const reader = engine.open();
  try {
    let least = Infinity;
    for (let run = 0; run <= measuredRuns; run++) {
      const start = performance.now();
      await reader.feed(tokens, "last", neverCancelled);
      if (run > 0) least = Math.min(least, performance.now() - start); // the first one warms up
    }
    return least;
  } finally {
    reader.dispose();
  }
}
