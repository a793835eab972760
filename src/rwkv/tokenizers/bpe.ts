import type { TokenId, Tokenizer, TokenMatch } from "../../core/model.js";
import { Entries } from "./entries.js";
import { Merges, type Merge } from "./merges.js";
import { PreTokens, preTokenLookAhead } from "./preTokens.js";
import type { VocabularyEntry } from "./vocabularyFile.js";

/** What byte-level BPE needs to know (RWKV.md §11, "20B"). */
export interface BpeVocabulary {
  /** Each byte that UTF-8 has is one of them; runs of spaces that are matched first come last. */
  readonly entries: readonly VocabularyEntry[];
  readonly merges: readonly Merge[];
  /** Spaces of the longest run that is matched before anything else; 0 where none is. */
  readonly longestRun: number;
}

/** Words that are remembered with their tokens: text repeats itself. */
const rememberedWords = 20_000;
const longestRemembered = 32;

/**
 * Byte-level BPE: a piece is a word of the split text, its tokens are its bytes, merged. Text is taken as it is written:
 * the models' own tokenizer brings it to Unicode's form C first, but what is shown must continue the user's bytes. So a
 * letter written as two characters (e and an accent) is read as two.
 */
export class BpeTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly lookAheadBytes = preTokenLookAhead;
  readonly sentinelBytes: ReadonlySet<number>;
  readonly #entries: Entries;
  readonly #merges: Merges;
  readonly #preTokens: PreTokens;
  readonly #ofByte: readonly (TokenId | undefined)[];
  readonly #words = new Map<string, readonly TokenMatch[]>();

  constructor({ entries, merges, longestRun }: BpeVocabulary, vocabularySize: number) {
    this.vocabularySize = vocabularySize;
    this.#entries = new Entries(entries);
    this.#merges = new Merges(merges);
    this.#preTokens = new PreTokens(longestRun);
    this.sentinelBytes = this.#entries.sentinelBytes;
    const ofByte = (byte: number): TokenId | undefined => this.#entries.longestAt(Uint8Array.of(byte), 0, 1)?.token;
    this.#ofByte = Array.from({ length: 256 }, (_, byte) => ofByte(byte));
  }

  pieceAt(bytes: Uint8Array, byteOffset: number, end: number): readonly TokenMatch[] {
    const piece = this.#preTokens.at(bytes, byteOffset, end);
    if (piece.kind === "word") return this.#wordAt(bytes.subarray(byteOffset, piece.end));
    const match = this.#entries.longestAt(bytes, byteOffset, piece.end);
    return match === undefined ? [] : [match];
  }

  isPieceOpen(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    return this.#preTokens.at(bytes, byteOffset, end).isOpen;
  }

  bytesOf(token: TokenId): Uint8Array {
    return this.#entries.bytesOf(token);
  }

  canReachPast(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    return this.#entries.canReachPast(bytes, byteOffset, end);
  }

  entriesAgreeingWith(required: Uint8Array): readonly TokenId[] {
    return this.#entries.agreeingWith(required);
  }

  #wordAt(bytes: Uint8Array): readonly TokenMatch[] {
    if (bytes.length > longestRemembered) return this.#merged(bytes);
    const word = String.fromCharCode(...bytes);
    let tokens = this.#words.get(word);
    if (tokens === undefined) {
      tokens = this.#merged(bytes);
      if (this.#words.size === rememberedWords) this.#words.clear();
      this.#words.set(word, tokens);
    }
    return tokens;
  }

  #merged(bytes: Uint8Array): readonly TokenMatch[] {
    const tokens = this.#merges.apply(
      Array.from(bytes, (byte) => {
        const token = this.#ofByte[byte];
        if (token === undefined) throw new RangeError(`byte ${byte} is no text: UTF-8 has none such`);
        return token;
      }),
    );
    return tokens.map((token) => ({ token, byteLength: this.#entries.bytesOf(token).length }));
  }
}
