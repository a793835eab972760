import { DocumentNgrams, maxMatchTokens, type MatchSource } from "../../src/core/decoding/documentNgrams.js";
import { bucketsOf, type ModelProbabilities } from "../../src/core/decoding/mixture.js";
import type { Feature, Mixture } from "../../src/core/calibration.js";
import { distributionOf } from "../../src/core/decoding/distribution.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { type Model, type TokenId } from "../../src/core/model.js";
import type { Source } from "./sources.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** The probabilities that the model and the experts give to an actual token for which there is an n-gram prediction. */
export interface Sample {
  readonly model: number;
  /** Undefined for an expert without a prediction. */
  readonly experts: readonly ({ readonly buckets: Record<Feature, number>; readonly share: number } | undefined)[];
}

export const bounds: Mixture["bounds"] = {
  longest: [1, 2, 3, 4, 6, 8, 12, 16],
  entropy: [0, 0.25, 0.75, 1.5, 2.5, 4],
  agreement: [0, 0.35, 0.65, 0.9, 0.999],
  model: [0, 0.001, 0.01, 0.1, 0.5],
  places: [1, 2, 4, 10, 40],
};

/** Number of tokens to skip at the start of a document. */
const skippedTokens = 64;

/** Reads the start of a document. @returns a sample for each token that is not skipped and has an n-gram prediction. */
export async function samplesOf(
  model: Model,
  source: Source,
  { maxTokens, workspace }: { readonly maxTokens: number; readonly workspace: MatchSource | undefined },
): Promise<Sample[]> {
  const { tokenizer, prompt } = model;
  const emptyHash = emptyBlockHash(model.id);
  const origin = { uri: source.path, headerPath: source.headerPath };
  const document = new OpenDocument(origin, source.text, { tokenizer, prompt, emptyHash });
  const text = document.tokens;
  const all = text.tokens(0, Math.min(text.tokenCount, maxTokens));
  const reader = model.open();
  const samples: Sample[] = [];
  for (let at = 0; at + 1 < all.length; at += model.chunkTokens) {
    const chunk = all.slice(at, at + model.chunkTokens);
    const rows = await reader.feed(chunk, "all", neverCancelled);
    for (let i = 0; i < chunk.length; i++) {
      const next = at + i + 1;
      const token = all[next];
      if (token === undefined || next < skippedTokens) continue;
      const ngrams = new DocumentNgrams(text, lineAround(document, next), [], workspace);
      const logits = rows.subarray(i * tokenizer.vocabularySize, (i + 1) * tokenizer.vocabularySize);
      const sample = sampleOf(logits, ngrams.predict(all.slice(Math.max(0, next - maxMatchTokens), next)), token);
      if (sample !== undefined) samples.push(sample);
    }
  }
  reader.dispose();
  return samples;
}

/**
 * The tokens of the line that contains a token. No n-grams come from that line, because the user would be typing it.
 */
function lineAround({ tokens }: OpenDocument, token: number): { readonly from: number; readonly to: number } {
  const { bytes } = tokens;
  const start = tokens.startOf(token);
  const lineStart = bytes.lastIndexOf(10, Math.max(0, start - 1)) + 1;
  const lineEnd = bytes.indexOf(10, start);
  const to = lineEnd < 0 ? tokens.tokenCount : tokens.tokensEndingBy(lineEnd) + 1;
  return { from: Math.min(token, tokens.tokensEndingBy(lineStart)), to };
}

function sampleOf(
  logits: Float32Array,
  prediction: ReturnType<DocumentNgrams["predict"]>,
  token: TokenId,
): Sample | undefined {
  if (prediction === undefined) return undefined;
  const { logSum, entropy } = distributionOf(logits, undefined);
  const view: ModelProbabilities = { entropy, probability: (one) => Math.exp((logits[one] ?? -Infinity) - logSum) };
  const experts = prediction.experts.map((expert) => {
    const buckets = bucketsOf(bounds, view, expert);
    return buckets && { buckets, share: (expert.weights.get(token) ?? 0) / expert.sum };
  });
  return { model: view.probability(token), experts };
}
