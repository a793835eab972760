import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { TokenId } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { detectDimensions, type Dimensions } from "../src/rwkv/architecture.js";
import { NativeEngine } from "../src/rwkv/native/nativeEngine.js";
import { chooseEngine } from "../src/rwkv/ort/chooseEngine.js";
import type { WeightFormat } from "../src/rwkv/weights/matrices.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { Bandwidth, bytesOfToken } from "./bandwidth.js";
import { openLlamaCpp, type LlamaCpp } from "./llamaCpp.js";
import { sourceOf } from "./shapes.js";
import { engineSubject, llamaSubject, type Subject } from "./subjects.js";

interface Row {
  readonly engine: string;
  readonly shape: string;
  readonly weights: WeightFormat;
  readonly threads: number;
  readonly decodeMs: number;
  /** Tokens per second, in runs of 16 tokens and of 64 tokens. */
  readonly prefill16: number;
  readonly prefill64: number;
  /** Time to read the weights once at the bandwidth measured between the rounds; null if none was measured. */
  readonly boundMs: number | null;
}

/** Pause before an engine is measured, because the threads of the previous engine keep spinning for a while. */
const restMs = 50;
const root = path.join(__dirname, "../..");

/**
 * Compares the engines' speeds for several model shapes with one another and with the bound, the decoding speed that
 * the memory bandwidth allows. The engines take turns in one process.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      shapes: { type: "string", default: "embedded,d512,0.1B" },
      weights: { type: "string", default: "int8,fp32" },
      threads: { type: "string", default: "1,2" },
      rounds: { type: "string", default: "15" },
      "node-llama-cpp": { type: "string" },
      best: { type: "boolean", default: false }, // measures only the best instruction set of our engine
    },
  });
  const bandwidth = Bandwidth.compiled(root);
  const llamaFolder = values["node-llama-cpp"];
  const llama = llamaFolder === undefined ? undefined : await openLlamaCpp(path.resolve(llamaFolder));
  const rows: Row[] = [];
  const readGBs: Record<string, number> = {};
  for (const shape of values.shapes.split(",")) {
    const source = sourceOf(shape);
    const dimensions = detectDimensions(source);
    for (const weights of values.weights.split(",") as WeightFormat[]) {
      const threads = values.threads.split(",").map(Number);
      const choice = { rounds: Number(values.rounds), isBestAlone: values.best };
      const each = { shape, source, dimensions, weights, threads, llama, bandwidth, ...choice };
      const { rows: own, read } = await measured(each);
      rows.push(...own);
      for (const [count, rate] of read) readGBs[`${shape} ${weights} x${count}`] = rate;
      if (!values.json) own.forEach(show);
    }
  }
  if (values.json) console.log(JSON.stringify({ rows, readGBs }));
  bandwidth?.dispose();
  await llama?.dispose();
}

interface Case {
  readonly shape: string;
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  readonly weights: WeightFormat;
  readonly threads: readonly number[];
  readonly llama: LlamaCpp | undefined;
  readonly bandwidth: Bandwidth | undefined;
  readonly rounds: number;
  readonly isBestAlone: boolean;
}

interface Times {
  readonly decode: number[];
  readonly prefill16: number[];
  readonly prefill64: number[];
}

/** Measures the engines and the bandwidth alternately, so that other load on the machine affects them all equally. */
async function measured(each: Case): Promise<{ rows: Row[]; read: Map<number, number> }> {
  const { shape, weights, threads, bandwidth, rounds } = each;
  const subjects = await subjectsOf(each);
  const times = subjects.map((): Times => ({ decode: [], prefill16: [], prefill64: [] }));
  const bytes = bytesOfToken(each.source, each.dimensions, weights);
  const rates = new Map(threads.map((count) => [count, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [i, subject] of subjects.entries()) {
      await setTimeout(restMs);
      await subject.decodeMs();
      times[i]!.decode.push(await subject.decodeMs());
      times[i]!.prefill16.push(await subject.prefillMs(someTokens(16, round)));
      times[i]!.prefill64.push(await subject.prefillMs(someTokens(64, round)));
    }
    if (round % 5 !== 0 || bandwidth === undefined) continue;
    for (const count of threads) rates.get(count)!.push(bandwidth.measure(bytes, count));
  }
  const read = new Map([...rates].map(([count, found]) => [count, quantile(found, 0.5)]));
  const rows = subjects.map(({ name, threads: count }, i): Row => {
    const { decode, prefill16, prefill64 } = times[i]!;
    const speeds = { prefill16: 16_000 / quantile(prefill16, 0.5), prefill64: 64_000 / quantile(prefill64, 0.5) };
    const rate = bandwidth === undefined ? undefined : read.get(count);
    const boundMs = rate === undefined ? null : bytes / rate / 1e6;
    return { engine: name, shape, weights, threads: count, decodeMs: quantile(decode, 0.5), ...speeds, boundMs };
  });
  for (const subject of subjects) await subject.dispose();
  return { rows, read };
}

async function subjectsOf({ source, dimensions, weights, threads, llama, isBestAlone }: Case): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const count of threads) {
    const choice = { source, dimensions, weights, threads: count };
    subjects.push(engineSubject(await chooseEngine({ ...choice, onProgress: () => undefined })));
    for (const set of isBestAlone ? [{}] : [1, 2, 3].map((instructionSet) => ({ instructionSet }))) {
      const native = await NativeEngine.create({ ...choice, ...set }).catch(() => undefined);
      if (native !== undefined) subjects.push(engineSubject(native)); // undefined if the machine lacks the instructions
    }
    if (llama !== undefined) subjects.push(await llamaSubject(llama, choice));
  }
  return subjects;
}

function someTokens(count: number, round: number): TokenId[] {
  return Array.from({ length: count }, (_, i) => (10 + ((i * 37 + round) % 200)) as TokenId); // valid in any vocabulary
}

function show({ engine, shape, weights, threads, decodeMs, prefill16, prefill64, boundMs }: Row): void {
  const decode = `${decodeMs.toFixed(3)} ms a token`;
  const bound = boundMs === null ? "" : `, ${(boundMs / decodeMs).toFixed(2)} of the bound (${boundMs.toFixed(2)} ms)`;
  const prefill = `prefill ${prefill16.toFixed(0)} and ${prefill64.toFixed(0)} tokens/s in runs of 16 and 64`;
  console.log(
    `${shape.padEnd(9)} ${weights} ${engine.padEnd(14)} x${threads} ${decode.padStart(18)}${bound}, ${prefill}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
