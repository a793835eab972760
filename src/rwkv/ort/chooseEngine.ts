import os from "node:os";
import type { Dimensions } from "../architecture.js";
import { storedFormat, type WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/tensorSource.js";
import { chunkWithinTime, keystrokeMs, minGain, threadCounts } from "../speedMeasurement.js";
import { OrtEngine } from "./ortEngine.js";
import { buildModelGraph } from "./modelGraph.js";
import { loadOnnxruntime } from "./onnxruntime.js";

export interface EngineChoice {
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  /** "auto": the fastest format that `chooseEngine` measures; int4 if the file is int4. */
  readonly weights: WeightFormat | "auto";
  /** Number of threads; 0 to measure several numbers, up to half of the processors, and use the fastest. */
  readonly threads: number;
  readonly onProgress: (fraction: number) => void;
}

/** With "auto", fp32 weights over this size are not tried: they would take much memory and be slow to read. */
const maxAutoFloatBytes = 128 * 2 ** 20;

/**
 * Builds and measures an engine for each candidate, and keeps the fastest one. A candidate replaces the best one so far
 * only if it is faster by `minGain`. Also measures the chunk size of the result.
 */
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
    if (best === undefined || ms * minGain < best.ms) {
      await best?.engine.dispose();
      best = { engine, ms };
    } else {
      await engine.dispose();
    }
  }
  if (best === undefined) throw new Error("no engine to choose from");
  best.engine.chunkTokens = await chunkWithinTime(best.engine);
  return best.engine;
}

interface Candidate {
  readonly format: WeightFormat;
  readonly threads: number;
}

/** All combinations of formats and thread counts. If `choice` fixes both, there is only one. */
function candidatesOf({ source, weights, threads, dimensions }: EngineChoice): Candidate[] {
  const formats: WeightFormat[] = weights === "auto" ? autoFormats(source, dimensions) : [weights];
  const counts = threads > 0 ? [threads] : threadCounts(os.availableParallelism());
  return formats.flatMap((format) => counts.map((count) => ({ format, threads: count })));
}

/** int4 loses too much quality to be chosen automatically, unless the file itself is int4. */
function autoFormats(source: TensorSource, dimensions: Dimensions): WeightFormat[] {
  if (storedFormat(source) === "int4") return ["int4"];
  const { layers, width, ffnWidth, vocabularySize } = dimensions;
  const floatBytes = 4 * (layers * (4 * width ** 2 + 2 * width * ffnWidth) + vocabularySize * width);
  return floatBytes > maxAutoFloatBytes ? ["int8"] : ["fp32", "int8"];
}
