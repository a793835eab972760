import { DocumentCache, type CacheGuess } from "../../src/core/cache/documentCache.js";
import { bucketOf } from "../../src/core/cache/mixture.js";
import type { Mixture } from "../../src/core/calibration.js";
import { distributionOf } from "../../src/core/completion/nextToken.js";
import { OpenDocument } from "../../src/core/document/openDocument.js";
import { emptyBlockHash } from "../../src/core/document/tokenChain.js";
import { neverCancelled, type Model, type TokenId } from "../../src/core/model.js";
import type { Source } from "./sources.js";

/** What model and document gave the token that really came, where the document had a guess. */
export interface Sample {
  readonly length: number;
  readonly places: number;
  readonly entropy: number;
  readonly model: number;
  readonly cache: number;
}

const buckets: Omit<Mixture, "weights"> = {
  lengths: [2, 3, 4, 6, 8, 12, 16],
  places: [1, 2, 4],
  entropies: [0, 0.25, 0.75, 1.5, 2.5, 4],
};

/** Tokens at the start of a document that are not looked at: there is nothing to copy yet. */
const skippedTokens = 64;

/** Reads the start of a document with the right tokens and notes what model and document expected at each. */
export async function samplesOf(model: Model, source: Source, mostTokens: number): Promise<Sample[]> {
  const { tokenizer, prompt } = model;
  const emptyHash = emptyBlockHash(model.id);
  const origin = { uri: source.path, headerPath: source.headerPath };
  const document = new OpenDocument(origin, source.text, { tokenizer, prompt, emptyHash });
  const text = document.tokens;
  const all = text.tokens(0, Math.min(text.tokenCount, mostTokens));
  const reader = model.open();
  const samples: Sample[] = [];
  for (let at = 0; at + 1 < all.length; at += model.chunkTokens) {
    const chunk = all.slice(at, at + model.chunkTokens);
    const rows = await reader.feed(chunk, "all", neverCancelled);
    for (let i = 0; i < chunk.length; i++) {
      const next = at + i + 1;
      const token = all[next];
      if (token === undefined || next < skippedTokens) continue;
      const guess = new DocumentCache(text, lineAround(document, next)).guess(all.slice(Math.max(0, next - 16), next));
      if (guess === undefined) continue;
      const logits = rows.subarray(i * tokenizer.vocabularySize, (i + 1) * tokenizer.vocabularySize);
      samples.push(sampleOf(logits, guess, token));
    }
  }
  reader.dispose();
  return samples;
}

/** The tokens of the line that a token stands in: what is being typed is no source. */
function lineAround({ tokens }: OpenDocument, token: number): { readonly from: number; readonly to: number } {
  const { bytes } = tokens;
  const start = tokens.startOf(token);
  const lineStart = bytes.lastIndexOf(10, Math.max(0, start - 1)) + 1;
  const lineEnd = bytes.indexOf(10, start);
  const to = lineEnd < 0 ? tokens.tokenCount : tokens.tokensEndingBy(lineEnd) + 1;
  return { from: Math.min(token, tokens.tokensEndingBy(lineStart)), to };
}

function sampleOf(logits: Float32Array, guess: CacheGuess, token: TokenId): Sample {
  const { logSum, entropy } = distributionOf(logits, undefined);
  const bucket = bucketOf(buckets, guess, entropy);
  return { ...bucket, model: Math.exp((logits[token] ?? 0) - logSum), cache: guess.shares.get(token) ?? 0 };
}

const rounds = 40;
/** Samples of a bucket that count for the whole's weight: a bucket of few samples stays near it. */
const priorSamples = 30;

/** Weights that make what really came most likely, bucket by bucket, by expectation and maximisation. */
export function fitMixture(samples: readonly Sample[]): Mixture {
  const overall = weightOf(samples, 0.5, 0);
  const weights = buckets.lengths.map((_, length) =>
    buckets.places.map((_, places) =>
      buckets.entropies.map((_, entropy) => {
        const own = samples.filter((one) => one.length === length && one.places === places && one.entropy === entropy);
        return Number(weightOf(own, overall, priorSamples).toFixed(3));
      }),
    ),
  );
  return { ...buckets, weights };
}

function weightOf(samples: readonly Sample[], start: number, prior: number): number {
  let weight = start;
  for (let round = 0; round < rounds; round++) {
    let fromCache = prior * start;
    for (const { model, cache } of samples)
      fromCache += (weight * cache) / (weight * cache + (1 - weight) * model + 1e-12);
    weight = fromCache / Math.max(1, samples.length + prior);
  }
  return weight;
}

/** Bits for each token where the document had a guess: by the model, the document (floored) and the mixture. */
export function bitsOf(
  samples: readonly Sample[],
  mixture: Mixture,
): { readonly model: number; readonly both: number } {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum - Math.log2(of(sample) + 1e-9), 0) / Math.max(1, samples.length);
  const weight = ({ length, places, entropy }: Sample): number => mixture.weights[length]?.[places]?.[entropy] ?? 0;
  return {
    model: mean(({ model }) => model),
    both: mean((sample) => weight(sample) * sample.cache + (1 - weight(sample)) * sample.model),
  };
}
