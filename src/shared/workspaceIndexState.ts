/**
 * Request from client to server: returns the state of the workspace's index, and first rebuilds or clears it if asked.
 */
export const workspaceIndexMethod = "rwkv/workspaceIndex";
export interface WorkspaceIndexParams {
  readonly action: "state" | "rebuild" | "clear";
}
/** The result. It is null if there is no index: no model, no workspace folder, or the setting is off. */
export interface WorkspaceIndexState {
  readonly isBuilding: boolean;
  readonly files: number;
  /** Number of files that were left out because the index has reached its limit. */
  readonly leftOut: number;
  /** Memory that the index uses. */
  readonly bytes: number;
}
