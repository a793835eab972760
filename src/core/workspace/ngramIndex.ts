import { PagedArray } from "./pagedArray.js";

/** Length of the n-grams that are found by their hash. Shorter matches are not found. */
const minMatchTokens = 3;
/**
 * The last position of each n-gram of this length is kept as well, because the chain of a common short n-gram is not
 * followed to its end.
 */
const longMatchTokens = 6;
/** Maximum number of tokens of a match; more are not compared. */
const maxMatchTokens = 16;
/** Maximum number of positions in a chain that are compared, the newest first. */
const maxVisits = 128;
const headBits = 20;
/** The largest vocabulary for which 16 bits can hold every token and the value that separates texts. */
const maxVocabulary16 = 2 ** 16 - 1;

/**
 * @param text the number that `add` returned for the text that contains the match.
 * @param next the token after the match.
 * @param length of the match, in tokens.
 */
export type VisitMatch = (text: number, next: number, length: number) => void;

/**
 * Texts as tokens, and the positions of each of their n-grams: a hash table of chains, the newest position first, as in
 * LZ77. The space of a removed text stays unused until the owner builds a new index.
 */
export class NgramIndex {
  readonly #separator: number;
  readonly #tokens: PagedArray<Uint16Array | Uint32Array>;
  /** For each position, the previous one in its chain plus 1, or 0 if it is the last of the chain. */
  readonly #previous = new PagedArray((length) => new Uint32Array(length));
  readonly #heads = new Uint32Array(2 ** headBits);
  readonly #longHeads = new Uint32Array(2 ** headBits);
  /** The start of each text, ascending. A text ends before the separator that precedes the next one. */
  readonly #starts: number[] = [];
  readonly #isRemoved: boolean[] = [];
  /** The number of removed texts, and of the positions that they occupy, including separators. */
  #removedTexts = 0;
  #removedTokens = 0;

  constructor(vocabularySize: number) {
    const isSmall = vocabularySize <= maxVocabulary16;
    this.#separator = isSmall ? maxVocabulary16 : 2 ** 32 - 1;
    this.#tokens = new PagedArray<Uint16Array | Uint32Array>((length) =>
      isSmall ? new Uint16Array(length) : new Uint32Array(length),
    );
  }

  /** Number of tokens in all texts that were not removed. */
  get tokenCount(): number {
    return this.#tokens.length - this.#removedTokens - (this.#starts.length - this.#removedTexts);
  }

  get bytes(): number {
    return this.#tokens.bytes + this.#previous.bytes + this.#headBytes;
  }

  /** The bytes that an index of the remaining texts alone would need, without the unused part of its last page. */
  get usedBytes(): number {
    return this.#headBytes + this.bytesFor(this.#tokens.length - this.#removedTokens);
  }

  /** The bytes that removed texts occupy. */
  get unusedBytes(): number {
    return this.bytesFor(this.#removedTokens);
  }

  bytesFor(tokens: number): number {
    return tokens * ((this.#separator === maxVocabulary16 ? 2 : 4) + 4);
  }

  /** True if removed texts take more than a third of the space and more than a page. */
  get isSparse(): boolean {
    return this.#removedTokens > 2 ** 16 && this.#removedTokens * 3 > this.#tokens.length;
  }

  /** Adds a text. @returns its number. */
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
    this.#tokens.fill(this.#separator, from, to);
    this.#removedTexts++;
    this.#removedTokens += to - from + 1;
  }

  /** A copy of a text's tokens. */
  tokensOf(text: number): Uint16Array | Uint32Array {
    const { from, to } = this.#range(text);
    return this.#tokens.slice(from, to);
  }

  /**
   * Visits the places where the last tokens read occur, at least `minMatchTokens` of them, and another token follows.
   * If there are many places, only the newest ones are visited.
   */
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

  get #headBytes(): number {
    return this.#heads.byteLength + this.#longHeads.byteLength;
  }

  #visit(at: number, read: readonly number[], visit: VisitMatch): void {
    const max = Math.min(maxMatchTokens, read.length, at + 1);
    let length = 0;
    while (length < max && this.#tokens.at(at - length) === read[read.length - 1 - length]) length++;
    const next = this.#tokens.at(at + 1);
    if (length < minMatchTokens || next === this.#separator) return;
    visit(this.#textAt(at), next, length);
  }

  /** Puts a position at the head of its chain. @returns the previous head. */
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

  /** The number of the text that contains a position. */
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
