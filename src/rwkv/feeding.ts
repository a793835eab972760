import { throwIfCancelled, type CancellationToken, type TokenId, type Want } from "../core/model.js";

/** How one engine reads one chunk: the logits of none, the last, or all of its tokens. */
export type RunChunk = (tokens: readonly TokenId[], want: Want) => Promise<Float32Array>;

export interface FeedSizes {
  readonly chunkTokens: number;
  readonly vocabularySize: number;
}

/** `Reader.feed` over runs of at most `chunkTokens`. @throws Cancelled between runs */
export async function feedInChunks(
  tokens: readonly TokenId[],
  want: Want,
  { chunkTokens, vocabularySize, cancellation }: FeedSizes & { readonly cancellation: CancellationToken },
  run: RunChunk,
): Promise<Float32Array> {
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
