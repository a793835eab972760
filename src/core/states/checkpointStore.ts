import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import type { AnyState, PackedState } from "../model.js";
import { bytesOf, bytesWithState, type Checkpoint } from "./checkpoint.js";
import { CheckpointIndex } from "./checkpointIndex.js";

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

/** Above this share of the ceiling, checkpoints without a place in an open document are evicted first. */
const unplacedShare = 1 / 8;

/**
 * Stores checkpoints within a ceiling of bytes, and finds them by the tokens they have read. Checkpoints without a
 * place in an open document (older texts, closed documents, conversations) are evicted least recently used first. Among
 * the others, the store evicts or packs the one whose loss costs later requests least per freed byte.
 */
export class CheckpointStore {
  readonly maxBytes: number;
  readonly #index = new CheckpointIndex();
  readonly #documents = new Set<PlacedCheckpoints>();
  /** Number of places that each checkpoint has in open documents. */
  readonly #places = new Map<Checkpoint, number>();
  #placedBytes = 0;
  #tooLarge = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#index.bytes;
  }

  get count(): number {
    return this.#index.count;
  }

  /** Number of checkpoints with a packed state. */
  get packedCount(): number {
    return this.#index.packedCount;
  }

  /** Number of states that were not stored because even a single one exceeds `maxBytes`. */
  get tooLarge(): number {
    return this.#tooLarge;
  }

  has(prefix: TokenPrefix): boolean {
    return this.#index.find(prefix.key) !== undefined;
  }

  /** Finds a checkpoint by its token prefix. This counts as a use. */
  get(prefix: TokenPrefix): Checkpoint | undefined {
    const checkpoint = this.#index.find(prefix.key);
    if (checkpoint !== undefined) this.#index.touch(checkpoint);
    return checkpoint;
  }

  /** Finds a checkpoint by its key. This does not count as a use. */
  find(key: string): Checkpoint | undefined {
    return this.#index.find(key);
  }

  /** Whether the store has the checkpoint with this key, and an open document has a place for it. */
  isPlaced(key: string): boolean {
    const checkpoint = this.#index.find(key);
    return checkpoint !== undefined && this.#places.has(checkpoint);
  }

  /**
   * Keeps a state, and evicts or packs others if necessary. @returns undefined if the state alone exceeds `maxBytes`.
   */
  save(prefix: TokenPrefix, state: AnyState): Checkpoint | undefined {
    if (bytesWithState(state.data.byteLength) > this.maxBytes) {
      this.#tooLarge++;
      return undefined;
    }
    const checkpoint = this.#add(prefix, state);
    this.#makeRoom(checkpoint);
    return checkpoint;
  }

  delete(key: string): void {
    const checkpoint = this.#index.find(key);
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
      this.#index.touch(checkpoint);
    }
  }

  /** How many states of `stateBytes` may stay without a place in an open document when the store is full. */
  unplacedRoom(stateBytes: number): number {
    return Math.max(1, Math.floor((this.maxBytes * unplacedShare) / bytesWithState(stateBytes)));
  }

  /** Removes a checkpoint without a place if the store is full; otherwise it stays until the store needs room. */
  dropUnplaced(checkpoint: Checkpoint): void {
    const isFull = this.bytes + bytesOf(checkpoint) > this.maxBytes;
    if (isFull && this.#index.find(checkpoint.key) === checkpoint && !this.#places.has(checkpoint)) {
      this.#remove(checkpoint);
    }
  }

  /**
   * True if a state is worth copying into the store: there is room, or checkpoints without a place can make room, or
   * losing another checkpoint costs less.
   * @param loss returns the cost of not keeping the state, per byte.
   */
  hasRoomFor(stateBytes: number, loss: () => number): boolean {
    if (this.bytes + bytesWithState(stateBytes) <= this.maxBytes) return true;
    if (this.bytes - this.#placedBytes > this.maxBytes * unplacedShare) return true;
    const cheapest = this.#cheapest(undefined);
    return cheapest === undefined || loss() > cheapest.loss;
  }

  /** See `CheckpointIndex.nearest`. */
  nearest(text: TokenizedText, tokenCount: number, minTokens = 0): Checkpoint | undefined {
    return this.#index.nearest(text, tokenCount, minTokens);
  }

  /** See `CheckpointIndex.inBlock`. */
  inBlock(text: TokenizedText, block: number, maxTokens: number, isRounded = false): Checkpoint | undefined {
    return this.#index.inBlock(text, block, maxTokens, isRounded);
  }

  /** For tests. @throws Error if the index and the places are inconsistent. */
  checkInvariants(): void {
    this.#index.checkInvariants();
    if (this.bytes > this.maxBytes) throw new Error(`${this.bytes} bytes of ${this.maxBytes}`);
    for (const checkpoint of this.#places.keys()) {
      if (this.find(checkpoint.key) !== checkpoint) throw new Error(`${checkpoint.key} is not the one kept`);
    }
    const placed = [...this.#places.keys()].reduce((sum, checkpoint) => sum + bytesOf(checkpoint), 0);
    if (placed !== this.#placedBytes) throw new Error(`${placed} bytes placed, not ${this.#placedBytes}`);
  }

  #makeRoom(saved: Checkpoint): void {
    while (this.bytes > this.maxBytes) {
      const isUnplacedOver = this.bytes - this.#placedBytes > this.maxBytes * unplacedShare;
      const unplaced = isUnplacedOver ? this.#oldestUnplaced(saved) : undefined;
      const placed = unplaced === undefined ? this.#cheapest(saved) : undefined;
      if (placed !== undefined) this.#shrink(placed);
      else this.#remove(unplaced ?? this.#oldestUnplaced(saved) ?? saved);
    }
  }

  #shrink({ checkpoint, pack }: EvictionCandidate): void {
    const state = pack();
    this.#index.remove(checkpoint); // first, because the packed form of a rounded checkpoint has the same key
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
    this.#index.add(checkpoint);
    return checkpoint;
  }

  #oldestUnplaced(except: Checkpoint): Checkpoint | undefined {
    for (const checkpoint of this.#index.all()) {
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

  #remove(checkpoint: Checkpoint): void {
    this.#index.remove(checkpoint);
    this.#forgetPlaces(checkpoint);
  }

  #forgetPlaces(checkpoint: Checkpoint): void {
    if (!this.#places.delete(checkpoint)) return;
    this.#placedBytes -= bytesOf(checkpoint);
    for (const document of this.#documents) document.evicted(checkpoint);
  }
}
