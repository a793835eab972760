import type { DocumentSession } from "../completion/documentSession.js";
import { isPacked, type Model } from "../model.js";
import { archivedStateOf } from "../states/archivedState.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import type { Anchor } from "../states/anchor.js";
import { isPlaceOf } from "../states/placesToArchive.js";
import type { ArchivedPlace, ArchivedState, PlacesToSave, StateArchive } from "../states/stateArchive.js";
import { isRoundedDigest, roundedDigest } from "../tokens/tokenPrefix.js";

/** How many states of a document are archived, and in which form. */
export interface ArchiveForm {
  readonly maxStates: number;
  /** Whether the states are packed, except for the last one before the cursor. */
  readonly arePacked: boolean;
  /** Whether the last state before the cursor is packed as well, because one unpacked state would exceed the limit. */
  readonly isCursorPacked: boolean;
}

/**
 * Decides how to archive a document: if there is no room for enough unrounded states, they are packed, unless the
 * engine cannot do that.
 * @param needed the number of states from which requests anywhere in the document can start.
 */
export function archiveForm(
  { stateBytes, packedStateBytes }: Pick<Model, "stateBytes" | "packedStateBytes">,
  maxBytes: number,
  needed: number,
): ArchiveForm {
  const maxExact = Math.floor(maxBytes / stateBytes);
  if (packedStateBytes === undefined || needed <= maxExact) {
    return { maxStates: maxExact, arePacked: false, isCursorPacked: false };
  }
  const exact = Math.min(1, maxExact);
  const maxPacked = Math.floor((maxBytes - exact * stateBytes) / packedStateBytes);
  return { maxStates: exact + maxPacked, arePacked: true, isCursorPacked: exact === 0 };
}

export interface StateToArchive {
  readonly offset: number;
  readonly stateKey: string;
  /** Returns undefined if the state is no longer in memory or cannot be packed. */
  readonly find: PlacesToSave["find"];
}

/** The states of a document that are in the archive already. */
export interface ArchivedStates extends Pick<StateArchive, "read"> {
  readonly places: readonly ArchivedPlace[];
}

/**
 * Selects the exact and converged states of a document for the archive. States that have been rounded are always
 * packed. If unrounded states are to be packed too (`arePacked`), the result also contains those that exist only in the
 * archive.
 */
export function statesToArchive(
  { checkpoints, cursorToken, document }: DocumentSession,
  { arePacked, isCursorPacked }: ArchiveForm,
  { model, store }: Pick<InferenceContext, "model" | "store">,
  archived: ArchivedStates,
): StateToArchive[] {
  const anchors = checkpoints.anchorsRead;
  const offsets = new Set(anchors.map(({ offset }) => offset));
  const isOnlyArchived = (place: ArchivedPlace): boolean =>
    !isRoundedDigest(place.stateKey) && !offsets.has(place.offset) && isPlaceOf(document.tokens, place);
  const onlyArchived = arePacked ? archived.places.filter(isOnlyArchived) : [];
  const beforeCursor = [...anchors, ...onlyArchived].map(({ offset }) => offset).filter((at) => at <= cursorToken);
  const cursorOffset = Math.max(...beforeCursor);
  const isToBePacked = (offset: number): boolean => arePacked && (isCursorPacked || offset !== cursorOffset);

  const inMemory = ({ offset, checkpoint: { key, prefix: exact } }: Anchor): StateToArchive => {
    const prefix = isToBePacked(offset) ? exact.rounded() : exact;
    const find = (): ArchivedState | undefined => {
      const kept = (store.find(key) ?? store.find(prefix.key))?.state; // it may have been packed in the meantime
      const state = kept !== undefined && prefix.isRounded && !isPacked(kept) ? model.pack(kept) : kept;
      return state && archivedStateOf({ prefix, state });
    };
    return { offset, stateKey: prefix.digest, find };
  };
  const inArchive = ({ offset, stateKey }: ArchivedPlace): StateToArchive => {
    if (!isToBePacked(offset)) return { offset, stateKey, find: () => undefined };
    const find = async (): Promise<ArchivedState | undefined> => {
      const read = await archived.read(stateKey);
      const state = read !== undefined && !isPacked(read.state) ? model.pack(read.state) : undefined;
      return read && state && { ...read, state };
    };
    return { offset, stateKey: roundedDigest(stateKey), find };
  };
  return [...anchors.map(inMemory), ...onlyArchived.map(inArchive)].sort((a, b) => a.offset - b.offset);
}
