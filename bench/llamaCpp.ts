import path from "node:path";
import { pathToFileURL } from "node:url";
import type { TokenId } from "../src/core/model.js";

/**
 * The part of node-llama-cpp that the benchmarks use. The package is not a dependency; an option names its folder.
 */
export interface LlamaCpp {
  loadModel(options: { modelPath: string; gpuLayers: 0 }): Promise<LlamaModel>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  createContext(options: { contextSize: number; batchSize?: number; threads?: number }): Promise<LlamaContext>;
  dispose(): Promise<void>;
}

export interface LlamaContext {
  /** A checkpoint is taken every `interval` tokens. Once there are `max`, new ones replace old ones. */
  getSequence(options?: {
    checkpoints: { readonly max: number; readonly interval: number; readonly maxMemory: number };
  }): Sequence;
  dispose(): Promise<void>;
}

export interface Sequence {
  readonly nextTokenIndex: number;
  readonly tokenMeter: { readonly usedInputTokens: number };
  /** Keeps the longest common prefix of the sequence and the given tokens; erases the rest of the sequence. */
  adaptStateToTokens(tokens: readonly TokenId[], allowShift: boolean): Promise<void>;
  takeCheckpoint(): Promise<void>;
  clearHistory(): Promise<void>;
  /** Reads the tokens and then decodes one token for each step of the generator. */
  evaluate(tokens: readonly TokenId[], options: { temperature: 0 }): AsyncGenerator<number>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly TokenId[]): Promise<void>;
  controlledEvaluate(
    input: readonly (readonly [number, { generateNext: { logits: true } }])[],
  ): Promise<readonly { readonly next: { readonly logits: ReadonlyMap<number, number> } }[]>;
}

/** Loads node-llama-cpp. @param folder the folder of the package. */
export async function openLlamaCpp(folder: string): Promise<LlamaCpp> {
  const entry = pathToFileURL(path.join(folder, "dist/index.js")).href;
  const { getLlama } = (await import(entry)) as {
    getLlama: (options: { gpu: false; build: "never"; logLevel: "error" }) => Promise<LlamaCpp>;
  };
  return getLlama({ gpu: false, build: "never", logLevel: "error" });
}

/** A vocabulary that llama.cpp accepts, with as many tokens as the model has. */
export function someVocabulary(count: number): { readonly tokens: string[]; readonly kinds: number[] } {
  const bytes = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
  const others = Array.from({ length: count - 257 }, (_, i) => `word${i}`);
  return { tokens: ["<s>", ...bytes, ...others], kinds: [3, ...Array<number>(count - 1).fill(1)] };
}
