/** What an edit did to a text's tokens: `removed` gave way to `inserted`. The two share neither first nor last token. */
export interface TokenSplice {
  readonly at: number;
  readonly removed: Uint32Array;
  readonly inserted: Uint32Array;
}

/** The splice without what both sides begin and end with. */
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

/** Where a token offset is after a splice; undefined if it was among the removed tokens. */
export function offsetAfter(offset: number, { at, removed, inserted }: TokenSplice): number | undefined {
  if (offset <= at) return offset;
  return offset < at + removed.length ? undefined : offset + inserted.length - removed.length;
}
