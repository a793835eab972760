import type { DocumentSession } from "../completion/documentSession.js";
import { isPacked, type Model } from "../model.js";
import { archivedStateOf } from "../states/archivedState.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import type { Anchor } from "../states/anchor.js";
import type { ArchivedState } from "../states/stateArchive.js";

/** How many states of a document are archived, and in which form. */
export interface ArchiveForm {
  /** Whether all but the one before the cursor are packed. */
  readonly arePacked: boolean;
  readonly maxStates: number;
}

/**
 * States are packed if there is no room for enough exact ones.
 * @param needed the number of states from which requests anywhere in the document can start.
 */
export function archiveForm(
  { stateBytes, packedStateBytes }: Pick<Model, "stateBytes" | "packedStateBytes">,
  maxBytes: number,
  needed: number,
): ArchiveForm {
  const maxExact = Math.floor(maxBytes / stateBytes);
  if (packedStateBytes === undefined || needed <= maxExact) return { arePacked: false, maxStates: maxExact };
  return { arePacked: true, maxStates: Math.max(0, 1 + Math.floor((maxBytes - stateBytes) / packedStateBytes)) };
}

export interface StateToArchive {
  readonly offset: number;
  readonly stateKey: string;
  /** Undefined if the state is no longer in memory, or cannot be packed. */
  readonly find: () => ArchivedState | undefined;
}

/** The exact and converged states of a document. Those that were rounded are always packed. */
export function statesToArchive(
  { checkpoints, cursorToken }: DocumentSession,
  { arePacked }: ArchiveForm,
  { model, store }: Pick<InferenceContext, "model" | "store">,
): StateToArchive[] {
  const atCursor = checkpoints.nearest(cursorToken);
  const toArchive = ({ offset, checkpoint: { key, prefix: exact } }: Anchor): StateToArchive => {
    const prefix = arePacked && offset !== atCursor?.offset ? exact.rounded() : exact;
    const find = (): ArchivedState | undefined => {
      const kept = (store.find(key) ?? store.find(prefix.key))?.state; // it may have been packed in the meantime
      const state = kept !== undefined && prefix.isRounded && !isPacked(kept) ? model.pack(kept) : kept;
      return state && archivedStateOf({ prefix, state });
    };
    return { offset, stateKey: prefix.digest, find };
  };
  return checkpoints.anchorsRead.map(toArchive);
}
