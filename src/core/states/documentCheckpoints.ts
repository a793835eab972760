import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { SavePolicy } from "./checkpointedReader.js";
import { isOnGrid, type GridZone } from "./checkpointGrid.js";
import type { CheckpointStore } from "./checkpointStore.js";

/** Decides which checkpoints of a document are saved, and deletes those that the grid no longer has. */
export class DocumentCheckpoints implements SavePolicy {
  readonly #store: CheckpointStore;
  readonly #zone: () => GridZone;
  /** Maps the key of each checkpoint saved for this document to its token count. */
  readonly #tokenCountByKey = new Map<string, number>();

  constructor(store: CheckpointStore, zone: () => GridZone) {
    this.#store = store;
    this.#zone = zone;
  }

  get count(): number {
    return this.#tokenCountByKey.size;
  }

  shouldSave(tokenCount: number): boolean {
    return isOnGrid(tokenCount, this.#zone());
  }

  onSaved(prefix: TokenPrefix): void {
    this.#tokenCountByKey.set(prefix.key, prefix.tokenCount);
    if (this.#tokenCountByKey.size > this.#zone().maxStates) this.#thin();
  }

  /**
   * Deletes the checkpoints that are off the grid of the present cursor. The store's byte limit takes care of the
   * others.
   */
  #thin(): void {
    const zone = this.#zone();
    for (const [key, tokenCount] of this.#tokenCountByKey) {
      if (isOnGrid(tokenCount, zone)) continue;
      this.#store.delete(key);
      this.#tokenCountByKey.delete(key);
    }
    // The oldest entries are probably evicted or belong to an older text; they are no longer counted.
    while (this.#tokenCountByKey.size > zone.maxStates) {
      const [oldest] = this.#tokenCountByKey.keys();
      if (oldest === undefined) return;
      this.#tokenCountByKey.delete(oldest);
    }
  }
}
