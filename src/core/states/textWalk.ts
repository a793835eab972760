/** After a difference, this many equal tokens show that both texts continue alike. */
const equalTokens = 4;
/** Maximum length of a difference, in tokens of both texts together. If one is longer, the walk is lost. */
const maxDifference = 64;

/**
 * Finds places of an old text in a new one by walking along both. The texts may differ in a few tokens here and there,
 * even on every line. The time is proportional to the length of the texts.
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
   * The offset in the new text that corresponds to `oldOffset`. If that is within a difference, the result is the end
   * of the difference. Undefined if the texts differ too much, or if they differ within their last few tokens.
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
