import type { TokenChain } from "../document/tokenChain.js";
import type { SavePolicy } from "./reading.js";
import { isOnGrid, type SpacingZone } from "./spacing.js";
import type { CheckpointStore } from "./store.js";

/** Which checkpoints of one document are worth keeping: decides what is saved, deletes what became too dense. */
export class DocumentCheckpoints implements SavePolicy {
  readonly #store: CheckpointStore;
  readonly #zone: () => SpacingZone;
  /** Key to token count, of what was saved for this document. */
  readonly #saved = new Map<string, number>();

  constructor(store: CheckpointStore, zone: () => SpacingZone) {
    this.#store = store;
    this.#zone = zone;
  }

  get count(): number {
    return this.#saved.size;
  }

  isWorthSaving(tokenCount: number): boolean {
    return isOnGrid(tokenCount, this.#zone());
  }

  saved(chain: TokenChain): void {
    this.#saved.set(chain.key, chain.tokenCount);
    if (this.#saved.size > this.#zone().states) this.#thin();
  }

  /** Deletes what is off the grid that the cursor's place now asks for; the rest is left to the ceiling of the store. */
  #thin(): void {
    const zone = this.#zone();
    for (const [key, tokenCount] of this.#saved) {
      if (isOnGrid(tokenCount, zone)) continue;
      this.#store.delete(key);
      this.#saved.delete(key);
    }
    // What is on the grid but gone from the store, or of an older text, no longer counts.
    while (this.#saved.size > zone.states) {
      const [oldest] = this.#saved.keys();
      if (oldest === undefined) return;
      this.#saved.delete(oldest);
    }
  }
}
