import type { TokenId, Tokenizer, TokenMatch } from "../../core/model.js";
import { VocabularyIndex } from "./vocabularyIndex.js";
import type { VocabularyEntry } from "./vocabularyFile.js";

/**
 * Greedy longest match over bytes, without pretokenization: the longest entry at each position is the next token
 * (docs/RWKV.md §11, World). Bytes without an entry serve as sentinels.
 */
export class GreedyTrieTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly lookAheadBytes: number;
  readonly sentinelBytes: ReadonlySet<number>;
  readonly #entries: VocabularyIndex;

  constructor(entries: readonly VocabularyEntry[], vocabularySize: number) {
    this.vocabularySize = vocabularySize;
    this.#entries = new VocabularyIndex(entries);
    this.lookAheadBytes = this.#entries.maxBytes - 1;
    this.sentinelBytes = this.#entries.sentinelBytes;
  }

  /** A pretoken is a single token. */
  pretokenAt(bytes: Uint8Array, byteOffset: number, end: number): readonly TokenMatch[] {
    const match = this.#entries.longestMatchAt(bytes, byteOffset, end);
    if (match !== undefined) return [match];
    throw new RangeError(`byte ${bytes[byteOffset] ?? "past the end"} is not text; it serves as a sentinel`);
  }

  isPretokenOpen(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    return this.#entries.canExtendPast(bytes, byteOffset, end);
  }

  bytesOf(token: TokenId): Uint8Array {
    return this.#entries.bytesOf(token);
  }

  canExtendPast(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    return this.#entries.canExtendPast(bytes, byteOffset, end);
  }

  tokensCompatibleWith(forcedBytes: Uint8Array): readonly TokenId[] {
    return this.#entries.compatibleWith(forcedBytes);
  }
}
