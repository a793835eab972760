/**
 * How an edit changes a text's tokens: at the token offset `at`, `inserted` replaces `removed`. The two share neither
 * their first nor their last token.
 */
export interface TokenSplice {
  readonly at: number;
  readonly removed: Uint32Array;
  readonly inserted: Uint32Array;
}

/** A splice without the tokens that both sides share at the start and at the end. */
export function trimmedSplice(at: number, removed: Uint32Array, inserted: Uint32Array): TokenSplice {
  const maxCommon = Math.min(removed.length, inserted.length);
  let start = 0;
  while (start < maxCommon && removed[start] === inserted[start]) start++;
  let end = 0;
  while (end < maxCommon - start && removed[removed.length - 1 - end] === inserted[inserted.length - 1 - end]) end++;
  return {
    at: at + start,
    removed: removed.slice(start, removed.length - end),
    inserted: inserted.slice(start, inserted.length - end),
  };
}

/**
 * The token offset after a splice that corresponds to `offset` before it; undefined if that was inside the removed
 * tokens.
 */
export function offsetAfter(offset: number, { at, removed, inserted }: TokenSplice): number | undefined {
  if (offset <= at) return offset;
  return offset < at + removed.length ? undefined : offset + inserted.length - removed.length;
}
