import type { TokenId, Tokenizer, TokenMatch } from "../../core/model.js";
import { ByteTrie } from "./byteTrie.js";
import type { VocabularyEntry } from "./vocabularyFile.js";

const noBytes = new Uint8Array();

/**
 * Greedy longest match over bytes: at each place the longest entry wins, with no splitting before (RWKV.md §11, "World").
 * Bytes without an entry of their own are the ones that serve as sentinels.
 */
export class GreedyTrieTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly maxTokenBytes: number;
  readonly sentinelBytes: ReadonlySet<number>;
  readonly #bytes: (Uint8Array | undefined)[] = [];
  readonly #trie: ByteTrie;

  constructor(entries: readonly VocabularyEntry[], vocabularySize: number) {
    this.vocabularySize = vocabularySize;
    this.#trie = new ByteTrie(entries.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const withoutEntry = new Set(Array.from({ length: 256 }, (_, byte) => byte));
    let maxTokenBytes = 1;
    for (const { token, bytes } of entries) {
      this.#bytes[token] = bytes;
      this.#trie.add(bytes, token);
      maxTokenBytes = Math.max(maxTokenBytes, bytes.length);
      if (bytes.length === 1) withoutEntry.delete(bytes[0] ?? 0);
    }
    this.maxTokenBytes = maxTokenBytes;
    this.sentinelBytes = withoutEntry;
  }

  longestMatch(bytes: Uint8Array, byteOffset: number, end: number): TokenMatch {
    let node = 0;
    let token = -1;
    let byteLength = 0;
    for (let at = byteOffset; at < end;) {
      node = this.#trie.child(node, bytes[at] ?? 0);
      if (node === 0) break;
      at++;
      const value = this.#trie.valueAt(node);
      if (value < 0) continue;
      token = value;
      byteLength = at - byteOffset;
    }
    if (token < 0)
      throw new RangeError(`byte ${bytes[byteOffset] ?? "past the end"} is no text: it serves as a sentinel`);
    return { token: token as TokenId, byteLength }; // the trie's values are the entries' ids
  }

  bytesOf(token: TokenId): Uint8Array {
    return this.#bytes[token] ?? noBytes;
  }

  canReachPast(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    const node = this.#walk(bytes, byteOffset, end);
    return node !== undefined && this.#trie.hasChildren(node);
  }

  entriesAgreeingWith(required: Uint8Array): readonly TokenId[] {
    const entries: number[] = [];
    let node = 0;
    for (const byte of required) {
      node = this.#trie.child(node, byte);
      if (node === 0) return entries as TokenId[];
      const value = this.#trie.valueAt(node);
      if (value >= 0) entries.push(value);
    }
    entries.push(...this.#trie.valuesBelow(node));
    return entries as TokenId[]; // the trie's values are the entries' ids
  }

  #walk(bytes: Uint8Array, from: number, to: number): number | undefined {
    let node = 0;
    for (let at = from; at < to; at++) {
      node = this.#trie.child(node, bytes[at] ?? 0);
      if (node === 0) return undefined;
    }
    return node;
  }
}
