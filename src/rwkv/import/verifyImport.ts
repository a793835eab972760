import os from "node:os";
import { tokenise } from "../../core/completion/healing.js";
import type { CancellationToken, TokenId } from "../../core/model.js";
import { detect, type Dimensions } from "../architecture.js";
import { loadWeights } from "../load.js";
import { findModel, tokenizerOf } from "../modelFolder.js";
import type { WeightFormat } from "../weights/matrices.js";
import { openWeights } from "../weights/openWeights.js";

/** How an imported model compares with its source. */
export type Verification =
  | {
      readonly kind: "compared";
      readonly tokens: number;
      /** The largest between two logits. */
      readonly maxDifference: number;
      /** After how many of the tokens both have the same one as likeliest. */
      readonly agreeing: number;
    }
  /** The source's weights, unquantised, would not fit into memory. */
  | { readonly kind: "tooLarge"; readonly neededBytes: number };

const maxTokens = 48;
const text = `// The sum of two numbers.
export function add(a: number, b: number): number {
  return a + b;
}

def add(a, b):
    return a + b
`;
/** Weights as read and as packed: both are there while an engine is made. */
const copies = 2.5;

/** Reads some tokens with an imported folder as it runs, and with the source's weights in fp32. @throws ModelError, Cancelled */
export async function verifyImport(
  source: string,
  folder: string,
  cancellation: CancellationToken,
): Promise<Verification> {
  const dimensions = detect(openWeights(source));
  const neededBytes = copies * floatBytes(dimensions);
  if (neededBytes > os.freemem()) return { kind: "tooLarge", neededBytes };
  const { tokens, format } = whatToRead(folder, dimensions);
  const imported = await logitsOf(folder, format, { tokens, cancellation });
  const expected = await logitsOf(source, "fp32", { tokens, cancellation });
  let maxDifference = 0;
  for (let i = 0; i < expected.length; i++) {
    maxDifference = Math.max(maxDifference, Math.abs((imported[i] ?? 0) - (expected[i] ?? 0)));
  }
  const row = (logits: Float32Array, i: number): Float32Array =>
    logits.subarray(i * dimensions.vocabularySize, (i + 1) * dimensions.vocabularySize);
  const agreeing = tokens.filter((_, i) => top(row(imported, i)) === top(row(expected, i))).length;
  return { kind: "compared", tokens: tokens.length, maxDifference, agreeing };
}

/** At most six matrices of a block are width × width: four of each time-mix, a gate, the receptance of a channel-mix. */
function floatBytes({ layers, width, ffnWidth, vocabularySize }: Dimensions): number {
  return 4 * (layers * (6 * width ** 2 + 2 * width * ffnWidth) + 2 * vocabularySize * width);
}

function whatToRead(
  folder: string,
  { vocabularySize }: Dimensions,
): { readonly tokens: readonly TokenId[]; readonly format: WeightFormat } {
  const files = findModel(folder);
  if (files.kind === "file") throw new Error(`${folder} is a file`);
  const tokenizer = tokenizerOf(folder, files.json, vocabularySize);
  const bytes = Buffer.from(text);
  const tokens = tokenise(tokenizer, bytes, 0, bytes.length).slice(0, maxTokens);
  return { tokens, format: files.json.weights === "auto" ? "fp32" : files.json.weights };
}

interface Passage {
  readonly tokens: readonly TokenId[];
  readonly cancellation: CancellationToken;
}

/** The logits after each token, [tokens, vocabularySize]. */
async function logitsOf(place: string, format: WeightFormat, { tokens, cancellation }: Passage): Promise<Float32Array> {
  const { engine } = await loadWeights(place, format, 1, "auto");
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
