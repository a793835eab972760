import type { State } from "../model.js";
import type { BlockHash } from "../tokens/tokenPrefix.js";

/** A place of a document from which completions can start after a restart, because its state is kept. */
export interface ArchivedPlace {
  /** Tokens of the document before the place. */
  readonly offset: number;
  /** Digest of those tokens. A text that begins with others does not have the place. */
  readonly textKey: string;
  /** Digest of the tokens that the state has read. They are others if the state is converged. */
  readonly stateKey: string;
}

/** A state, and what identifies the tokens that it has read to a document that has the last ones of them. */
export interface ArchivedState {
  /** Of the full blocks that it has read. */
  readonly hash: BlockHash;
  readonly blocks: number;
  /** Number of tokens that it has read after the last full block. */
  readonly remainderTokens: number;
  readonly state: State;
}

/** The places of a document, and where their states are now. */
export interface PlacesToSave {
  readonly places: readonly ArchivedPlace[];
  /** Asked before each write. Undefined if the state is no longer in memory; then it is kept only if it was before. */
  readonly find: (place: ArchivedPlace) => ArchivedState | undefined;
  /** Called with the places whose states are kept now. */
  readonly onSaved: (kept: readonly ArchivedPlace[]) => void;
}

/**
 * Keeps the states of one model across restarts, by the URI of the document. What cannot be read or written counts as
 * not kept.
 */
export interface StateArchive {
  /** The states of one document may take this many bytes; 0 if nothing is kept. */
  readonly maxDocumentBytes: number;
  placesOf(uri: string): Promise<readonly ArchivedPlace[]>;
  read(stateKey: string): Promise<ArchivedState | undefined>;
  /** Replaces the kept states of a document, slowly and in the background. A later call for the document replaces this. */
  save(uri: string, document: PlacesToSave): void;
  /** Writes the rest without pauses, but no longer than `maxMs`. Resolves when nothing is being written. */
  flush(maxMs: number): Promise<void>;
}
