import { lowerBound } from "../tokens/growableArray.js";
import { offsetAfter, trimmedSplice, type TokenSplice } from "../tokens/tokenSplice.js";

/**
 * A change of the text that the checkpoints after it have not read. Reading across it moves `from` forward; when the
 * reader's state agrees with an older one, the seam is closed. Token offsets refer to the current text.
 */
export interface Seam {
  /** Checkpoints after this offset have not read the change. */
  readonly from: number;
  /** Range that encloses the changed tokens; after seams are joined, it may contain unchanged tokens, too. */
  readonly start: number;
  readonly end: number;
  /** Number of changed tokens; may differ from the length of the range. */
  readonly changed: number;
}

/** Number of tokens after which any change has faded enough for a stale state to be better than a window. */
export const maxFadingTokens = 1024;
/** A change has faded after this many tokens for each changed token. */
const fadingFactor = 4;

/** How far after a change, in tokens, a state that has not read the change predicts better than a window. */
export function fadingTokens({ changed }: Seam): number {
  return Math.min(maxFadingTokens, fadingFactor * changed);
}

/** A change of at most this many tokens is never large. */
const maxSmallChange = 256;

/** True for a large change. Many small changes in one range are not large, even if they add up. */
export function isLarge({ start, end, changed }: Seam): boolean {
  return changed > maxSmallChange && changed > (end - start) / 2;
}

/**
 * Number of tokens after a change until states agree again: `min`, plus `factor` for each changed token, at most `max`.
 */
const convergence = { min: 512, factor: 16, max: 4096 };

function convergenceTokens({ changed }: Seam): number {
  return Math.min(convergence.max, convergence.min + convergence.factor * changed);
}

/** The open seams of a document, ascending; after `tidy`, at most one between two neighboring checkpoints. */
export class Seams {
  #open: Seam[] = [];

  get first(): Seam | undefined {
    return this.#open[0];
  }

  /** The first seam that begins at or after an offset. */
  firstFrom(offset: number): Seam | undefined {
    return this.#open.find(({ from }) => from >= offset);
  }

  /** Whether an offset is within a large change. */
  isInLarge(offset: number): boolean {
    return this.#open.some((seam) => seam.from <= offset && offset < seam.end && isLarge(seam));
  }

  /** An estimate of how many tokens must be read between two offsets so that all states there have converged. */
  tokensToCross(from: number, to: number): number {
    let tokens = 0;
    let at = from;
    for (const seam of this.#open) {
      if (seam.from < from || seam.from >= to) continue;
      const start = Math.max(at, seam.from);
      // If states do not even agree after the maximum, it is unknown when they will.
      const isOverdue = seam.from >= seam.end + convergence.max;
      at = Math.max(start, isOverdue ? to : Math.min(to, seam.end + convergenceTokens(seam)));
      tokens += at - start;
    }
    return tokens;
  }

  /** The changes that a checkpoint at an offset has not read. */
  missedAt(offset: number): readonly Seam[] {
    return this.#open.filter(({ from }) => from < offset);
  }

  /**
   * Call after the text's tokens have changed.
   * @param isRead whether text after the start of the splice had been read.
   * @param aligned maps old to new offsets of the checkpoints within the removed tokens, in ascending order.
   */
  spliced(splice: TokenSplice, isRead: boolean, aligned: ReadonlyMap<number, number | undefined>): void {
    const known = knownOffsets(aligned);
    const changes = isRead ? partsOf(splice, known).map((part) => this.#seamOf(part)) : [];
    const moved = this.#open.map((seam) => seamAfter(seam, splice, known));
    this.#open = [...moved, ...changes].sort((a, b) => a.from - b.from);
  }

  /**
   * Call when all text from `start` up to an offset has been read.
   * @param converged whether the state there agrees with the older one.
   */
  crossed(offset: number, converged: boolean, start = 0): void {
    const before = this.#open.filter(({ from }) => from < start);
    const open = this.#open.filter(({ from }) => from >= offset);
    const [first, ...others] = this.#open.filter(({ from }) => from >= start && from < offset);
    if (first === undefined || converged) this.#open = [...before, ...open];
    else this.#open = [...before, { ...others.reduce(joined, first), from: offset }, ...open];
  }

  /**
   * Joins seams without a checkpoint between them.
   * @param hasCheckpoint whether a checkpoint is after the first offset and at or before the second.
   */
  tidy(hasCheckpoint: (from: number, to: number) => boolean): void {
    const tidied: Seam[] = [];
    for (const seam of this.#open) {
      const last = tidied.at(-1);
      if (last !== undefined && !hasCheckpoint(last.from, seam.from)) tidied.splice(-1, 1, joined(last, seam));
      else tidied.push(seam);
    }
    this.#open = tidied;
  }

  /**
   * The seam of a change. Removed tokens within an open seam are already counted there, so they are not counted again.
   */
  #seamOf({ oldAt, at, removed, inserted }: Part): Seam {
    const counted = this.#open.reduce((sum, { start, end }) => {
      return sum + Math.max(0, Math.min(oldAt + removed.length, end) - Math.max(oldAt, start));
    }, 0);
    const common = commonTokens(removed, inserted);
    const changed = Math.max(inserted.length, removed.length - counted) - common;
    return { from: at, start: at, end: at + inserted.length, changed: Math.max(1, changed) };
  }
}

/** The offsets of the checkpoints that were aligned, in the old text and in the new one, both ascending. */
interface KnownOffsets {
  readonly old: readonly number[];
  readonly new: readonly number[];
}

function knownOffsets(aligned: ReadonlyMap<number, number | undefined>): KnownOffsets {
  const pairs = [...aligned].filter((pair): pair is [number, number] => pair[1] !== undefined);
  return { old: pairs.map(([old]) => old), new: pairs.map(([, after]) => after) };
}

/** One of the separate changes of a splice. */
interface Part extends TokenSplice {
  /** Like `at`, but in the old text. */
  readonly oldAt: number;
}

/** Splits a splice at the aligned checkpoints into separate changes. */
function partsOf({ at, removed, inserted }: TokenSplice, known: KnownOffsets): Part[] {
  let [oldStart, newStart] = [at, at];
  const parts: Part[] = [];
  for (const [i, oldEnd] of [...known.old, at + removed.length].entries()) {
    const newEnd = known.new[i] ?? at + inserted.length;
    const old = removed.subarray(oldStart - at, oldEnd - at);
    const part = trimmedSplice(newStart, old, inserted.subarray(newStart - at, newEnd - at));
    const oldAt = oldStart + part.at - newStart;
    if (part.removed.length + part.inserted.length > 0) parts.push({ ...part, oldAt });
    [oldStart, newStart] = [oldEnd, newEnd];
  }
  return parts;
}

/** A seam within the removed tokens is moved to the nearest aligned checkpoints around it. */
function seamAfter(seam: Seam, splice: TokenSplice, known: KnownOffsets): Seam {
  const { at, inserted } = splice;
  // Binary searches, because thousands of seams may move past thousands of checkpoints.
  const before = (offset: number): number => known.new[lowerBound(known.old, offset + 1) - 1] ?? at;
  const after = (offset: number): number => known.new[lowerBound(known.old, offset)] ?? at + inserted.length;
  return {
    ...seam,
    from: offsetAfter(seam.from, splice) ?? before(seam.from),
    start: offsetAfter(seam.start, splice) ?? before(seam.start),
    end: offsetAfter(seam.end, splice) ?? after(seam.end),
  };
}

function joined(first: Seam, second: Seam): Seam {
  return {
    from: Math.min(first.from, second.from),
    start: Math.min(first.start, second.start),
    end: Math.max(first.end, second.end),
    changed: first.changed + second.changed,
  };
}

/** Number of tokens that occur in both arrays, in any order. */
function commonTokens(removed: Uint32Array, inserted: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const token of removed) counts.set(token, (counts.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of inserted) {
    const count = counts.get(token) ?? 0;
    if (count === 0) continue;
    counts.set(token, count - 1);
    common++;
  }
  return common;
}
