import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TokenId } from "../src/core/model.js";
import type { Dimensions } from "../src/rwkv/architecture.js";
import type { Engine } from "../src/rwkv/engine.js";
import type { WeightFormat } from "../src/rwkv/weights/matrices.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { ggufFile, type GgufTypeName } from "../test/support/ggufFile.js";
import { ggufModel } from "../test/support/ggufModel.js";
import { someVocabulary, type LlamaCpp } from "./llamaCpp.js";
import { randomModel } from "./randomModel.js";
import { neverCancelled } from "../src/shared/cancellation.js";

/** An engine to be measured, with a model loaded. */
export interface Subject {
  readonly name: string;
  readonly threads: number;
  /** Mean milliseconds to decode one token. */
  decodeMs(): Promise<number>;
  /** Milliseconds to read tokens in one run, from the empty state and without logits. */
  prefillMs(tokens: readonly TokenId[]): Promise<number>;
  dispose(): Promise<void>;
}

const decodedTokens = 8;
const first = 10 as TokenId; // valid in any vocabulary

export function engineSubject(engine: Engine): Subject {
  return {
    name: engine.kind,
    threads: engine.threads,
    decodeMs: async () => {
      const reader = engine.open();
      const ms = await meanMs(decodedTokens, () => reader.feed([first], "last", neverCancelled));
      reader.dispose();
      return ms;
    },
    prefillMs: async (tokens) => {
      const reader = engine.open();
      const ms = await meanMs(1, () => reader.feed(tokens, "none", neverCancelled));
      reader.dispose();
      return ms;
    },
    dispose: () => engine.dispose(),
  };
}

const ggufTypeOf: Readonly<Record<WeightFormat, GgufTypeName>> = { fp32: "F32", int8: "Q8_0", int4: "Q4_0" };

export interface LlamaChoice {
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  readonly weights: WeightFormat;
  readonly threads: number;
}

/** Loads random weights of the same shape into llama.cpp, through a temporary GGUF file. */
export async function llamaSubject(llama: LlamaCpp, choice: LlamaChoice): Promise<Subject> {
  const { dimensions, weights, threads } = choice;
  const source = randomModel({ ...dimensions, ranks: ranksOf(choice.source) });
  const folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-llama-"));
  const modelPath = path.join(folder, "model.gguf");
  const vocabulary = someVocabulary(dimensions.vocabularySize);
  const written = { version: 7, headSize: dimensions.headSize, matrices: ggufTypeOf[weights], ...vocabulary } as const;
  writeFileSync(modelPath, ggufFile(ggufModel(source, written).file));
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
  const context = await model.createContext({ contextSize: 256, batchSize: 128, threads });
  const sequence = context.getSequence();
  return {
    name: "llama.cpp",
    threads,
    decodeMs: async () => {
      await sequence.clearHistory();
      const generated = sequence.evaluate([first], { temperature: 0 });
      const ms = await meanMs(decodedTokens, () => generated.next());
      await generated.return(undefined);
      return ms;
    },
    prefillMs: async (tokens) => {
      await sequence.clearHistory();
      return meanMs(1, () => sequence.evaluateWithoutGeneratingNewTokens(tokens));
    },
    dispose: async () => {
      await context.dispose();
      await model.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}

function ranksOf(source: TensorSource): [number, number, number, number] {
  const rank = (letter: string): number => source.shape(`blocks.1.att.${letter}1`)[1] ?? 0;
  return [rank("w"), rank("a"), rank("v"), rank("g")];
}

async function meanMs(runs: number, run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < runs; i++) await run();
  return (performance.now() - start) / runs;
}
