import type { TokenId } from "../../core/model.js";

/** A BPE rule: if the two tokens are adjacent, they are merged into one. Earlier rules in a list have priority. */
export interface Merge {
  readonly left: TokenId;
  readonly right: TokenId;
  readonly merged: TokenId;
}

const tokens = 2 ** 16; // the key of a pair is `left * tokens + right`

/** Byte-pair encoding: merges pairs of tokens in the order in which the merges were learned. */
export class Merges {
  /** Maps the key of a pair to the index of its merge. */
  readonly #ranks = new Map<number, number>();
  readonly #merged: Uint16Array;

  /** @param merges all ids must be below 65,536. */
  constructor(merges: readonly Merge[]) {
    this.#merged = Uint16Array.from(merges, ({ merged }) => merged);
    merges.forEach(({ left, right }, rank) => this.#ranks.set(left * tokens + right, rank));
  }

  /** Merges a short sequence until no pair can be merged. The sequence is modified in place and returned. */
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
      if (at < 0) return sequence as TokenId[]; // all ids were passed in or come from merges
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
