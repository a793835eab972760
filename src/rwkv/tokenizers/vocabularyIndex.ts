import type { TokenId, TokenMatch } from "../../core/model.js";
import { ByteTrie } from "./byteTrie.js";
import type { VocabularyEntry } from "./vocabularyFile.js";

const noBytes = new Uint8Array();

/** Finds vocabulary entries by id or by bytes. If several entries have the same bytes, the last one is found. */
export class VocabularyIndex {
  /** Length of the longest entry. */
  readonly maxBytes: number;
  /** Byte values without an entry, which serve as sentinels. */
  readonly sentinelBytes: ReadonlySet<number>;
  readonly #bytes: (Uint8Array | undefined)[] = [];
  readonly #trie: ByteTrie;

  constructor(entries: readonly VocabularyEntry[]) {
    this.#trie = new ByteTrie(entries.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const withoutEntry = new Set(Array.from({ length: 256 }, (_, byte) => byte));
    let maxBytes = 1;
    for (const { token, bytes } of entries) {
      this.#bytes[token] = bytes;
      this.#trie.add(bytes, token);
      maxBytes = Math.max(maxBytes, bytes.length);
      if (bytes.length === 1) withoutEntry.delete(bytes[0] ?? 0);
    }
    this.maxBytes = maxBytes;
    this.sentinelBytes = withoutEntry;
  }

  bytesOf(token: TokenId): Uint8Array {
    return this.#bytes[token] ?? noBytes;
  }

  /** The longest entry at `byteOffset` that ends at or before `end`; undefined if there is none. */
  longestMatchAt(bytes: Uint8Array, byteOffset: number, end: number): TokenMatch | undefined {
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
    return token < 0 ? undefined : { token: token as TokenId, byteLength }; // the trie's values are the entries' ids
  }

  /** True if some entry starts with bytes[byteOffset, end) and is longer. */
  canExtendPast(bytes: Uint8Array, byteOffset: number, end: number): boolean {
    let node = 0;
    for (let at = byteOffset; at < end; at++) {
      node = this.#trie.child(node, bytes[at] ?? 0);
      if (node === 0) return false;
    }
    return this.#trie.hasChildren(node);
  }

  /** The tokens that a decoder may choose if the text must start with `forcedBytes`: prefixes or extensions of them. */
  compatibleWith(forcedBytes: Uint8Array): readonly TokenId[] {
    const entries: number[] = [];
    let node = 0;
    for (const byte of forcedBytes) {
      node = this.#trie.child(node, byte);
      if (node === 0) return entries as TokenId[];
      const value = this.#trie.valueAt(node);
      if (value >= 0) entries.push(value);
    }
    for (const value of this.#trie.valuesBelow(node)) entries.push(value);
    return entries as TokenId[]; // the trie's values are the entries' ids
  }
}
