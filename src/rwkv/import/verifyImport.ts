import os from "node:os";
import { tokenize } from "../../core/tokens/healing.js";
import { type TokenId } from "../../core/model.js";
import { detectDimensions, type Dimensions } from "../architecture.js";
import { loadWeights } from "../load.js";
import { checkHashes, findModel, tokenizerOf } from "../modelFolder.js";
import type { WeightFormat } from "../weights/matrices.js";
import { openWeights } from "../weights/openWeights.js";
import { Cancelled, type CancellationToken } from "../../shared/cancellation.js";

/** The result of comparing an imported model with its source. */
export type Verification =
  | {
      readonly kind: "compared";
      readonly tokens: number;
      /** The largest difference between the two models' logits for the same token. */
      readonly maxDifference: number;
      /** The number of positions at which both models rank the same next token highest. */
      readonly agreeing: number;
    }
  /** Logits are NaN or infinite, so the model is unusable. */
  | { readonly kind: "notFinite"; readonly reason: string }
  /** The source's weights do not fit into memory in fp32. */
  | { readonly kind: "tooLarge"; readonly neededBytes: number }
  /** One of the two models could not be run, for example because the available engine has a size limit. */
  | { readonly kind: "failed"; readonly reason: string };

const maxTokens = 48;
const text = `// The sum of two numbers.
export function add(a: number, b: number): number {
  return a + b;
}

def add(a, b):
    return a + b
`;
/**
 * The memory that is needed, as a multiple of the weights' size. While an engine is created, the weights may be in
 * memory twice; half of their size is left to other programs.
 */
const memoryFactor = 2.5;

/**
 * Compares the logits of an imported model with those of its source in fp32, over a few dozen tokens. If they cannot be
 * compared ("tooLarge", "failed"), the import may still be correct.
 * @throws ModelError if a file of the folder has changed since the import; Cancelled.
 */
export async function verifyImport(
  source: string,
  folder: string,
  cancellation: CancellationToken,
): Promise<Verification> {
  const dimensions = detectDimensions(openWeights(source));
  const neededBytes = memoryFactor * floatBytes(dimensions);
  if (neededBytes > freeBytes()) return { kind: "tooLarge", neededBytes };
  const { weights, format, tokens } = await verificationInput(folder, dimensions);
  try {
    // The source needs more memory, so it runs first: if memory is too small, this is found out sooner.
    const expected = await logitsOf(source, "fp32", { tokens, cancellation });
    const reason = "its logits are NaN or infinite, so its weights are damaged; download it again";
    if (!expected.every(Number.isFinite)) return { kind: "notFinite", reason: `${source}: ${reason}` };
    const imported = await logitsOf(weights, format, { tokens, cancellation });
    if (!imported.every(Number.isFinite)) {
      const problem = `its logits are NaN or infinite after the import as ${format}; choose another format`;
      return { kind: "notFinite", reason: `${source}: ${problem}` };
    }
    return { kind: "compared", tokens: tokens.length, ...differences(imported, expected, dimensions.vocabularySize) };
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

type Differences = Pick<Extract<Verification, { readonly kind: "compared" }>, "maxDifference" | "agreeing">;

function differences(imported: Float32Array, expected: Float32Array, vocabularySize: number): Differences {
  let maxDifference = 0;
  for (let i = 0; i < expected.length; i++) {
    maxDifference = Math.max(maxDifference, Math.abs((imported[i] ?? 0) - (expected[i] ?? 0)));
  }
  let agreeing = 0;
  for (let at = 0; at < expected.length; at += vocabularySize) {
    const row = (logits: Float32Array): Float32Array => logits.subarray(at, at + vocabularySize);
    if (top(row(imported)) === top(row(expected))) agreeing++;
  }
  return { maxDifference, agreeing };
}

/** Free memory in bytes. Respects a container's limit since Node 20.13. */
function freeBytes(): number {
  return Math.min(os.freemem(), "availableMemory" in process ? process.availableMemory() : Infinity);
}

/** Estimated size in fp32. A block has at most six matrices of width × width: five in time-mix, one in channel-mix. */
function floatBytes({ layers, width, ffnWidth, vocabularySize }: Dimensions): number {
  return 4 * (layers * (6 * width ** 2 + 2 * width * ffnWidth) + 2 * vocabularySize * width);
}

interface VerificationInput {
  readonly weights: string;
  readonly format: WeightFormat;
  readonly tokens: readonly TokenId[];
}

async function verificationInput(folder: string, { vocabularySize }: Dimensions): Promise<VerificationInput> {
  const files = findModel(folder);
  if (files.kind === "file") throw new Error(`${folder} is a file`);
  await checkHashes(folder, files.json);
  const tokenizer = tokenizerOf(folder, files.json, vocabularySize);
  const bytes = Buffer.from(text);
  const tokens = tokenize(tokenizer, bytes, 0, bytes.length).slice(0, maxTokens);
  const { weights } = files.json;
  return { weights: files.weights, format: weights === "auto" ? "fp32" : weights, tokens };
}

interface Passage {
  readonly tokens: readonly TokenId[];
  readonly cancellation: CancellationToken;
}

/** The logits after each token, [tokens, vocabularySize]. */
async function logitsOf(file: string, format: WeightFormat, { tokens, cancellation }: Passage): Promise<Float32Array> {
  const { engine } = await loadWeights(file, format, 1, "auto");
  const reader = engine.open();
  try {
    return (await reader.feed(tokens, "all", cancellation)).slice();
  } finally {
    reader.dispose();
    await engine.dispose();
  }
}

function top(logits: Float32Array): number {
  return logits.indexOf(logits.reduce((a, b) => Math.max(a, b), -Infinity));
}
