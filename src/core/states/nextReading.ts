import type { Anchor } from "./anchor.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";
import { fadedTokens } from "./readStretches.js";

/** Where background reading continues. */
export interface NextReading {
  /** Start of the stretch that this reading extends. */
  readonly start: number;
  /** Reading continues from the nearest state at or before this offset. */
  readonly from: number;
}

/** Maximum number of tokens that are read again after an edit until the user is idle. */
export const maxRereadTokens = 4000;

/**
 * What to read next so that the state at an offset becomes exact or converged; undefined if it already is. If too much
 * would have to be read again because the text has changed all over, reading begins at a stale state shortly before the
 * offset.
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
 * What to read next although no request needs it yet: the text from an offset to the end. If `mayReread` is false, only
 * text that was never read.
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

/**
 * Minimum distance, in tokens, between checkpoints at which states are compared and saved. An edit shifts the
 * checkpoints relative to the ends of blocks, so if states were kept both there and at the ends, each edit would add
 * more.
 */
const minPartTokens = blockTokens / 2;

/** Offset of the checkpoint up to which to read next, to compare states there; undefined if none is near enough. */
export function nextPlaceToCompare(checkpoints: DocumentCheckpoints, at: number): number | undefined {
  const next = checkpoints.firstAfter(at + minPartTokens - 1)?.offset;
  return next !== undefined && next <= at + minPartTokens + blockTokens ? next : undefined;
}

/** The last anchor after `after`, up to `last`, whose state has missed no large change shortly before it. */
function staleStart(checkpoints: DocumentCheckpoints, after: number, last: number): Anchor | undefined {
  let anchor = checkpoints.lastBefore(last);
  while (anchor !== undefined && anchor.offset > after && !checkpoints.stretches.canStartAt(anchor.offset)) {
    anchor = checkpoints.lastBefore(anchor.offset - 1);
  }
  return anchor !== undefined && anchor.offset > after ? anchor : undefined;
}
