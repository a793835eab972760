/** After a difference, this many equal tokens show that both texts continue alike. */
const equalTokens = 4;
/**
 * Maximum number of tokens that differ at one place, those of both texts counted. If there are more, the walk is lost.
 */
const maxDifference = 64;

/**
 * Walks along two texts that differ in a few tokens here and there, possibly in each line, and so finds places of the
 * old text in the new one. Takes time in proportion to the length of the texts.
 */
export class TextWalk {
  readonly #old: Uint32Array;
  readonly #new: Uint32Array;
  #oldAt = 0;
  #newAt = 0;
  #isLost = false;

  constructor(oldTokens: Uint32Array, newTokens: Uint32Array) {
    this.#old = oldTokens;
    this.#new = newTokens;
  }

  /** Continues from a place that is known in both texts. */
  startAt(oldAt: number, newAt: number): void {
    this.#oldAt = oldAt;
    this.#newAt = newAt;
    this.#isLost = false;
  }

  /**
   * The offset in the new text that belongs to one in the old text. If the old offset is within a difference, the
   * result is the end of that difference. Undefined if the texts differ too much, or differ within the last few tokens.
   */
  to(oldOffset: number): number | undefined {
    while (!this.#isLost && this.#oldAt < oldOffset) {
      if (this.#newAt < this.#new.length && this.#old[this.#oldAt] === this.#new[this.#newAt]) {
        this.#oldAt++;
        this.#newAt++;
      } else this.#isLost = !this.#skipDifference();
    }
    return this.#isLost ? undefined : this.#newAt;
  }

  /** Skips as few tokens as possible until the texts continue alike. @returns false if the difference is too long. */
  #skipDifference(): boolean {
    for (let skipped = 1; skipped <= maxDifference; skipped++) {
      for (let removed = 0; removed <= skipped; removed++) {
        if (!this.#areEqual(this.#oldAt + removed, this.#newAt + skipped - removed)) continue;
        this.#oldAt += removed;
        this.#newAt += skipped - removed;
        return true;
      }
    }
    return false;
  }

  #areEqual(oldAt: number, newAt: number): boolean {
    if (oldAt + equalTokens > this.#old.length || newAt + equalTokens > this.#new.length) return false;
    for (let i = 0; i < equalTokens; i++) if (this.#old[oldAt + i] !== this.#new[newAt + i]) return false;
    return true;
  }
}
