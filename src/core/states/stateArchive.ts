import type { AnyState } from "../model.js";
import type { BlockHash } from "../tokens/tokenPrefix.js";

/** A place of a document from which completions can start after a restart, because its state is kept. */
export interface ArchivedPlace {
  /** Number of document tokens before the place. */
  readonly offset: number;
  /** Digest of the tokens before the place. A text that begins with other tokens does not have the place. */
  readonly textKey: string;
  /**
   * Digest of the tokens that the state has read. If the state is converged, they differ from the tokens of the text.
   */
  readonly stateKey: string;
}

/** Maximum number of places of a document, even if its states are small, because a restart examines each. */
export const maxPlaces = 4096;

/**
 * A state and the identity of the tokens that it has read. The tokens after the last full block are left out, because
 * the document has them.
 */
export interface ArchivedState {
  /** Hash of the full blocks that the state has read, and their number. */
  readonly hash: BlockHash;
  readonly blocks: number;
  /** Number of tokens that the state has read after the last full block. */
  readonly remainderTokens: number;
  /** Packed if the state was rounded at any time. */
  readonly state: AnyState;
}

/** The places of a document, and how to find their states. */
export interface PlacesToSave {
  readonly places: readonly ArchivedPlace[];
  /**
   * Called before a state is written. Returns undefined if the state is no longer in memory; then the place is kept
   * only if its state is archived already.
   */
  readonly find: (place: ArchivedPlace) => ArchivedState | undefined | Promise<ArchivedState | undefined>;
  /** Called with the places whose states are in the archive now. */
  readonly onSaved: (kept: readonly ArchivedPlace[]) => void;
}

/**
 * Keeps the states of one model across restarts, by the URI of the document. A state that cannot be read or written
 * counts as not kept.
 */
export interface StateArchive {
  /** Maximum number of bytes that the states of one document take up; 0 if nothing is kept. */
  readonly maxDocumentBytes: number;
  placesOf(uri: string): Promise<readonly ArchivedPlace[]>;
  read(stateKey: string): Promise<ArchivedState | undefined>;
  /**
   * Replaces the archived states of a document, slowly and in the background. If several calls for a document are
   * waiting, only the last one is carried out.
   */
  save(uri: string, document: PlacesToSave): void;
  /**
   * Writes everything that is waiting, without pauses, but for no longer than `maxMs`. Resolves when nothing is being
   * written.
   */
  flush(maxMs: number): Promise<void>;
}
