import type { Anchor } from "./anchor.js";

/** The anchors of a document by ascending offset, at most one per offset. */
export class AnchorList {
  #anchors: readonly Anchor[] = [];

  get all(): readonly Anchor[] {
    return this.#anchors;
  }

  /** The last anchor at or before an offset. */
  lastBefore(maxOffset: number): Anchor | undefined {
    return this.#anchors[this.#indexAfter(maxOffset) - 1];
  }

  /** The first anchor after an offset. */
  firstAfter(offset: number): Anchor | undefined {
    return this.#anchors[this.#indexAfter(offset)];
  }

  /** The anchors after the offset `after`, up to and including the offset `last`. */
  between(after: number, last: number): readonly Anchor[] {
    return this.#anchors.slice(this.#indexAfter(after), this.#indexAfter(last));
  }

  /** Adds an anchor, which replaces any other at the same offset. */
  set(anchor: Anchor): void {
    const index = this.#indexAfter(anchor.offset);
    const replaces = this.#anchors[index - 1]?.offset === anchor.offset;
    this.#anchors = this.#anchors.toSpliced(replaces ? index - 1 : index, replaces ? 1 : 0, anchor);
  }

  /**
   * Changes the anchors after an offset. An edit is often after nearly all of them, so the others are not visited.
   * @param change must keep the order of the offsets.
   */
  changeAfter(offset: number, change: (anchor: Anchor) => Anchor): void {
    const index = this.#indexAfter(offset);
    if (index === this.#anchors.length) return;
    this.#anchors = [...this.#anchors.slice(0, index), ...this.#anchors.slice(index).map(change)];
  }

  /** Removes all anchors for which `isKept` returns false. @returns the removed anchors. */
  keep(isKept: (anchor: Anchor) => boolean): readonly Anchor[] {
    const removed = this.#anchors.filter((anchor) => !isKept(anchor));
    if (removed.length > 0) this.#anchors = this.#anchors.filter(isKept);
    return removed;
  }

  /** Number of anchors at or before an offset. */
  #indexAfter(offset: number): number {
    let low = 0;
    let high = this.#anchors.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#anchors[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
