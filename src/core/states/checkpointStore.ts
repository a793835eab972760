import { blockTokens, numericHash, type TokenPrefix } from "../tokens/tokenPrefix.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import { isPacked, type AnyState, type PackedState } from "../model.js";

/** A state plus the identity of the tokens it has read. */
export interface Checkpoint {
  readonly key: string;
  readonly prefix: TokenPrefix;
  readonly tokenCount: number;
  /** Packed only if `prefix` is rounded, and not even then if more tokens were read after the packing. */
  readonly state: AnyState;
}

/** An open document's checkpoints. When the store needs room, it chooses one of them to evict or to pack. */
export interface PlacedCheckpoints {
  /** The checkpoint whose eviction or packing costs later requests least per freed byte, and that cost. */
  cheapest(except: Checkpoint | undefined): EvictionCandidate | undefined;
  /** Replaces a checkpoint with one that has the packed state, at all its places. */
  packed(checkpoint: Checkpoint, packed: Checkpoint): void;
  evicted(checkpoint: Checkpoint): void;
}

export interface EvictionCandidate {
  readonly checkpoint: Checkpoint;
  readonly loss: number;
  /** Returns the packed state; undefined if evicting the checkpoint is better, or if it cannot be packed. */
  readonly pack: () => PackedState | undefined;
}

/** Estimated memory of an entry besides its state. */
const overheadBytes = 512;
/** Above this share of the ceiling, checkpoints without a place in an open document are evicted first. */
const unplacedShare = 1 / 8;

/**
 * Stores checkpoints within a ceiling of bytes, and finds them by the tokens they have read. Checkpoints without a
 * place in an open document (older texts, closed documents, conversations) are evicted least recently used first. Among
 * the others, the store evicts or packs the one whose loss costs later requests least per freed byte.
 */
export class CheckpointStore {
  readonly maxBytes: number;
  /** By key, least recently used first. */
  readonly #entries = new Map<string, Checkpoint>();
  /** Maps a block hash to the checkpoints after that block and before the end of the next. */
  readonly #byBlock = new Map<number, Checkpoint[]>();
  readonly #documents = new Set<PlacedCheckpoints>();
  /** Number of places that each checkpoint has in open documents. */
  readonly #places = new Map<Checkpoint, number>();
  #bytes = 0;
  #placedBytes = 0;
  #packedCount = 0;
  #tooLarge = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

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

  /** Number of states that were not stored because even a single one exceeds `maxBytes`. */
  get tooLarge(): number {
    return this.#tooLarge;
  }

  has(prefix: TokenPrefix): boolean {
    return this.#entries.has(prefix.key);
  }

  /** Finds a checkpoint by its token prefix. This counts as a use. */
  get(prefix: TokenPrefix): Checkpoint | undefined {
    const checkpoint = this.#entries.get(prefix.key);
    if (checkpoint !== undefined) this.#touch(checkpoint);
    return checkpoint;
  }

  /** Finds a checkpoint by its key. This does not count as a use. */
  find(key: string): Checkpoint | undefined {
    return this.#entries.get(key);
  }

  /** Whether the store has the checkpoint with this key, and an open document has a place for it. */
  isPlaced(key: string): boolean {
    const checkpoint = this.#entries.get(key);
    return checkpoint !== undefined && this.#places.has(checkpoint);
  }

  /**
   * Keeps a state, and evicts or packs others if necessary. @returns undefined if the state alone exceeds `maxBytes`.
   */
  save(prefix: TokenPrefix, state: AnyState): Checkpoint | undefined {
    if (state.data.byteLength + overheadBytes > this.maxBytes) {
      this.#tooLarge++;
      return undefined;
    }
    const checkpoint = this.#add(prefix, state);
    this.#makeRoom(checkpoint);
    return checkpoint;
  }

  delete(key: string): void {
    const checkpoint = this.#entries.get(key);
    if (checkpoint !== undefined) this.#remove(checkpoint);
  }

  /**
   * Registers an open document, so that its checkpoints can be evicted by their value. The document must call `place`
   * for each of them.
   */
  addDocument(document: PlacedCheckpoints): void {
    this.#documents.add(document);
  }

  removeDocument(document: PlacedCheckpoints): void {
    this.#documents.delete(document);
  }

  place(checkpoint: Checkpoint): void {
    const places = this.#places.get(checkpoint) ?? 0;
    if (places === 0) this.#placedBytes += bytesOf(checkpoint);
    this.#places.set(checkpoint, places + 1);
  }

  unplace(checkpoint: Checkpoint): void {
    const places = this.#places.get(checkpoint);
    if (places === undefined) return; // already evicted
    if (places > 1) this.#places.set(checkpoint, places - 1);
    else {
      this.#places.delete(checkpoint);
      this.#placedBytes -= bytesOf(checkpoint);
      this.#touch(checkpoint);
    }
  }

  /** How many states of `stateBytes` may stay without a place in an open document when the store is full. */
  unplacedRoom(stateBytes: number): number {
    return Math.max(1, Math.floor((this.maxBytes * unplacedShare) / (stateBytes + overheadBytes)));
  }

  /** Removes a checkpoint without a place if the store is full; otherwise it stays until the store needs room. */
  dropUnplaced(checkpoint: Checkpoint): void {
    const isFull = this.#bytes + bytesOf(checkpoint) > this.maxBytes;
    if (isFull && this.#entries.get(checkpoint.key) === checkpoint && !this.#places.has(checkpoint)) {
      this.#remove(checkpoint);
    }
  }

  /**
   * True if a state is worth copying into the store: there is room, or checkpoints without a place can make room, or
   * losing another checkpoint costs less.
   * @param loss returns the cost of not keeping the state, per byte.
   */
  hasRoomFor(stateBytes: number, loss: () => number): boolean {
    if (this.#bytes + stateBytes + overheadBytes <= this.maxBytes) return true;
    if (this.#bytes - this.#placedBytes > this.maxBytes * unplacedShare) return true;
    const cheapest = this.#cheapest(undefined);
    return cheapest === undefined || loss() > cheapest.loss;
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
      this.#touch(best);
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

  /** For tests. @throws Error if the index, the places and the entries are inconsistent. */
  checkInvariants(): void {
    const indexed = [...this.#byBlock.values()].flat();
    if (indexed.length !== this.#entries.size) throw new Error(`${indexed.length} indexed, ${this.#entries.size} kept`);
    const bytes = indexed.reduce((sum, checkpoint) => sum + bytesOf(checkpoint), 0);
    if (bytes !== this.bytes || bytes > this.maxBytes) throw new Error(`${bytes} bytes of ${this.maxBytes}`);
    for (const checkpoint of [...indexed, ...this.#places.keys()]) {
      if (this.#entries.get(checkpoint.key) !== checkpoint) throw new Error(`${checkpoint.key} is not the one kept`);
    }
    const packed = indexed.filter(({ state }) => isPacked(state)).length;
    if (packed !== this.#packedCount) throw new Error(`${packed} packed, not ${this.#packedCount}`);
    const placed = [...this.#places.keys()].reduce((sum, checkpoint) => sum + bytesOf(checkpoint), 0);
    if (placed !== this.#placedBytes) throw new Error(`${placed} bytes placed, not ${this.#placedBytes}`);
  }

  #makeRoom(saved: Checkpoint): void {
    while (this.#bytes > this.maxBytes) {
      const isUnplacedOver = this.#bytes - this.#placedBytes > this.maxBytes * unplacedShare;
      const unplaced = isUnplacedOver ? this.#oldestUnplaced(saved) : undefined;
      const placed = unplaced === undefined ? this.#cheapest(saved) : undefined;
      if (placed !== undefined) this.#shrink(placed);
      else this.#remove(unplaced ?? this.#oldestUnplaced(saved) ?? saved);
    }
  }

  #shrink({ checkpoint, pack }: EvictionCandidate): void {
    const state = pack();
    this.#unlist(checkpoint); // first, because the packed form of a rounded checkpoint has the same key
    if (state !== undefined) {
      const packed = this.#add(checkpoint.prefix.rounded(), state);
      for (const document of this.#documents) document.packed(checkpoint, packed);
    }
    this.#forgetPlaces(checkpoint);
  }

  #add(prefix: TokenPrefix, state: AnyState): Checkpoint {
    const known = this.get(prefix); // has the same state, or an equally good one if both are rounded
    if (known !== undefined) return known;
    const checkpoint = { key: prefix.key, prefix: prefix.copy(), tokenCount: prefix.tokenCount, state };
    this.#entries.set(checkpoint.key, checkpoint);
    this.#bytes += bytesOf(checkpoint);
    if (isPacked(state)) this.#packedCount++;
    const block = numericHash(checkpoint.prefix.hash);
    const list = this.#byBlock.get(block);
    if (list === undefined) this.#byBlock.set(block, [checkpoint]);
    else list.push(checkpoint);
    return checkpoint;
  }

  #oldestUnplaced(except: Checkpoint): Checkpoint | undefined {
    for (const checkpoint of this.#entries.values()) {
      if (checkpoint !== except && !this.#places.has(checkpoint)) return checkpoint;
    }
    return undefined;
  }

  #cheapest(except: Checkpoint | undefined): EvictionCandidate | undefined {
    let cheapest: EvictionCandidate | undefined;
    for (const document of this.#documents) {
      const candidate = document.cheapest(except);
      if (candidate !== undefined && candidate.loss < (cheapest?.loss ?? Infinity)) cheapest = candidate;
    }
    return cheapest;
  }

  #touch(checkpoint: Checkpoint): void {
    this.#entries.delete(checkpoint.key);
    this.#entries.set(checkpoint.key, checkpoint);
  }

  #remove(checkpoint: Checkpoint): void {
    this.#unlist(checkpoint);
    this.#forgetPlaces(checkpoint);
  }

  #unlist(checkpoint: Checkpoint): void {
    this.#entries.delete(checkpoint.key);
    this.#bytes -= bytesOf(checkpoint);
    if (isPacked(checkpoint.state)) this.#packedCount--;
    const block = numericHash(checkpoint.prefix.hash);
    const others = (this.#byBlock.get(block) ?? []).filter((other) => other !== checkpoint);
    if (others.length === 0) this.#byBlock.delete(block);
    else this.#byBlock.set(block, others);
  }

  #forgetPlaces(checkpoint: Checkpoint): void {
    if (!this.#places.delete(checkpoint)) return;
    this.#placedBytes -= bytesOf(checkpoint);
    for (const document of this.#documents) document.evicted(checkpoint);
  }
}

function bytesOf(checkpoint: Checkpoint): number {
  return checkpoint.state.data.byteLength + overheadBytes;
}
