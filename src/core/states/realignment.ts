import type { TokenSplice } from "../tokens/tokenSplice.js";

/** Tokens that must be equal and stand only once in the new text for two places to be the same one. */
const gramTokens = 12;

/**
 * Where places within replaced text are in the text that replaced it: a change of many lines at once (rename, format,
 * another branch) leaves most of them as they were.
 * @param offsets ascending token offsets within the removed tokens, of the text as it was.
 * @returns for each its offset in the text as it is now, ascending; undefined if what precedes it is gone.
 */
export function realigned(offsets: readonly number[], splice: TokenSplice): (number | undefined)[] {
  const { at, removed, inserted } = splice;
  const oldEnds = offsets.flatMap((offset) => [offset - at, offset - at + gramTokens]);
  const ends = uniqueGramEnds(inserted, new Set(oldEnds.map((end) => gramBefore(removed, end))));
  let last = 0;
  return offsets.map((offset) => {
    // By the tokens before the place, or if they were changed by those after it.
    for (const ahead of [0, gramTokens]) {
      const oldEnd = offset - at + ahead;
      const end = ends.get(gramBefore(removed, oldEnd));
      if (end === undefined || end - ahead <= last || !isSameGram(removed, oldEnd, inserted, end)) continue;
      last = end - ahead;
      return at + last;
    }
    return undefined;
  });
}

/** Of the grams that are wanted and occur once: hash to end. The text may be long, and those wanted are few. */
function uniqueGramEnds(tokens: Uint32Array, wanted: ReadonlySet<number>): Map<number, number> {
  const ends = new Map<number, number>();
  const repeated = new Set<number>();
  if (wanted.size === 0) return ends;
  for (let end = gramTokens; end <= tokens.length; end++) {
    const gram = gramBefore(tokens, end);
    if (!wanted.has(gram)) continue;
    if (ends.has(gram)) repeated.add(gram);
    else ends.set(gram, end);
  }
  for (const gram of repeated) ends.delete(gram);
  return ends;
}

/** A hash of the tokens before an offset; -1 if there are too few. */
function gramBefore(tokens: Uint32Array, end: number): number {
  if (end < gramTokens || end > tokens.length) return -1;
  let hash = 0;
  for (let i = end - gramTokens; i < end; i++) hash = Math.imul(hash ^ (tokens[i] ?? 0), 0x01000193) >>> 0;
  return hash;
}

function isSameGram(first: Uint32Array, firstEnd: number, second: Uint32Array, secondEnd: number): boolean {
  for (let i = 1; i <= gramTokens; i++) if (first[firstEnd - i] !== second[secondEnd - i]) return false;
  return true;
}
