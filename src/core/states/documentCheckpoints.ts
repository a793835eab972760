import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { SavePolicy } from "./checkpointedReader.js";
import { isOnGrid, type GridZone } from "./checkpointGrid.js";
import type { CheckpointStore } from "./checkpointStore.js";

/** Which checkpoints of one document are worth keeping: decides what is saved, deletes what became too dense. */
export class DocumentCheckpoints implements SavePolicy {
  readonly #store: CheckpointStore;
  readonly #zone: () => GridZone;
  /** Key to token count, of what was saved for this document. */
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

  /** Deletes what is off the grid that the cursor's place now asks for; the rest is left to the ceiling of the store. */
  #thin(): void {
    const zone = this.#zone();
    for (const [key, tokenCount] of this.#tokenCountByKey) {
      if (isOnGrid(tokenCount, zone)) continue;
      this.#store.delete(key);
      this.#tokenCountByKey.delete(key);
    }
    // What is on the grid but gone from the store, or of an older text, no longer counts.
    while (this.#tokenCountByKey.size > zone.maxStates) {
      const [oldest] = this.#tokenCountByKey.keys();
      if (oldest === undefined) return;
      this.#tokenCountByKey.delete(oldest);
    }
  }
}
