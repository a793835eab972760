import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { randomFrom } from "../src/core/decoding/sampler.js";
import { type TokenId } from "../src/core/model.js";
import { loadWeights } from "../src/rwkv/load.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";
import { ggufFile, ggufTypes, type GgufTypeName } from "../test/support/ggufFile.js";
import { ggufModel } from "../test/support/ggufModel.js";
import { openLlamaCpp, someVocabulary, type Sequence } from "./llamaCpp.js";
import { randomModel } from "./randomModel.js";
import { neverCancelled } from "../src/shared/cancellation.js";

const vocabularySize = 1024;
const prompt = [...Buffer.from("export function add(a: number) {")].map((byte) => (byte + 1) as TokenId);
const greedyTokens = 32;

/**
 * Compares llama.cpp's logits with ours for GGUF files with random weights. If only the embedding has the tested type,
 * both programs compute in fp32 and must agree. If all matrices have it, llama.cpp rounds activations to 8 bits (to
 * fp16 for F16, to bf16 for BF16), but we do not.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "node-llama-cpp": { type: "string" },
      types: { type: "string", default: Object.keys(ggufTypes).join() },
    },
  });
  const folder = values["node-llama-cpp"];
  if (folder === undefined) throw new Error("give the folder of the package node-llama-cpp: --node-llama-cpp DIR");
  const llama = await openLlamaCpp(folder);
  const temporary = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-gguf-"));
  console.log("type  in                  largest difference  of a spread of  same top  greedy alike");
  const types = values.types.split(",").map(typeOf);
  const cases = types.flatMap((type) => [
    { name: `${type.padEnd(6)}embedding`, embedding: type, matrices: "F32" } as const,
    { name: `${type.padEnd(6)}matrices`, embedding: "F32", matrices: type } as const,
  ]);
  try {
    for (const { name, ...written } of cases) {
      const file = path.join(temporary, "model.gguf");
      writeFileSync(file, fileOf(written));
      const model = await llama.loadModel({ modelPath: file, gpuLayers: 0 });
      const context = await model.createContext({ contextSize: 256 });
      const sequence = context.getSequence();
      const theirs = await logitsOf(sequence, prompt);
      const tokens = await greedy(sequence, theirs.at(-1)!);
      console.log(row(name, theirs, await ours(file, tokens)));
      await context.dispose();
      await model.dispose();
    }
  } finally {
    rmSync(temporary, { recursive: true });
    await llama.dispose();
  }
}

function typeOf(name: string): GgufTypeName {
  if (Object.hasOwn(ggufTypes, name)) return name as GgufTypeName; // `ggufTypes` has this key
  throw new Error(`no type ${name}: ${Object.keys(ggufTypes).join()}`);
}

/** A GGUF file of a small RWKV-7. The length of its rows is a multiple of 256, as the K types require. */
function fileOf(types: { readonly embedding: GgufTypeName; readonly matrices: GgufTypeName }): Buffer {
  const source = randomModel({ layers: 2, width: 256, vocabularySize, ranks: [32, 32, 32, 64] });
  const vocabulary = someVocabulary(vocabularySize);
  return ggufFile(ggufModel(distinct(source), { version: 7, headSize: 64, ...vocabulary, ...types }).file);
}

/** Gives each tensor different values, so that swapped matrices would be noticed. */
function distinct(source: TensorSource): TensorSource {
  const readFloats = (name: string): Float32Array => {
    const random = randomFrom(Buffer.from(name).reduce((sum, letter) => Math.imul(sum, 31) + letter, 7));
    const isNorm = /ln.*weight$/.test(name);
    const bound = source.shape(name).length === 2 ? 1.7 / Math.sqrt(source.shape(name)[1]!) : 0.5;
    return source.readFloats(name).map(() => (isNorm ? 1 : 0) + (2 * random() - 1) * bound);
  };
  return { ...source, readFloats };
}

async function logitsOf(sequence: Sequence, tokens: readonly number[]): Promise<Float32Array[]> {
  const results = await sequence.controlledEvaluate(tokens.map((token) => [token, { generateNext: { logits: true } }]));
  return results.map(({ next }) =>
    Float32Array.from({ length: vocabularySize }, (_, token) => next.logits.get(token)!),
  );
}

async function greedy(sequence: Sequence, first: Float32Array): Promise<TokenId[]> {
  const tokens = [top(first)];
  while (tokens.length < greedyTokens) tokens.push(top((await logitsOf(sequence, tokens.slice(-1))).at(-1)!));
  return tokens;
}

interface Ours {
  /** Our logits after each token of the prompt. */
  readonly logits: readonly Float32Array[];
  /** Number of llama.cpp's greedy tokens that we also choose before the first difference. */
  readonly greedyAlike: number;
}

async function ours(file: string, theirs: readonly TokenId[]): Promise<Ours> {
  const { engine } = await loadWeights(file, "fp32", 1, "auto");
  const reader = engine.open();
  const all = (await reader.feed(prompt, "all", neverCancelled)).slice();
  const logits = prompt.map((_, i) => all.subarray(i * vocabularySize, (i + 1) * vocabularySize));
  let next = top(logits.at(-1)!);
  let greedyAlike = 0;
  while (greedyAlike < theirs.length && next === theirs[greedyAlike]) {
    greedyAlike++;
    next = top(await reader.feed([next], "last", neverCancelled));
  }
  reader.dispose();
  await engine.dispose();
  return { logits, greedyAlike };
}

function row(name: string, theirs: readonly Float32Array[], { logits, greedyAlike }: Ours): string {
  let difference = 0;
  let squares = 0;
  let same = 0;
  theirs.forEach((expected, i) => {
    const own = logits[i]!;
    expected.forEach((one, token) => {
      difference = Math.max(difference, Math.abs(one - own[token]!));
      squares += one * one;
    });
    if (top(expected) === top(own)) same++;
  });
  const spread = Math.sqrt(squares / (theirs.length * vocabularySize));
  const parts = [difference.toExponential(1).padStart(18), spread.toFixed(2).padStart(14)];
  return `${name.padEnd(24)}${parts.join("  ")}  ${`${same}/${theirs.length}`.padStart(8)}  ${greedyAlike}/${greedyTokens}`;
}

function top(logits: ArrayLike<number>): TokenId {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best as TokenId;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
