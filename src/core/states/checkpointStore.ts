import { LRUCache } from "lru-cache";
import { blockTokens, numericHash, type TokenPrefix } from "../tokens/tokenPrefix.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import type { State, TokenId } from "../model.js";

/** A saved state with the identity of the tokens it has read. */
export interface Checkpoint {
  readonly key: string;
  readonly tokenCount: number;
  /** The tokens after the last full block. */
  readonly remainder: readonly TokenId[];
  readonly blockHash: number;
  readonly state: State;
}

/** Estimated size of an entry without its state. */
const overheadBytes = 512;

/**
 * Stores checkpoints within a byte limit and finds them by the tokens they have read. The least recently used ones are
 * evicted first. The callers decide which checkpoints are worth saving (checkpointGrid.ts).
 */
export class CheckpointStore {
  readonly maxBytes: number;
  readonly #cache: LRUCache<string, Checkpoint>;
  /** Maps a block hash to the checkpoints after that block and before the next one. */
  readonly #byBlock = new Map<number, Checkpoint[]>();
  #tooLarge = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.#cache = new LRUCache<string, Checkpoint>({
      maxSize: maxBytes,
      sizeCalculation: bytesOf,
      dispose: (checkpoint) => {
        this.#removeFromIndex(checkpoint);
      },
    });
  }

  get bytes(): number {
    return this.#cache.calculatedSize;
  }

  get count(): number {
    return this.#cache.size;
  }

  /** The number of states that were not stored because each alone exceeds the limit. */
  get tooLarge(): number {
    return this.#tooLarge;
  }

  has(prefix: TokenPrefix): boolean {
    return this.#cache.has(prefix.key);
  }

  /** The checkpoint after exactly the tokens of `prefix`. */
  get(prefix: TokenPrefix): Checkpoint | undefined {
    return this.#cache.get(prefix.key);
  }

  save(prefix: TokenPrefix, state: State): void {
    const checkpoint: Checkpoint = {
      key: prefix.key,
      tokenCount: prefix.tokenCount,
      remainder: [...prefix.remainder],
      blockHash: numericHash(prefix.hash),
      state,
    };
    if (bytesOf(checkpoint) > this.maxBytes) {
      this.#tooLarge++;
      return;
    }
    this.#cache.set(checkpoint.key, checkpoint);
    const list = this.#byBlock.get(checkpoint.blockHash);
    if (list === undefined) this.#byBlock.set(checkpoint.blockHash, [checkpoint]);
    else list.push(checkpoint);
  }

  delete(key: string): void {
    this.#cache.delete(key);
  }

  /** The checkpoint that covers the most of the first `tokenCount` tokens of a text. */
  nearest(text: TokenizedText, tokenCount: number): Checkpoint | undefined {
    const maxTokens = Math.min(tokenCount, text.tokenCount);
    for (let block = Math.floor(maxTokens / blockTokens); block >= 0; block--) {
      const list = this.#byBlock.get(numericHash(text.hashAt(block)));
      if (list === undefined) continue;
      let best: Checkpoint | undefined;
      for (const candidate of list) {
        const { tokenCount: count, remainder } = candidate;
        if (count > maxTokens || count <= (best?.tokenCount ?? 0)) continue;
        if (count - remainder.length === block * blockTokens && text.matches(remainder, block * blockTokens)) {
          best = candidate;
        }
      }
      if (best === undefined) continue;
      // The index uses only 53 bits of the hash; the key has all 64.
      if (best.key === text.prefixAt(best.tokenCount).key) return this.#cache.get(best.key);
    }
    return undefined;
  }

  /** For tests. @throws Error if the index and the cache disagree, or the limit is exceeded. */
  checkInvariants(): void {
    const indexed = [...this.#byBlock.values()].flat();
    if (indexed.length !== this.#cache.size) throw new Error(`${indexed.length} indexed, ${this.#cache.size} stored`);
    const bytes = indexed.reduce((sum, checkpoint) => sum + bytesOf(checkpoint), 0);
    if (bytes !== this.bytes || bytes > this.maxBytes) throw new Error(`${bytes} bytes of ${this.maxBytes}`);
    for (const checkpoint of indexed) {
      if (this.#cache.peek(checkpoint.key) !== checkpoint) throw new Error(`${checkpoint.key} is not the stored one`);
    }
  }

  #removeFromIndex(checkpoint: Checkpoint): void {
    const list = this.#byBlock.get(checkpoint.blockHash);
    if (list === undefined) return;
    const others = list.filter((other) => other !== checkpoint);
    if (others.length === 0) this.#byBlock.delete(checkpoint.blockHash);
    else this.#byBlock.set(checkpoint.blockHash, others);
  }
}

function bytesOf(checkpoint: Checkpoint): number {
  return checkpoint.state.data.byteLength + overheadBytes;
}
