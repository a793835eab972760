import type { TokenizedText } from "../tokens/tokenizedText.js";
import { textBefore, type Anchor } from "./anchor.js";
import type { CheckpointStore } from "./checkpointStore.js";

/**
 * Anchors that a document has lost although their checkpoints are still in the store. They are found by the text in
 * which they were converged, in case an undo restores it. Exact checkpoints are left out, because the store finds them.
 */
export class OlderPlaces {
  readonly #store: CheckpointStore;
  /** By the key of the tokens before the place. */
  readonly #anchors = new Map<string, Anchor>();

  constructor(store: CheckpointStore) {
    this.#store = store;
  }

  add(anchor: Anchor): void {
    if (anchor.convergedIn === undefined) return;
    this.#anchors.set(anchor.convergedIn.key, anchor);
    if (this.#anchors.size > this.#store.count) this.#dropEvicted();
  }

  /** The anchors that are converged in a text. */
  in(text: TokenizedText): Anchor[] {
    return [...this.#anchors.values()].filter((anchor) => text.startsWith(textBefore(anchor)) && this.#isKept(anchor));
  }

  /**
   * Drops the anchors of evicted checkpoints, then the oldest ones until there are no more anchors than checkpoints.
   */
  #dropEvicted(): void {
    for (const [key, anchor] of this.#anchors) if (!this.#isKept(anchor)) this.#anchors.delete(key);
    for (const key of this.#anchors.keys()) {
      if (this.#anchors.size <= this.#store.count) break;
      this.#anchors.delete(key);
    }
  }

  #isKept({ checkpoint }: Anchor): boolean {
    return this.#store.find(checkpoint.key) === checkpoint;
  }
}
