import { type TokenId, type Want } from "../core/model.js";
import { throwIfCancelled, type CancellationToken } from "../shared/cancellation.js";

/** Reads one chunk with an engine. @returns the logits that `want` selects. */
export type RunChunk = (tokens: readonly TokenId[], want: Want) => Promise<Float32Array>;

export interface FeedSizes {
  readonly chunkTokens: number;
  readonly vocabularySize: number;
}

/** Implements `Reader.feed` with runs of at most `chunkTokens`. @throws RangeError for invalid tokens; Cancelled */
export async function feedInChunks(
  tokens: readonly TokenId[],
  want: Want,
  { chunkTokens, vocabularySize, cancellation }: FeedSizes & { readonly cancellation: CancellationToken },
  run: RunChunk,
): Promise<Float32Array> {
  checkTokens(tokens, vocabularySize);
  const all = new Float32Array(want === "all" ? tokens.length * vocabularySize : 0);
  let logits: Float32Array = all;
  for (let at = 0; at < tokens.length; at += chunkTokens) {
    throwIfCancelled(cancellation);
    const isLast = at + chunkTokens >= tokens.length;
    logits = await run(tokens.slice(at, at + chunkTokens), want === "last" && !isLast ? "none" : want);
    if (want === "all") all.set(logits, at * vocabularySize);
  }
  return want === "all" ? all : logits;
}

/** Without this check, converting to Int32Array would silently turn NaN and 2 ** 32 into token 0, and 1.5 into 1. */
function checkTokens(tokens: readonly TokenId[], vocabularySize: number): void {
  for (const [i, token] of tokens.entries()) {
    if (Number.isInteger(token) && token >= 0 && token < vocabularySize) continue;
    throw new RangeError(`tokens[${i}] is ${token}; a token id is an integer from 0 to ${vocabularySize - 1}`);
  }
}
