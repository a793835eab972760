import { PagedArray } from "./pagedArray.js";

/** Positions are found by a hash of so many tokens that end there; shorter matches are not found. */
export const minMatchTokens = 3;
/** The last position of a longer n-gram is kept too: the chain of a common short one is not followed to its end. */
const longMatchTokens = 6;
/** How many tokens are compared. */
const maxMatchTokens = 16;
/** How many positions of one n-gram are compared for each token, the newest first. */
const maxVisits = 128;
const headBits = 20;
/** Texts are separated by a value that no vocabulary has. */
const maxVocabulary16 = 2 ** 16 - 1;

/** @param text the text that the match is in, as `add` named it. @param next the token that follows. @param length tokens that agree. */
export type VisitMatch = (text: number, next: number, length: number) => void;

/**
 * Texts as tokens, and where each n-gram of them occurs: a hash table of chains, the newest position first, as in LZ77.
 * A text that is removed leaves its space unused until `isSparse` tells the owner to build the index anew.
 */
export class NgramIndex {
  readonly #separator: number;
  readonly #tokens: PagedArray<Uint16Array | Uint32Array>;
  /** For each position the one before it in its chain, plus 1; 0 for none. */
  readonly #previous = new PagedArray((length) => new Uint32Array(length));
  readonly #heads = new Uint32Array(2 ** headBits);
  readonly #longHeads = new Uint32Array(2 ** headBits);
  /** Where each text starts, ascending; a text ends where the next one starts, less the separator. */
  readonly #starts: number[] = [];
  readonly #isRemoved: boolean[] = [];
  #removedTokens = 0;

  constructor(vocabularySize: number) {
    const isSmall = vocabularySize <= maxVocabulary16;
    this.#separator = isSmall ? maxVocabulary16 : 2 ** 32 - 1;
    this.#tokens = new PagedArray<Uint16Array | Uint32Array>((length) =>
      isSmall ? new Uint16Array(length) : new Uint32Array(length),
    );
  }

  /** Tokens of all texts that were not removed. */
  get tokenCount(): number {
    return this.#tokens.length - this.#starts.length - this.#removedTokens;
  }

  get bytes(): number {
    return this.#tokens.bytes + this.#previous.bytes + this.#heads.byteLength + this.#longHeads.byteLength;
  }

  /** True if a third of the space is taken by texts that were removed. */
  get isSparse(): boolean {
    return this.#removedTokens > 2 ** 16 && this.#removedTokens * 3 > this.#tokens.length;
  }

  /** @returns the text's name. */
  add(tokens: ArrayLike<number>): number {
    const start = this.#tokens.length;
    this.#starts.push(start);
    this.#isRemoved.push(false);
    for (let i = 0; i < tokens.length; i++) {
      this.#tokens.push(tokens[i] ?? 0);
      const at = start + i;
      this.#previous.push(i + 1 >= minMatchTokens ? this.#link(this.#heads, at, minMatchTokens) : 0);
      if (i + 1 >= longMatchTokens) this.#link(this.#longHeads, at, longMatchTokens);
    }
    this.#tokens.push(this.#separator);
    this.#previous.push(0);
    return this.#starts.length - 1;
  }

  /** Overwrites the text's tokens, so that nothing matches them. */
  remove(text: number): void {
    if (this.#isRemoved[text] !== false) return;
    this.#isRemoved[text] = true;
    const { from, to } = this.#range(text);
    for (let at = from; at < to; at++) this.#tokens.set(at, this.#separator);
    this.#removedTokens += to - from;
  }

  /** A copy of a text's tokens. */
  tokensOf(text: number): Uint32Array {
    const { from, to } = this.#range(text);
    return Uint32Array.from({ length: to - from }, (_, i) => this.#tokens.at(from + i));
  }

  /** Visits positions at which at least `minMatchTokens` of the last tokens read occur and something follows. */
  forEachMatch(read: readonly number[], visit: VisitMatch): void {
    if (read.length < minMatchTokens) return;
    const longHead = read.length < longMatchTokens ? 0 : (this.#longHeads[hashOf(read, longMatchTokens)] ?? 0);
    if (longHead > 0) this.#visit(longHead - 1, read, visit);
    let next = this.#heads[hashOf(read, minMatchTokens)] ?? 0;
    for (let visits = 0; next > 0 && visits < maxVisits; visits++) {
      if (next !== longHead) this.#visit(next - 1, read, visit);
      next = this.#previous.at(next - 1);
    }
  }

  #visit(at: number, read: readonly number[], visit: VisitMatch): void {
    const max = Math.min(maxMatchTokens, read.length, at + 1);
    let length = 0;
    while (length < max && this.#tokens.at(at - length) === read[read.length - 1 - length]) length++;
    const next = this.#tokens.at(at + 1);
    if (length < minMatchTokens || next === this.#separator) return;
    visit(this.#textAt(at), next, length);
  }

  /** Puts a position at the head of its chain. @returns the head before it. */
  #link(heads: Uint32Array, at: number, length: number): number {
    let hash = 0;
    for (let i = at - length + 1; i <= at; i++) hash = mixed(hash, this.#tokens.at(i));
    const slot = slotOf(hash);
    const before = heads[slot] ?? 0;
    heads[slot] = at + 1;
    return before;
  }

  #range(text: number): { readonly from: number; readonly to: number } {
    const next = this.#starts[text + 1] ?? this.#tokens.length;
    return { from: this.#starts[text] ?? next, to: Math.max(0, next - 1) };
  }

  /** The last text that starts at or before a position. */
  #textAt(at: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? Infinity) <= at) low = middle;
      else high = middle;
    }
    return low;
  }
}

function hashOf(read: readonly number[], length: number): number {
  let hash = 0;
  for (let i = read.length - length; i < read.length; i++) hash = mixed(hash, read[i] ?? 0);
  return slotOf(hash);
}

function mixed(hash: number, token: number): number {
  return Math.imul(hash ^ token, 0x9e3779b1) ^ (hash >>> 15);
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 17)) >>> (32 - headBits);
}
