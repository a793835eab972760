import { offsetAfter, type TokenSplice } from "../tokens/tokenSplice.js";
import { isLarge, maxFadingTokens, Seams } from "./seams.js";

/** A part of a text that was read from one state without a gap. Token offsets refer to the current text. */
export interface Stretch {
  /** Where reading began: at the start of the text, or at a stale state. */
  readonly start: number;
  /** States from here on are exact or converged, because what the stale state at the start had missed has faded. */
  readonly convergedFrom: number;
  /** States up to here have read everything since the start. */
  readonly to: number;
}

/**
 * Number of tokens after which a state that was read from a stale one predicts nearly as the exact one does, even if
 * every line above has changed (docs/STATES.md).
 */
export const fadedTokens = 3072;

/** Which parts of a text have been read since they last changed. The first stretch begins at the start of the text. */
export class ReadStretches {
  readonly seams = new Seams();
  /** Number of tokens from the start that were read at some time, even if they have changed since. */
  #readTokens = 0;
  /** Ascending. */
  #starts: readonly number[] = [0];

  get readTokens(): number {
    return this.#readTokens;
  }

  /** The stretches, the last one first. */
  get all(): readonly Stretch[] {
    return this.#starts.map((start) => this.startingAt(start)).reverse();
  }

  startingAt(start: number): Stretch {
    const convergedFrom = start === 0 ? 0 : start + fadedTokens;
    return { start, convergedFrom, to: Math.min(this.#readTokens, this.seams.firstFrom(start)?.from ?? Infinity) };
  }

  /** The last stretch in which a state at an offset could be exact or converged. */
  before(offset: number): Stretch {
    return this.all.find(({ convergedFrom }) => convergedFrom <= offset) ?? this.startingAt(0);
  }

  /** Call before a stretch is read. If none starts at `start` yet, a new one begins. */
  begin(start: number): void {
    if (!this.#starts.includes(start)) this.#starts = [...this.#starts, start].sort((a, b) => a - b);
  }

  /**
   * Call when a stretch has been read up to an offset.
   * @param converged whether the state there agrees with the stale one.
   */
  reached(offset: number, start: number, converged: boolean): void {
    this.seams.crossed(offset, converged, start);
    this.#readTokens = Math.max(this.#readTokens, offset);
    this.#joinStretches();
  }

  /** Call if all text up to an offset counts as read. */
  adopted(offset: number, isNextRead: boolean): void {
    this.seams.crossed(offset, isNextRead);
    this.#readTokens = Math.max(this.#readTokens, offset);
    this.#starts = this.#starts.filter((start) => start === 0 || start > offset);
  }

  /** Call after the text's tokens have changed. @param aligned as for `Seams.spliced`. */
  spliced(splice: TokenSplice, aligned: ReadonlyMap<number, number | undefined>): void {
    this.seams.spliced(splice, splice.at < this.#readTokens, aligned);
    const lastAligned = [...aligned.values()].findLast((offset) => offset !== undefined);
    this.#readTokens = offsetAfter(this.#readTokens, splice) ?? lastAligned ?? splice.at;
    const starts = this.#starts.flatMap((start) => offsetAfter(start, splice) ?? []);
    this.#starts = starts.filter((start) => this.canStartAt(start));
  }

  /**
   * Whether reading may begin at a stale state: not shortly after a large change that the state has not read. True at
   * the start of the text.
   */
  canStartAt(offset: number): boolean {
    return this.seams.missedAt(offset).every((seam) => !isLarge(seam) || offset - seam.end >= maxFadingTokens);
  }

  /**
   * Call after anchors were removed.
   * @param hasAnchor whether an anchor is after the first offset and at or before the second.
   */
  tidy(hasAnchor: (after: number, last: number) => boolean): void {
    const isApart = (after: number, last: number): boolean =>
      hasAnchor(after, last) || this.#starts.some((start) => after < start && start <= last);
    this.seams.tidy(isApart);
    const isUsable = (start: number): boolean => start === 0 || hasAnchor(start - 1, this.startingAt(start).to);
    this.#starts = this.#starts.filter(isUsable);
  }

  /** Estimates how many tokens must be read between two offsets so that all states there become converged. */
  unreadTokens(from: number, to: number): number {
    return (
      this.seams.tokensToCross(from, Math.min(to, this.#readTokens)) +
      Math.max(0, to - Math.max(from, this.#readTokens))
    );
  }

  /** True if the text at an offset has never been read. False if it was read before something above it changed. */
  isNew(offset: number): boolean {
    return offset >= this.#readTokens || this.seams.isInLarge(offset);
  }

  /** Drops the start of a stretch that the previous stretch has reached, so that the two become one. */
  #joinStretches(): void {
    const kept: number[] = [];
    for (const start of this.#starts) {
      const last = kept.at(-1);
      if (last === undefined || this.startingAt(last).to < start) kept.push(start);
    }
    this.#starts = kept;
  }
}
