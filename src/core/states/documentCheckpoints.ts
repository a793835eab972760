import type { TokenizedText } from "../tokens/tokenizedText.js";
import { offsetAfter, type TokenSplice } from "../tokens/tokenSplice.js";
import type { Anchor } from "./anchor.js";
import type { SavePolicy } from "./checkpointedReader.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import type { Likelihood } from "./checkpointValue.js";
import type { Checkpoint, CheckpointStore, EvictionCandidate, PlacedCheckpoints } from "./checkpointStore.js";
import { evictionCandidate } from "./evictionCandidate.js";
import type { Packing } from "./packing.js";
import { realigned } from "./realignment.js";
import { requestCost, type RequestConditions } from "./requestCost.js";
import { Seams } from "./seams.js";

/**
 * The checkpoints of one open document, by place. Edits move them. Those after an edit have not read it, and are stale
 * until a state that has read it agrees with one of them (seams.ts).
 */
export class DocumentCheckpoints implements PlacedCheckpoints {
  readonly #store: CheckpointStore;
  readonly #text: TokenizedText;
  /** The likely position of the document's next request, now. */
  readonly likelihood: () => Likelihood;
  readonly #packing: Packing | undefined;
  /** By ascending offset. */
  #anchors: Anchor[] = [];
  readonly #seams = new Seams();
  /**
   * Number of tokens from the start that were read at some time, even if they have changed since or their checkpoints
   * were evicted.
   */
  #readTokens = 0;
  /** Offset of the last state of an older text that was kept for an undo. */
  #supersededTo = 0;

  /** @param packing if absent, states are evicted and never packed. */
  constructor(store: CheckpointStore, text: TokenizedText, likelihood: () => Likelihood, packing?: Packing) {
    this.#store = store;
    this.#text = text;
    this.likelihood = likelihood;
    this.#packing = packing;
    store.addDocument(this);
    this.#adoptWithin(0, text.tokenCount);
    text.onSplice((splice) => {
      this.#spliced(splice);
    });
  }

  /** Call after a large change of the text: the store may have states of other documents with the new text. */
  adoptStored(): void {
    const from = this.tokensRead;
    const stored = this.#store.nearest(this.#text, this.#text.tokenCount, from);
    if (stored !== undefined && stored.tokenCount > from) this.adopt(stored.tokenCount, stored);
  }

  get count(): number {
    return this.#anchors.length;
  }

  /** Number of tokens from the start within which all checkpoints are exact or converged. */
  get tokensRead(): number {
    return Math.min(this.#readTokens, this.#seams.first?.from ?? Infinity);
  }

  /** The exact and converged anchors, ascending. */
  get anchorsRead(): readonly Anchor[] {
    return this.#anchors.slice(0, this.#indexAfter(this.tokensRead));
  }

  get seams(): Seams {
    return this.#seams;
  }

  /** The last anchor at or before an offset that is exact or converged. */
  nearest(maxTokens: number): Anchor | undefined {
    return this.lastBefore(Math.min(maxTokens, this.tokensRead));
  }

  /** The last anchor at or before an offset, stale or not. */
  lastBefore(maxTokens: number): Anchor | undefined {
    return this.#anchors[this.#indexAfter(maxTokens) - 1];
  }

  /** The last anchor that `nearest` would find if there were no rounded ones. */
  nearestUnrounded(maxTokens: number): Anchor | undefined {
    for (let i = this.#indexAfter(Math.min(maxTokens, this.tokensRead)) - 1; i >= 0; i--) {
      if (this.#anchors[i]?.checkpoint.prefix.isRounded === false) return this.#anchors[i];
    }
    return undefined;
  }

  /** The first anchor after an offset. */
  firstAfter(offset: number): Anchor | undefined {
    return this.#anchors[this.#indexAfter(offset)];
  }

  /**
   * The state that has read the most of the first `maxTokens` tokens and nothing else. Blocks that end before
   * `minTokens` are not searched.
   */
  nearestExact(maxTokens: number, minTokens: number): Checkpoint | undefined {
    const found = this.#store.nearest(this.#text, maxTokens, minTokens);
    if (found !== undefined && this.lastBefore(found.tokenCount)?.checkpoint !== found)
      this.adopt(found.tokenCount, found);
    return found;
  }

  /** Whether an anchor's state, rounded or not, has read exactly the text before it. */
  hasRead({ offset, checkpoint }: Anchor): boolean {
    return offset === checkpoint.tokenCount && this.#text.startsWith(checkpoint.prefix);
  }

  /**
   * A policy that saves and places states while reading from an exact or converged state.
   * @param from the offset of that state, which has read `tokenCount` tokens.
   */
  savePolicy(from: number, tokenCount: number): SavePolicy {
    const { edits } = this.#text;
    const shift = from - tokenCount;
    return {
      shouldSave: (count, stateBytes, isRounded) =>
        this.#text.edits === edits && from <= this.tokensRead && this.shouldSave(count + shift, stateBytes, isRounded),
      onSaved: (checkpoint) => {
        const offset = checkpoint.tokenCount + shift;
        this.reached(offset);
        this.place(offset, checkpoint);
      },
    };
  }

  /**
   * Whether a state at an offset is worth its bytes, assuming that the next one is as far away as the one before. A
   * rounded state at the offset is always worth replacing by one that is not.
   */
  shouldSave(offset: number, stateBytes: number, isRounded: boolean): boolean {
    const last = this.lastBefore(offset);
    if (last?.offset === offset) return last.checkpoint.prefix.isRounded && !isRounded;
    const loss = (): number => {
      const before = { any: last?.offset ?? 0, exact: this.nearestUnrounded(offset)?.offset ?? 0 };
      const own = { any: offset, exact: isRounded ? before.exact : offset };
      // The next state that could be saved is a block farther.
      const stretch = { from: offset, to: Math.max(offset + blockTokens, 2 * offset - before.any) };
      const conditions = this.#requestConditions;
      return (requestCost(stretch, before, conditions) - requestCost(stretch, own, conditions)) / stateBytes;
    };
    return this.#store.hasRoomFor(stateBytes, loss);
  }

  place(offset: number, checkpoint: Checkpoint): void {
    const index = this.#indexAfter(offset);
    const same = this.#anchors[index - 1];
    const replaces = same?.offset === offset;
    if (replaces && same.checkpoint === checkpoint) return;
    this.#store.place(checkpoint);
    this.#anchors.splice(replaces ? index - 1 : index, replaces ? 1 : 0, { offset, checkpoint });
    if (replaces) this.#store.unplace(same.checkpoint);
  }

  /**
   * Call when the text has been read up to an offset, starting from an exact or converged state.
   * @param converged whether the state at the offset agrees with the stale one there.
   */
  reached(offset: number, converged = false): void {
    const from = this.tokensRead;
    if (offset <= from) return;
    this.#seams.crossed(offset, converged);
    this.#supersede(from, offset);
    this.#readTokens = Math.max(this.#readTokens, offset);
    this.#tidySeams();
  }

  cheapest(except: Checkpoint | undefined): EvictionCandidate | undefined {
    const { tokenCount } = this.#text;
    const surroundings = { ...this.#requestConditions, tokenCount, packing: this.#packing, except };
    return evictionCandidate(this.#anchors, surroundings);
  }

  packed(checkpoint: Checkpoint, packed: Checkpoint): void {
    this.#anchors = this.#anchors.map((anchor) => {
      if (anchor.checkpoint !== checkpoint) return anchor;
      this.#store.place(packed);
      return { offset: anchor.offset, checkpoint: packed };
    });
  }

  evicted(checkpoint: Checkpoint): void {
    this.#anchors = this.#anchors.filter((anchor) => anchor.checkpoint !== checkpoint);
    this.#tidySeams();
  }

  /** Call when the document is closed: its checkpoints stay in the store without a place. */
  dispose(): void {
    this.#store.removeDocument(this);
    this.#keep(() => false);
  }

  get #requestConditions(): RequestConditions {
    return { likelihood: this.likelihood(), maxGapTokens: this.#packing?.maxGapTokens() ?? Infinity };
  }

  /** Number of anchors at or before an offset. */
  #indexAfter(offset: number): number {
    let low = 0;
    let high = this.#anchors.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#anchors[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #keep(isKept: (anchor: Anchor) => boolean): void {
    const dropped = this.#anchors.filter((anchor) => !isKept(anchor));
    if (dropped.length === 0) return;
    this.#anchors = this.#anchors.filter(isKept);
    for (const { checkpoint } of dropped) this.#store.unplace(checkpoint);
  }

  /**
   * Removes the anchors in a range, whose states belong to an older text. Some of the states, spread over the text,
   * stay in the store for an undo: as many as there is room for.
   */
  #supersede(from: number, to: number): void {
    const isOld = ({ offset }: Anchor): boolean => offset > from && offset <= to;
    const old = this.#anchors.filter(isOld);
    this.#keep((anchor) => !isOld(anchor));
    for (const { offset, checkpoint } of old) {
      if (offset < this.#supersededTo) this.#supersededTo = 0; // reading has started again farther above
      const room = this.#store.unplacedRoom(checkpoint.state.data.byteLength);
      if (offset - this.#supersededTo < this.#text.tokenCount / room) this.#store.dropUnplaced(checkpoint);
      else this.#supersededTo = offset;
    }
  }

  #spliced(splice: TokenSplice): void {
    const { at, removed } = splice;
    const isInside = (offset: number): boolean => offset > at && offset < at + removed.length;
    const inside = this.#anchors.filter(({ offset }) => isInside(offset)).map(({ offset }) => offset);
    const newOffsets = realigned(inside, splice);
    const aligned = new Map(inside.map((offset, i) => [offset, newOffsets[i]]));
    this.#keep(({ offset }) => !isInside(offset) || aligned.get(offset) !== undefined);
    this.#anchors = this.#anchors.map(({ offset, checkpoint }) => {
      return { offset: aligned.get(offset) ?? offsetAfter(offset, splice) ?? at, checkpoint };
    });
    this.#seams.spliced(splice, at < this.#readTokens, aligned);
    this.#readTokens = offsetAfter(this.#readTokens, splice) ?? at;
    this.#tidySeams();
    this.#findOldText();
  }

  #tidySeams(): void {
    const unread = this.#seams.tidy((from, to) => (this.firstAfter(from)?.offset ?? Infinity) <= to);
    this.#readTokens = Math.min(this.#readTokens, unread);
  }

  /** If an edit was undone, checkpoints after it may be exact again. */
  #findOldText(): void {
    if (this.#seams.first === undefined) return;
    const { from } = this.#seams.first;
    const placed = this.#anchors.findLast((anchor) => this.hasRead(anchor))?.checkpoint;
    const stored = this.#store.nearest(this.#text, this.#text.tokenCount, Math.max(from, placed?.tokenCount ?? 0));
    const exact = stored ?? placed;
    if (exact !== undefined && exact.tokenCount > from) this.adopt(exact.tokenCount, exact);
  }

  /**
   * Adopts a checkpoint that is exact or converged: all text before its place counts as read, regardless of earlier
   * edits. Later checkpoints that are not exact still have not read these edits.
   */
  adopt(offset: number, checkpoint: Checkpoint): void {
    const from = this.tokensRead;
    if (offset > from) {
      const next = this.firstAfter(offset);
      this.#seams.crossed(offset, next === undefined || this.hasRead(next));
      this.#keep((anchor) => anchor.offset <= from || anchor.offset > offset || this.hasRead(anchor));
      this.#adoptWithin(from, offset);
    }
    this.place(offset, checkpoint);
    this.#readTokens = Math.max(this.#readTokens, offset);
    this.#tidySeams();
  }

  /**
   * Places the checkpoints in the store that have read exactly this text and end within a range, at most one per block.
   */
  #adoptWithin(from: number, to: number): void {
    for (let block = Math.floor(from / blockTokens); block <= Math.floor(to / blockTokens); block++) {
      const found = this.#store.inBlock(this.#text, block, to) ?? this.#store.inBlock(this.#text, block, to, true);
      if (found === undefined || found.tokenCount <= from) continue;
      this.place(found.tokenCount, found);
      this.#readTokens = Math.max(this.#readTokens, found.tokenCount);
    }
  }
}
