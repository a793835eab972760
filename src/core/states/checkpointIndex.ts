import { blockTokens, numericHash } from "../tokens/tokenPrefix.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import { isPacked } from "../model.js";
import { bytesOf, type Checkpoint } from "./checkpoint.js";

/** Finds checkpoints by their keys and by the tokens they have read, and knows which was used least recently. */
export class CheckpointIndex {
  /** By key, least recently used first. */
  readonly #entries = new Map<string, Checkpoint>();
  /** Maps a block hash to the checkpoints after that block and before the end of the next. */
  readonly #byBlock = new Map<number, Checkpoint[]>();
  #bytes = 0;
  #packedCount = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Number of checkpoints with a packed state. */
  get packedCount(): number {
    return this.#packedCount;
  }

  /** Finds a checkpoint by its key. This does not count as a use. */
  find(key: string): Checkpoint | undefined {
    return this.#entries.get(key);
  }

  /** All checkpoints, least recently used first. */
  all(): Iterable<Checkpoint> {
    return this.#entries.values();
  }

  /** Call when a checkpoint of the index is used. */
  touch(checkpoint: Checkpoint): void {
    this.#entries.delete(checkpoint.key);
    this.#entries.set(checkpoint.key, checkpoint);
  }

  /** Adds a checkpoint whose key is not in the index. */
  add(checkpoint: Checkpoint): void {
    this.#entries.set(checkpoint.key, checkpoint);
    this.#bytes += bytesOf(checkpoint);
    if (isPacked(checkpoint.state)) this.#packedCount++;
    const block = numericHash(checkpoint.prefix.hash);
    const list = this.#byBlock.get(block);
    if (list === undefined) this.#byBlock.set(block, [checkpoint]);
    else list.push(checkpoint);
  }

  /** Removes a checkpoint, which must be in the index. */
  remove(checkpoint: Checkpoint): void {
    this.#entries.delete(checkpoint.key);
    this.#bytes -= bytesOf(checkpoint);
    if (isPacked(checkpoint.state)) this.#packedCount--;
    const block = numericHash(checkpoint.prefix.hash);
    const others = (this.#byBlock.get(block) ?? []).filter((other) => other !== checkpoint);
    if (others.length === 0) this.#byBlock.delete(block);
    else this.#byBlock.set(block, others);
  }

  /**
   * The last exact checkpoint within the first `tokenCount` tokens of a text. Blocks that end before `minTokens` are
   * not searched. This counts as a use.
   */
  nearest(text: TokenizedText, tokenCount: number, minTokens = 0): Checkpoint | undefined {
    const maxTokens = Math.min(tokenCount, text.tokenCount);
    const minBlock = Math.max(0, Math.floor(minTokens / blockTokens));
    for (let block = Math.floor(maxTokens / blockTokens); block >= minBlock; block--) {
      const best = this.inBlock(text, block, maxTokens);
      if (best === undefined) continue;
      this.touch(best);
      return best;
    }
    return undefined;
  }

  /**
   * The last checkpoint within a block of a text: it has read all earlier blocks, and at most `maxTokens` tokens in
   * all. If `isRounded` is true, only rounded checkpoints are searched, otherwise only the others.
   */
  inBlock(text: TokenizedText, block: number, maxTokens: number, isRounded = false): Checkpoint | undefined {
    const list = this.#byBlock.get(numericHash(text.hashAt(block)));
    if (list === undefined) return undefined;
    let best: Checkpoint | undefined;
    for (const candidate of list) {
      const { tokenCount: count, prefix } = candidate;
      if (prefix.isRounded !== isRounded || count > maxTokens || count <= (best?.tokenCount ?? 0)) continue;
      if (count - prefix.remainder.length !== block * blockTokens) continue;
      if (text.matches(prefix.remainder, block * blockTokens)) best = candidate;
    }
    // Compare the keys: they contain all 64 bits of the hash, the index only 53.
    if (best === undefined) return undefined;
    const own = text.prefixAt(best.tokenCount);
    return best.key === (isRounded ? own.rounded() : own).key ? best : undefined;
  }

  /** For tests. @throws Error if the entries, the blocks and the counts are inconsistent. */
  checkInvariants(): void {
    const indexed = [...this.#byBlock.values()].flat();
    if (indexed.length !== this.#entries.size) throw new Error(`${indexed.length} indexed, ${this.#entries.size} kept`);
    for (const checkpoint of indexed) {
      if (this.find(checkpoint.key) !== checkpoint) throw new Error(`${checkpoint.key} is not the one kept`);
    }
    const bytes = indexed.reduce((sum, checkpoint) => sum + bytesOf(checkpoint), 0);
    if (bytes !== this.#bytes) throw new Error(`${bytes} bytes, not ${this.#bytes}`);
    const packed = indexed.filter(({ state }) => isPacked(state)).length;
    if (packed !== this.#packedCount) throw new Error(`${packed} packed, not ${this.#packedCount}`);
  }
}
