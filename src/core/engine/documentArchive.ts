import type { DocumentSession } from "../completion/documentSession.js";
import { readLimits } from "../completion/readLimits.js";
import { setTimer } from "../platform.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import { placesToArchive } from "../states/placesToArchive.js";
import { maxPlaces, type ArchivedPlace, type StateArchive } from "../states/stateArchive.js";
import { isRoundedDigest } from "../tokens/tokenPrefix.js";
import { Restoration } from "./restoration.js";
import { archiveForm, statesToArchive, type ArchiveForm, type StateToArchive } from "./statesToArchive.js";

/** Time from the first use of a document after a save to the next save, which covers all documents used since. */
const saveDelayMs = 20_000;
/** Maximum share of the time budget for which a request waits for an archived state to be restored. */
const waitShare = 1 / 2;
/** Maximum time by which saving delays the exit of the process. */
const maxFlushMs = 1000;

/**
 * Restores a document's states from an archive when the document is first used, and saves them there from time to time.
 */
export class DocumentArchive {
  readonly #inference: InferenceContext;
  readonly #archive: StateArchive;
  readonly #timeBudgetMs: () => number;
  readonly #restorations = new Map<DocumentSession, Restoration>();
  /** Documents that were used since they were last saved. */
  readonly #used = new Set<DocumentSession>();
  #cancelTimer: (() => void) | undefined;

  /** @param timeBudgetMs time budget of a completion. */
  constructor(inference: InferenceContext, archive: StateArchive, timeBudgetMs: () => number) {
    this.#inference = inference;
    this.#archive = archive;
    this.#timeBudgetMs = timeBudgetMs;
  }

  /** Call when a document is used: its states are restored if they have not been yet, and saved later. */
  used(session: DocumentSession): void {
    if (this.#archive.maxDocumentBytes <= 0) return;
    if (!this.#restorations.has(session)) {
      this.#restorations.set(session, new Restoration(this.#inference, this.#archive, session));
    }
    this.#used.add(session);
    this.#cancelTimer ??= setTimer(saveDelayMs, () => {
      this.#cancelTimer = undefined;
      this.#saveUsed();
    });
  }

  /**
   * Resolves once the archived state nearest before a token is restored or given up, or the request has waited long
   * enough. Undefined if there is nothing to wait for.
   */
  restoring(session: DocumentSession, token: number): Promise<void> | undefined {
    const restoration = this.#restorations.get(session);
    if (restoration?.isWaitingFor(token) !== true) return undefined;
    let cancelTimer = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancelTimer = setTimer(this.#timeBudgetMs() * waitShare, resolve);
    });
    return Promise.race([restoration.restored(token), timeout]).finally(cancelTimer);
  }

  /**
   * Call before a document is read. Resolves once all archived states are restored or given up; undefined if they are
   * already.
   */
  restored(session: DocumentSession): Promise<void> | undefined {
    this.used(session);
    const restoration = this.#restorations.get(session);
    return restoration?.isSettled === false ? restoration.ended : undefined;
  }

  /** Call before a document is closed. */
  closed(session: DocumentSession): void {
    this.#save(session);
    this.#used.delete(session); // even if nothing was saved because the archived places were not known yet
    this.#restorations.get(session)?.cancel();
    this.#restorations.delete(session);
  }

  /** Saves the documents used since they were last saved, within `maxFlushMs`. */
  async dispose(): Promise<void> {
    this.#cancelTimer?.();
    this.#saveUsed();
    for (const restoration of this.#restorations.values()) restoration.cancel();
    await this.#archive.flush(maxFlushMs);
  }

  #saveUsed(): void {
    for (const session of [...this.#used]) this.#save(session);
  }

  #save(session: DocumentSession): void {
    const restoration = this.#restorations.get(session);
    // Saving must keep the archived states that are not in memory yet, so their places must be known.
    if (!this.#used.has(session) || restoration?.arePlacesKnown !== true) return;
    this.#used.delete(session);
    const { model } = this.#inference;
    const { uri, tokens } = session.document;
    const { windowTokens, maxTokens } = readLimits(model, this.#timeBudgetMs());
    const form = archiveForm(model, this.#archive.maxDocumentBytes, tokens.tokenCount / maxTokens);
    const archived = { places: restoration.kept, read: this.#archive.read.bind(this.#archive) };
    const states = statesToArchive(session, form, this.#inference, archived);
    const candidates = { places: states, likelihood: session.checkpoints.likelihood() };
    const kept = restoration.kept.filter((place) => isWorthKeeping(place, states, form));
    const places = placesToArchive(tokens, candidates, kept, {
      gapTokens: windowTokens,
      maxGapTokens: maxTokens,
      maxPlaces: Math.min(maxPlaces, form.maxStates),
    });
    if (places.length === 0) return;
    const byKey = new Map(states.map(({ stateKey, find }) => [stateKey, find]));
    this.#archive.save(uri, {
      places,
      find: (place) => byKey.get(place.stateKey)?.(place),
      onSaved: (saved) => (restoration.kept = saved),
    });
  }
}

/** False for an archived packed state that an unrounded one will replace, and for an unrounded one to be packed. */
function isWorthKeeping(
  { offset, stateKey }: ArchivedPlace,
  states: readonly StateToArchive[],
  { arePacked }: ArchiveForm,
): boolean {
  if (!isRoundedDigest(stateKey)) return !arePacked;
  return !states.some((state) => state.offset === offset && !isRoundedDigest(state.stateKey));
}
