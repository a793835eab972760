import type { DocumentSession } from "../completion/documentSession.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import { archivedPrefix } from "../states/archivedState.js";
import { isPlaceOf } from "../states/placesToArchive.js";
import type { ArchivedPlace, StateArchive } from "../states/stateArchive.js";
import { isRoundedDigest } from "../tokens/tokenPrefix.js";

/** Restores the states of one document from an archive, the nearest one before the cursor first. */
export class Restoration {
  readonly #inference: InferenceContext;
  readonly #archive: StateArchive;
  readonly #session: DocumentSession;
  /** Resolves when no more states will be restored. */
  readonly ended: Promise<void>;
  /** The places of the states that are known to be archived; empty until the list has been read. */
  kept: readonly ArchivedPlace[] = [];
  /** The places that are left to restore, in ascending order; undefined until they have been read. */
  #left: ArchivedPlace[] | undefined;
  /** Settles when the step in progress ends. */
  #step: Promise<void> = Promise.resolve();
  #cursorToken: number;
  #isCancelled = false;
  #onCancelled = (): void => undefined;

  constructor(inference: InferenceContext, archive: StateArchive, session: DocumentSession) {
    this.#inference = inference;
    this.#archive = archive;
    this.#session = session;
    this.#cursorToken = session.cursorToken;
    const cancelled = new Promise<void>((resolve) => (this.#onCancelled = resolve));
    this.ended = Promise.race([this.#run(), cancelled]);
  }

  /** Whether `kept` lists the archived places. */
  get arePlacesKnown(): boolean {
    return this.#left !== undefined;
  }

  /** Whether every archived place has been restored or given up. */
  get isComplete(): boolean {
    return this.#left?.length === 0;
  }

  /** Whether no more states will be restored. */
  get isSettled(): boolean {
    return this.#isCancelled || this.isComplete;
  }

  /**
   * True if a state that is still to be restored might be nearer before a token than any exact or converged checkpoint
   * in memory.
   */
  isWaitingFor(token: number): boolean {
    if (this.isSettled) return false;
    if (this.#left === undefined) return true;
    const next = this.#left[indexAfter(this.#left, token) - 1];
    return (next?.offset ?? 0) > (this.#session.checkpoints.nearest(token)?.offset ?? 0);
  }

  /** Gives priority to the archived state nearest before a token. Resolves when that state has been restored. */
  async restored(token: number): Promise<void> {
    this.#cursorToken = token;
    while (this.isWaitingFor(token)) await Promise.race([this.#step, this.ended]);
  }

  /** Ends the restoration at once; a state that is being read is discarded. */
  cancel(): void {
    this.#isCancelled = true;
    this.#onCancelled();
  }

  async #run(): Promise<void> {
    this.#step = this.#findPlaces();
    await this.#step;
    for (let place = this.#next(); place !== undefined; place = this.#next()) {
      this.#step = this.#restore(place);
      await this.#step;
    }
  }

  async #findPlaces(): Promise<void> {
    const { uri, tokens } = this.#session.document;
    const places = await this.#archive.placesOf(uri);
    this.kept = [...new Map(places.map((place) => [place.offset, place])).values()];
    this.#left = this.kept.filter((place) => isPlaceOf(tokens, place)).sort((a, b) => a.offset - b.offset);
  }

  #next(): ArchivedPlace | undefined {
    if (this.#isCancelled || this.#left === undefined) return undefined;
    return this.#left[Math.max(0, indexAfter(this.#left, this.#cursorToken) - 1)];
  }

  async #restore(place: ArchivedPlace): Promise<void> {
    const { document, checkpoints } = this.#session;
    const { model, store } = this.#inference;
    const isRounded = isRoundedDigest(place.stateKey);
    const bytes = (isRounded ? model.packedStateBytes : undefined) ?? model.stateBytes;
    const isWanted = (): boolean =>
      isPlaceOf(document.tokens, place) && !this.#isCancelled && checkpoints.shouldSave(place.offset, bytes, isRounded);
    if (isWanted()) {
      const read = await this.#archive.read(place.stateKey);
      // The text may have changed while the state was being read.
      const prefix = read !== undefined && isWanted() ? archivedPrefix(document.tokens, place, read) : undefined;
      const checkpoint = prefix && read && store.save(prefix, read.state);
      if (checkpoint !== undefined) checkpoints.adopt(place.offset, checkpoint);
    }
    this.#left?.splice(indexAfter(this.#left, place.offset) - 1, 1);
  }
}

/** The index of the first place after a token. @param places in ascending order. */
function indexAfter(places: readonly ArchivedPlace[], token: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.offset ?? 0) <= token) low = middle + 1;
    else high = middle;
  }
  return low;
}
