import { trimmedSplice, type TokenSplice } from "../tokens/tokenSplice.js";
import { TextWalk } from "./textWalk.js";

/** Number of equal tokens, unique in both texts, by which a place is recognized. */
const gramTokens = 12;

/**
 * Finds places of a replaced text in the new text. A change of many lines at once (rename, format, another branch)
 * leaves most of the text as it was. If something has changed around a place, both texts are compared from the last
 * place that was found.
 * @param offsets ascending token offsets in the old text, within the removed tokens.
 * @returns the offset of each in the new text, ascending; undefined if the place is not found.
 */
export function realigned(offsets: readonly number[], splice: TokenSplice): (number | undefined)[] {
  const { at, removed, inserted } = splice;
  const oldEnds = offsets.flatMap((offset) => [offset - at, offset - at + gramTokens]);
  const oldGrams = uniqueGramEnds(removed, new Set(oldEnds.map((end) => gramBefore(removed, end))));
  const ends = uniqueGramEnds(inserted, new Set(oldGrams.keys()));
  const walk = new TextWalk(removed, inserted);
  let last = { old: 0, new: 0 };
  const find = (place: number): number | undefined => {
    if (place === removed.length) return inserted.length;
    // Search for the tokens before the place, and if these have changed, for those after it.
    for (const ahead of [0, gramTokens]) {
      const end = ends.get(gramBefore(removed, place + ahead));
      if (end === undefined || end - ahead <= last.new || !isSameGram(removed, place + ahead, inserted, end)) continue;
      walk.startAt(place, end - ahead);
      return end - ahead;
    }
    return walk.to(place);
  };
  return offsets.map((offset) => {
    const place = { old: offset - at, new: find(offset - at) };
    if (place.new === undefined || place.new <= last.new) return undefined;
    const changed = trimmedSplice(
      last.new,
      removed.subarray(last.old, place.old),
      inserted.subarray(last.new, place.new),
    );
    // Tokens right before the place were deleted. A state there would count as one that has read only the tokens left.
    if (changed.at === place.new && changed.removed.length > 0) return undefined;
    last = { old: place.old, new: place.new };
    return at + place.new;
  });
}

/**
 * Maps the hash of each wanted gram that occurs exactly once to its end. Only the few wanted grams are kept, because
 * the text may be long.
 */
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

/** A hash of the tokens before an offset; -1 if there are too few or the offset is past the end. */
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
