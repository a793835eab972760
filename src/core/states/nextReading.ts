import type { Anchor } from "./anchor.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";
import { fadedTokens } from "./readStretches.js";

/** Where background reading continues. */
export interface NextReading {
  /** Start of the stretch that grows. */
  readonly start: number;
  /** Reading continues from the nearest state at or before this offset. */
  readonly from: number;
}

/** Maximum number of tokens that are read again after an edit before the user has paused for long. */
export const maxRereadTokens = 4000;

/**
 * How to read so that a state at an offset is exact or converged; undefined if it is already. If very much would have
 * to be read again, because the text has changed all over, reading begins at a stale state shortly before.
 */
export function nextReadingTo(checkpoints: DocumentCheckpoints, to: number): NextReading | undefined {
  const { stretches } = checkpoints;
  const { start, to: from } = stretches.before(to);
  if (from >= to) return undefined;
  const tokens = stretches.unreadTokens(from, to);
  if (tokens <= maxRereadTokens) return { start, from };
  const stale = staleStart(checkpoints, from, to - fadedTokens);
  return stale === undefined || to - stale.offset >= tokens
    ? { start, from }
    : { start: stale.offset, from: stale.offset };
}

/**
 * How to read farther than a request needs, up to the end: the text below an offset, as far as `mayReread` allows, and
 * text that is new.
 */
export function nextReadingBelow(
  checkpoints: DocumentCheckpoints,
  offset: number,
  end: number,
  mayReread: boolean,
): NextReading | undefined {
  const { stretches } = checkpoints;
  const { start, to } = stretches.before(offset);
  if (to >= end) return undefined;
  if (mayReread || stretches.isNew(to)) return { start, from: to };
  const { readTokens } = stretches;
  const last = checkpoints.lastBefore(readTokens);
  if (readTokens >= end || last === undefined) return undefined;
  const stretch = stretches.all.find((one) => one.start <= last.offset && last.offset <= one.to);
  return { start: stretch?.start ?? last.offset, from: readTokens };
}

/** The last stale state between two offsets that has not missed a large change shortly before. */
function staleStart(checkpoints: DocumentCheckpoints, after: number, last: number): Anchor | undefined {
  let anchor = checkpoints.lastBefore(last);
  while (anchor !== undefined && anchor.offset > after && !checkpoints.stretches.canStartAt(anchor.offset)) {
    anchor = checkpoints.lastBefore(anchor.offset - 1);
  }
  return anchor !== undefined && anchor.offset > after ? anchor : undefined;
}
