import type { Model } from "../core/model.js";
import type { StateArchive } from "../core/states/stateArchive.js";
import type { ServerSettings } from "../shared/protocol.js";
import { storedStatesFolder } from "../shared/storedStatesFolder.js";
import { StoredStates } from "../storedStates/storedStates.js";

export interface StateArchiveOptions {
  /** The client's folder for data that outlives a restart; undefined if the client offers none. */
  readonly storage: () => string | undefined;
  readonly settings: () => ServerSettings;
  /** Whether the settings exclude a file, by URI. */
  readonly isExcluded: (uri: string) => boolean;
  readonly onError: (error: unknown) => void;
}

/** The archive that keeps a model's states across restarts; undefined if the client offers no folder. */
export function stateArchiveOf(
  model: Model,
  { storage, settings, isExcluded, onError }: StateArchiveOptions,
): StateArchive | undefined {
  const folder = storage();
  if (folder === undefined) return undefined;
  return new StoredStates({
    folder: storedStatesFolder(folder),
    model,
    maxBytes: () => settings().checkpointDiskMB * 2 ** 20,
    isAllowed: (uri) => uri.startsWith("file:") && !isExcluded(uri),
    onError,
  });
}
