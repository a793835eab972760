import type { TokenId, Tokenizer, TokenMatch } from "../../core/model.js";
import { VocabularyIndex } from "./vocabularyIndex.js";
import { Merges, type Merge } from "./merges.js";
import { PreTokenizer, pretokenLookAheadBytes } from "./preTokenizer.js";
import type { VocabularyEntry } from "./vocabularyFile.js";

/** The vocabulary of byte-level BPE (docs/RWKV.md §11, 20B). */
export interface BpeVocabulary {
  /**
   * Every byte that can occur in UTF-8 has an entry. The last entries are the runs of spaces, which are matched first.
   */
  readonly entries: readonly VocabularyEntry[];
  readonly merges: readonly Merge[];
  /** Length of the longest run of spaces among the entries; 0 if there are none. */
  readonly maxSpaceRun: number;
}

/** Maximum number of words whose tokens are cached. Words recur, so most of them are found in the cache. */
const maxCachedWords = 20_000;
const maxCachedWordBytes = 32;

/**
 * Byte-level BPE. A pretoken is a run of spaces, which is one token, or a word, whose bytes are merged into tokens.
 * Unlike the models' original tokenizer, this one does not apply Unicode normalization form C to text, because
 * completions must continue the user's bytes. So a letter written as two characters (e and a combining accent) is
 * tokenized as two.
 */
export class BpeTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly lookAheadBytes = pretokenLookAheadBytes;
  readonly sentinelBytes: ReadonlySet<number>;
  readonly #entries: VocabularyIndex;
  readonly #merges: Merges;
  readonly #preTokenizer: PreTokenizer;
  readonly #byteTokens: readonly (TokenId | undefined)[];
  readonly #wordCache = new Map<string, readonly TokenMatch[]>();

  constructor({ entries, merges, maxSpaceRun }: BpeVocabulary, vocabularySize: number) {
    this.vocabularySize = vocabularySize;
    this.#entries = new VocabularyIndex(entries);
    this.#merges = new Merges(merges);
    this.#preTokenizer = new PreTokenizer(maxSpaceRun);
    this.sentinelBytes = this.#entries.sentinelBytes;
    const byteToken = (byte: number): TokenId | undefined =>
      this.#entries.longestMatchAt(Uint8Array.of(byte), 0, 1)?.token;
    this.#byteTokens = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  }

  pretokenAt(bytes: Uint8Array, byteOffset: number, end: number): readonly TokenMatch[] {
    const pretoken = this.#preTokenizer.at(bytes, byteOffset, end);
    if (pretoken.kind === "word") return this.#wordAt(bytes.subarray(byteOffset, pretoken.end));
    const match = this.#entries.longestMatchAt(bytes, byteOffset, pretoken.end);
    return match === undefined ? [] : [match];
  }

  isPretokenOpen(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    return this.#preTokenizer.at(bytes, byteOffset, end).isOpen;
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

  #wordAt(bytes: Uint8Array): readonly TokenMatch[] {
    if (bytes.length > maxCachedWordBytes) return this.#merged(bytes);
    const word = String.fromCharCode(...bytes);
    let tokens = this.#wordCache.get(word);
    if (tokens === undefined) {
      tokens = this.#merged(bytes);
      if (this.#wordCache.size === maxCachedWords) this.#wordCache.clear();
      this.#wordCache.set(word, tokens);
    }
    return tokens;
  }

  #merged(bytes: Uint8Array): readonly TokenMatch[] {
    const tokens = this.#merges.apply(
      Array.from(bytes, (byte) => {
        const token = this.#byteTokens[byte];
        if (token === undefined) throw new RangeError(`byte ${byte} does not occur in UTF-8`);
        return token;
      }),
    );
    return tokens.map((token) => ({ token, byteLength: this.#entries.bytesOf(token).length }));
  }
}
