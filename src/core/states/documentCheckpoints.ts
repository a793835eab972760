import type { TokenizedText } from "../tokens/tokenizedText.js";
import { offsetAfter, type TokenSplice } from "../tokens/tokenSplice.js";
import { textBefore, type Anchor } from "./anchor.js";
import { AnchorList } from "./anchorList.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import type { Likelihood } from "./checkpointValue.js";
import type { Checkpoint } from "./checkpoint.js";
import type { CheckpointStore, EvictionCandidate, PlacedCheckpoints } from "./checkpointStore.js";
import { evictionCandidate } from "./evictionCandidate.js";
import { OlderPlaces } from "./olderPlaces.js";
import type { Packing } from "./packing.js";
import { realigned } from "./realignment.js";
import { ReadStretches } from "./readStretches.js";
import { savedCost, type RequestConditions } from "./requestCost.js";

/**
 * The checkpoints of one open document, by place. Edits move them. A checkpoint after an edit has not read it, and is
 * stale until a state that has read the edit agrees with it (seams.ts), or the text is read again (readStretches.ts).
 */
export class DocumentCheckpoints implements PlacedCheckpoints {
  readonly #store: CheckpointStore;
  readonly #text: TokenizedText;
  /** Returns the current estimate of the position of the document's next request. */
  readonly likelihood: () => Likelihood;
  readonly #packing: Packing | undefined;
  readonly #anchors = new AnchorList();
  readonly #older: OlderPlaces;
  readonly stretches = new ReadStretches();
  /** Offset of the last superseded state that was kept in the store for an undo. */
  #supersededTo = 0;

  /** @param packing if absent, states are evicted and never packed. */
  constructor(store: CheckpointStore, text: TokenizedText, likelihood: () => Likelihood, packing?: Packing) {
    this.#store = store;
    this.#text = text;
    this.likelihood = likelihood;
    this.#packing = packing;
    this.#older = new OlderPlaces(store);
    store.addDocument(this);
    this.#adoptWithin(0, text.tokenCount);
    text.beforeSplice((splice) => {
      this.#rememberText(splice);
    });
    text.onSplice((splice) => {
      this.#spliced(splice);
    });
  }

  /** Call after a large change of the text: states of other documents in the store may have read the new text. */
  adoptStored(): void {
    const from = this.tokensRead;
    const stored = this.#store.nearest(this.#text, this.#text.tokenCount, from);
    if (stored !== undefined && stored.tokenCount > from) this.adopt(stored.tokenCount, stored);
  }

  get count(): number {
    return this.#anchors.all.length;
  }

  /** Number of tokens from the start within which all checkpoints are exact or converged. */
  get tokensRead(): number {
    return this.stretches.startingAt(0).to;
  }

  /** The exact and converged anchors, ascending. */
  get anchorsRead(): readonly Anchor[] {
    return this.stretches.all
      .toReversed()
      .flatMap(({ convergedFrom, to }) => this.#anchors.between(convergedFrom - 1, to));
  }

  /** The last exact or converged anchor at or before an offset. */
  nearest(maxTokens: number): Anchor | undefined {
    for (const { convergedFrom: from, to } of this.stretches.all) {
      const anchor = this.lastBefore(Math.min(maxTokens, to));
      if (anchor !== undefined && anchor.offset >= from) return anchor;
    }
    return undefined;
  }

  /** The last anchor at or before an offset, stale or not. */
  lastBefore(maxTokens: number): Anchor | undefined {
    return this.#anchors.lastBefore(maxTokens);
  }

  /** Like `nearest`, but ignores rounded anchors. */
  nearestUnrounded(maxTokens: number): Anchor | undefined {
    for (const { convergedFrom: from, to } of this.stretches.all) {
      const anchors = this.#anchors.between(from - 1, Math.min(maxTokens, to));
      const anchor = anchors.findLast(({ checkpoint }) => !checkpoint.prefix.isRounded);
      if (anchor !== undefined) return anchor;
    }
    return undefined;
  }

  /** The first anchor after an offset. */
  firstAfter(offset: number): Anchor | undefined {
    return this.#anchors.firstAfter(offset);
  }

  /**
   * The last exact checkpoint within the first `maxTokens` tokens; it is adopted. Blocks that end before `minTokens`
   * are not searched.
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

  /** Whether a state at an offset is worth its bytes. An unrounded state always replaces a rounded one there. */
  shouldSave(offset: number, stateBytes: number, isRounded: boolean): boolean {
    const last = this.lastBefore(offset);
    if (last?.offset === offset) return last.checkpoint.prefix.isRounded && !isRounded;
    const loss = (): number => {
      const before = { any: last?.offset ?? 0, exact: this.nearestUnrounded(offset)?.offset ?? 0 };
      return savedCost({ offset, isRounded }, before, this.#requestConditions) / stateBytes;
    };
    return this.#store.hasRoomFor(stateBytes, loss);
  }

  place(offset: number, checkpoint: Checkpoint): void {
    const before = this.lastBefore(offset);
    const same = before?.offset === offset ? before : undefined;
    if (same?.checkpoint === checkpoint) return;
    this.#store.place(checkpoint);
    this.#anchors.set({ offset, checkpoint });
    if (same !== undefined) this.#unplace(same);
  }

  /**
   * Call when the text has been read up to an offset.
   * @param converged whether the state at the offset agrees with the stale one there.
   * @param start of the stretch that was read.
   */
  reached(offset: number, converged = false, start = 0): void {
    const { to } = this.stretches.startingAt(start);
    if (offset <= to) return;
    this.stretches.reached(offset, start, converged);
    this.#supersede(to, offset);
    this.#tidySeams();
  }

  cheapest(except: Checkpoint | undefined): EvictionCandidate | undefined {
    const { tokenCount } = this.#text;
    const surroundings = { ...this.#requestConditions, tokenCount, packing: this.#packing, except };
    return evictionCandidate(this.#anchors.all, surroundings);
  }

  packed(checkpoint: Checkpoint, packed: Checkpoint): void {
    this.#anchors.changeAfter(-1, (anchor) => {
      if (anchor.checkpoint !== checkpoint) return anchor;
      this.#store.place(packed);
      return { ...anchor, checkpoint: packed };
    });
  }

  evicted(checkpoint: Checkpoint): void {
    this.#anchors.keep((anchor) => anchor.checkpoint !== checkpoint);
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

  #keep(isKept: (anchor: Anchor) => boolean): void {
    for (const anchor of this.#anchors.keep(isKept)) this.#unplace(anchor);
  }

  #unplace(anchor: Anchor): void {
    this.#store.unplace(anchor.checkpoint);
    this.#older.add(anchor);
  }

  /**
   * Removes the anchors in a range. Their states belong to an older text; as many of them as there is room for, spread
   * over the text, stay in the store for an undo.
   */
  #supersede(from: number, to: number): void {
    const old = this.#anchors.between(from, to);
    this.#keep(({ offset }) => offset <= from || offset > to);
    for (const { offset, checkpoint } of old) {
      if (offset < this.#supersededTo) this.#supersededTo = 0; // reading has restarted further up
      const room = this.#store.unplacedRoom(checkpoint.state.data.byteLength);
      if (offset - this.#supersededTo < this.#text.tokenCount / room) this.#store.dropUnplaced(checkpoint);
      else this.#supersededTo = offset;
    }
  }

  /**
   * Call before a splice. An anchor that becomes stale remembers the text in which it was converged, in case of an
   * undo.
   */
  #rememberText({ at }: TokenSplice): void {
    const { tokensRead } = this;
    if (this.lastBefore(tokensRead) === this.lastBefore(at)) return;
    this.#anchors.changeAfter(at, (anchor) => {
      const { offset, checkpoint } = anchor;
      if (offset > tokensRead) return anchor;
      return { offset, checkpoint, convergedIn: this.hasRead(anchor) ? undefined : this.#text.prefixAt(offset) };
    });
  }

  #spliced(splice: TokenSplice): void {
    const { at, removed } = splice;
    const inside = this.#anchors.between(at, at + removed.length).map(({ offset }) => offset);
    const newOffsets = realigned(inside, splice);
    const aligned = new Map(inside.map((offset, i) => [offset, newOffsets[i]]));
    if (aligned.size > 0) this.#keep(({ offset }) => !aligned.has(offset) || aligned.get(offset) !== undefined);
    this.#anchors.changeAfter(at, ({ offset, checkpoint, convergedIn }) => {
      return { offset: aligned.get(offset) ?? offsetAfter(offset, splice) ?? at, checkpoint, convergedIn };
    });
    this.stretches.spliced(splice, aligned);
    this.#tidySeams();
    this.#findOldText();
  }

  #tidySeams(): void {
    this.stretches.tidy((after, last) => (this.firstAfter(after)?.offset ?? Infinity) <= last);
  }

  /** If an edit was undone, checkpoints after it may be exact or converged again. */
  #findOldText(): void {
    const { first } = this.stretches.seams;
    if (first === undefined) return;
    const { from } = first;
    const known = [...this.#anchors.all, ...this.#older.in(this.#text)]
      .filter((anchor) => textBefore(anchor).tokenCount > from && this.#text.startsWith(textBefore(anchor)))
      .map((anchor) => ({ offset: textBefore(anchor).tokenCount, checkpoint: anchor.checkpoint }))
      .sort((a, b) => a.offset - b.offset);
    const last = known.at(-1)?.offset ?? from;
    const stored = this.#store.nearest(this.#text, this.#text.tokenCount, last);
    if (stored !== undefined && stored.tokenCount > last) known.push({ offset: stored.tokenCount, checkpoint: stored });
    this.#adoptAll(known);
  }

  /**
   * Adopts a checkpoint that is exact or converged: all text before its place counts as read, even if it has seams.
   * Later checkpoints that are not exact still have not read the changes at these seams.
   */
  adopt(offset: number, checkpoint: Checkpoint): void {
    this.#adoptAll([{ offset, checkpoint }]);
  }

  /** Adopts checkpoints with ascending offsets. */
  #adoptAll(adopted: readonly Anchor[]): void {
    const last = adopted.at(-1)?.offset ?? 0;
    const from = this.tokensRead;
    for (const { offset, checkpoint } of adopted) this.place(offset, checkpoint);
    if (last > from) {
      const next = this.firstAfter(last);
      const isNextRead = next === undefined || this.hasRead(next);
      const offsets = new Set(adopted.map(({ offset }) => offset));
      const isKept = (anchor: Anchor): boolean => offsets.has(anchor.offset) || this.hasRead(anchor);
      this.stretches.adopted(last, isNextRead);
      this.#keep((anchor) => anchor.offset <= from || anchor.offset > last || isKept(anchor));
      this.#adoptWithin(from, last);
    }
    this.#tidySeams();
  }

  /**
   * Gives places to the stored checkpoints that have read exactly this text and end within a range, at most one per
   * block.
   */
  #adoptWithin(from: number, to: number): void {
    for (let block = Math.floor(from / blockTokens); block <= Math.floor(to / blockTokens); block++) {
      const found = this.#store.inBlock(this.#text, block, to) ?? this.#store.inBlock(this.#text, block, to, true);
      if (found === undefined || found.tokenCount <= from) continue;
      this.place(found.tokenCount, found);
      this.stretches.adopted(found.tokenCount, false);
    }
  }
}
