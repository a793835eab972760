import type { EngineName } from "../../src/rwkv/engine.js";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Model, PromptFormat, TokenId } from "../../src/core/model.js";
import { loadWeights } from "../../src/rwkv/load.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";

/** A prompt from a fixture's expected.json, and the results that the model must compute for it. */
export interface ExpectedPrompt {
  readonly length: number;
  readonly tokens: readonly TokenId[];
  readonly logits: readonly number[];
  readonly greedy: readonly TokenId[];
  readonly greedyMargin: number;
}

export interface Expected {
  readonly prompts: readonly ExpectedPrompt[];
  /** Full states after 17 and 300 tokens, and the logits at each of 17 positions. */
  readonly tensors: TensorSource;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the expected values from a fixture's folder. */
export function readExpected(folder: string, name = "expected.json"): Expected {
  const { prompts } = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { prompts: Json[] };
  return {
    prompts: prompts.map((prompt) => ({
      length: prompt["length"] as number,
      tokens: prompt["tokens"] as TokenId[],
      logits: prompt["logits"] as number[],
      greedy: prompt["greedy32"] as TokenId[],
      greedyMargin: prompt["greedy_min_margin"] as number,
    })),
    tensors: openSafetensors(path.join(folder, "expected.safetensors")),
  };
}

const plain: PromptFormat = {
  form: "prefix",
  endOfDocument: undefined,
  header: undefined,
  suffix: undefined,
  middle: undefined,
  endOfMiddle: undefined,
  textSentinels: undefined,
};

/** Loads a fixture as a complete `Model`, in which each byte is a token. */
export async function fixtureModel(folder: string, engineName?: EngineName): Promise<Model> {
  const { engine } = await loadWeights(path.join(folder, "model.safetensors"), "fp32", 1, engineName);
  return {
    id: folder,
    name: path.basename(folder),
    engine: engine.toString(),
    tokenizer: bytesTokenizer([]),
    prompt: plain,
    chat: "none",
    calibration: undefined,
    notes: [],
    stateBytes: engine.stateBytes,
    packedStateBytes: engine.packedStateBytes,
    chunkTokens: engine.chunkTokens,
    tokensPerSecond: 1000,
    prefillTokensPerSecond: 10_000,
    open: (from) => engine.open(from),
    pack: (state) => engine.pack(state),
    dispose: () => engine.dispose(),
  };
}
