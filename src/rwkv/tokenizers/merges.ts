import type { TokenId } from "../../core/model.js";

/** Two tokens that become one; of those that can, the pair that stands first in the list goes first. */
export interface Merge {
  readonly left: TokenId;
  readonly right: TokenId;
  readonly merged: TokenId;
}

const tokens = 2 ** 16; // pairs are numbers of two digits to this base

/** Byte-pair encoding: tokens joined pair by pair, by the order in which the pairs were learnt. */
export class Merges {
  /** A pair's place in the list. */
  readonly #ranks = new Map<number, number>();
  readonly #merged: Uint16Array;

  /** @param merges of ids below 65,536. */
  constructor(merges: readonly Merge[]) {
    this.#merged = Uint16Array.from(merges, ({ merged }) => merged);
    merges.forEach(({ left, right }, rank) => this.#ranks.set(left * tokens + right, rank));
  }

  /** What is left of a short sequence when no pair can be joined; the sequence itself is used up. */
  apply(sequence: number[]): TokenId[] {
    const ranks = sequence.map((token, i) => this.#rankOf(token, sequence[i + 1]));
    for (;;) {
      let best = Infinity;
      let at = -1;
      for (let i = 0; i < ranks.length; i++) {
        const rank = ranks[i] ?? Infinity;
        if (rank >= best) continue;
        best = rank;
        at = i;
      }
      if (at < 0) return sequence as TokenId[]; // ids that the constructor was given
      const merged = this.#merged[best] ?? 0;
      sequence.splice(at, 2, merged);
      ranks.splice(at, 2, this.#rankOf(merged, sequence[at + 1]));
      if (at > 0) ranks[at - 1] = this.#rankOf(sequence[at - 1] ?? 0, merged);
    }
  }

  #rankOf(left: number, right: number | undefined): number {
    return right === undefined ? Infinity : (this.#ranks.get(left * tokens + right) ?? Infinity);
  }
}
