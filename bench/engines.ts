import path from "node:path";
import { parseArgs } from "node:util";
import { neverCancelled, type TokenId } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { detect, type Dimensions } from "../src/rwkv/architecture.js";
import type { Engine } from "../src/rwkv/engine.js";
import { NativeEngine } from "../src/rwkv/native/nativeEngine.js";
import { chooseEngine } from "../src/rwkv/ort/chooseEngine.js";
import type { WeightFormat } from "../src/rwkv/weights/matrices.js";
import { openSafetensors } from "../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { randomModel } from "./randomModel.js";

interface Row {
  readonly engine: string;
  readonly shape: string;
  readonly weights: WeightFormat;
  readonly threads: number;
  readonly decodeMs: number;
  /** Tokens a second, in runs of 16 and of 64. */
  readonly prefill16: number;
  readonly prefill64: number;
}

const rounds = 15;
const embedded = path.join(__dirname, "../../models/default/model.safetensors");

/** Speeds of the engines at several shapes, in turns within one process. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      shapes: { type: "string", default: "embedded,d512,0.1B" },
      weights: { type: "string", default: "int8,fp32" },
      threads: { type: "string", default: "1,2" },
    },
  });
  const rows: Row[] = [];
  for (const shape of values.shapes.split(",")) {
    const source = sourceOf(shape);
    const dimensions = detect(source);
    for (const weights of values.weights.split(",") as WeightFormat[]) {
      const threads = values.threads.split(",").map(Number);
      const own = await rowsOf(shape, { source, dimensions, weights, threads });
      rows.push(...own);
      if (!values.json) own.forEach(show);
    }
  }
  if (values.json) console.log(JSON.stringify({ rows }));
}

interface Case {
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  readonly weights: WeightFormat;
  readonly threads: readonly number[];
}

/** Each engine in turns, round by round, so that a disturbance of the machine meets all of them. */
async function rowsOf(shape: string, { source, dimensions, weights, threads }: Case): Promise<Row[]> {
  const engines: Engine[] = [];
  for (const count of threads) {
    engines.push(await chooseEngine({ source, dimensions, weights, threads: count, onProgress: () => undefined }));
    for (let instructionSet = 1; instructionSet < 4; instructionSet++) {
      const choice = { source, dimensions, weights, instructionSet, threads: count };
      const native = await NativeEngine.create(choice).catch(() => undefined);
      if (native !== undefined) engines.push(native); // a machine has the sets it has
    }
  }
  const times = engines.map(() => ({ 1: [] as number[], 16: [] as number[], 64: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, engine] of engines.entries()) {
      for (const tokens of [1, 16, 64] as const) times[i]![tokens].push(await runMs(engine, tokens, round));
    }
  }
  const rows = engines.map((engine, i) => {
    const median = (tokens: 1 | 16 | 64): number => quantile(times[i]![tokens], 0.5);
    const [decodeMs, prefill16, prefill64] = [median(1), 16_000 / median(16), 64_000 / median(64)];
    return { engine: engine.kind, shape, weights, threads: engine.threads, decodeMs, prefill16, prefill64 };
  });
  for (const engine of engines) await engine.dispose();
  return rows;
}

/** The mean of a few runs from the empty state. */
async function runMs(engine: Engine, count: number, round: number): Promise<number> {
  const reader = engine.open();
  const runs = count === 1 ? 8 : 2;
  const tokens = Array.from({ length: count }, (_, i) => (10 + ((i * 37 + round) % 200)) as TokenId); // within any vocabulary
  const start = performance.now();
  for (let run = 0; run < runs; run++) await reader.feed(tokens, count === 1 ? "last" : "none", neverCancelled);
  const ms = (performance.now() - start) / runs;
  reader.dispose();
  return ms;
}

function sourceOf(shape: string): TensorSource {
  switch (shape) {
    case "embedded":
      return openSafetensors(embedded);
    case "d512":
      return randomModel({ layers: 8, width: 512, vocabularySize: 16_384, ranks: [32, 32, 32, 64] });
    case "0.1B":
      return randomModel({ layers: 12, width: 768, vocabularySize: 65_536, ranks: [64, 64, 32, 128] });
    default:
      throw new Error(`no shape ${shape}: embedded, d512, 0.1B`);
  }
}

function show({ engine, shape, weights, threads, decodeMs, prefill16, prefill64 }: Row): void {
  const decode = `${decodeMs.toFixed(3)} ms a token`;
  const prefill = `prefill ${prefill16.toFixed(0)} and ${prefill64.toFixed(0)} tokens/s in runs of 16 and 64`;
  console.log(`${shape.padEnd(9)} ${weights} ${engine.padEnd(14)} x${threads} ${decode.padStart(18)}, ${prefill}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
