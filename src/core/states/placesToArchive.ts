import type { TokenizedText } from "../tokens/tokenizedText.js";
import { lossOf, type Likelihood } from "./checkpointValue.js";
import type { ArchivedPlace } from "./stateArchive.js";

export interface ArchiveLimits {
  /**
   * Maximum distance between places, in tokens, if there is room for enough of them. A request can read that far even
   * if a lower speed is measured after the restart.
   */
  readonly gapTokens: number;
  /** Maximum distance between places if there is less room. A request can read that far at the speed measured now. */
  readonly maxGapTokens: number;
  readonly maxPlaces: number;
}

/** The states of a document that could be archived. */
export interface ArchiveCandidates {
  readonly places: readonly Omit<ArchivedPlace, "textKey">[];
  readonly likelihood: Likelihood;
}

/**
 * The places of a document whose states are worth keeping across a restart: the last place before the cursor, then
 * others. If there is room, they are so close together that a request anywhere can start from one.
 * @param kept places that are archived already. Those of this text are preferred, because they need not be written
 * again.
 */
export function placesToArchive(
  text: TokenizedText,
  { places, likelihood }: ArchiveCandidates,
  kept: readonly ArchivedPlace[],
  limits: ArchiveLimits,
): ArchivedPlace[] {
  const ofText = kept.filter((place) => isPlaceOf(text, place));
  const known = new Set(ofText.map(({ offset }) => offset));
  const others = places.filter(({ offset }) => !known.has(offset));
  const all = [...ofText, ...others].sort((a, b) => a.offset - b.offset);
  const atCursor = all.findLast(({ offset }) => offset <= likelihood.cursorToken);
  const isWritten = ({ offset }: { readonly offset: number }): boolean => known.has(offset);
  const { maxPlaces } = limits;
  const spread = spreadOut(all, gapOf(text.tokenCount, limits), isWritten).filter((place) => place !== atCursor);
  const first = atCursor === undefined ? [] : [atCursor];
  const rest = worthiest(spread, maxPlaces - first.length, likelihood, text.tokenCount);
  return [...first, ...rest]
    .slice(0, maxPlaces)
    .map(({ offset, stateKey }) => ({ offset, stateKey, textKey: text.prefixAt(offset).digest }));
}

/**
 * The gap between places; larger if there would otherwise be more than `maxPlaces`. The factor 1.25 leaves room for
 * places that are closer together than the gap.
 */
function gapOf(tokens: number, { gapTokens, maxGapTokens, maxPlaces }: ArchiveLimits): number {
  const needed = (1.25 * tokens) / Math.max(1, maxPlaces);
  return Math.max(gapTokens, Math.min(maxGapTokens, needed));
}

/** Whether a text begins with the tokens that were before a place when it was archived. */
export function isPlaceOf(text: TokenizedText, { offset, textKey }: ArchivedPlace): boolean {
  return offset <= text.tokenCount && text.prefixAt(offset).digest === textKey;
}

interface Place {
  readonly offset: number;
}

/**
 * Chooses as few of the ascending places as possible without a gap of more than `maxGap`, if the places allow that. A
 * preferred place is chosen if it is in the farther half of a gap.
 */
function spreadOut<T extends Place>(places: readonly T[], maxGap: number, isPreferred: (place: T) => boolean): T[] {
  const chosen: T[] = [];
  let from = 0;
  for (let next = 0; next < places.length;) {
    let end = next + 1;
    while (end < places.length && (places[end]?.offset ?? 0) - from <= maxGap) end++;
    const reachable = places.slice(next, end);
    const preferred = reachable.findLast((place) => place.offset - from > maxGap / 2 && isPreferred(place));
    const last = preferred ?? reachable.at(-1);
    if (last === undefined) break;
    chosen.push(last);
    from = last.offset;
    next = places.indexOf(last, next) + 1;
  }
  return chosen;
}

/** Drops the places whose loss costs least until `max` are left. */
function worthiest<T extends Place>(places: readonly T[], max: number, likelihood: Likelihood, end: number): T[] {
  const left = [...places];
  while (left.length > Math.max(0, max)) {
    const losses = left.map(({ offset }, i) =>
      lossOf(left[i - 1]?.offset ?? 0, offset, left[i + 1]?.offset ?? end + 1, likelihood),
    );
    left.splice(losses.indexOf(Math.min(...losses)), 1);
  }
  return left;
}
