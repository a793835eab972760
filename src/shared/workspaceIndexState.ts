/** Request from client to server: rebuilds or clears the workspace's index, if `action` says so; returns its state. */
export const workspaceIndexMethod = "rwkv/workspaceIndex";
export interface WorkspaceIndexParams {
  readonly action: "state" | "rebuild" | "clear";
}
/** The result; null instead if nothing is indexed: no model, no workspace folder, or the setting is off. */
export interface WorkspaceIndexState {
  readonly isBuilding: boolean;
  readonly files: number;
  /** Files beyond the limits of an index. */
  readonly leftOut: number;
  /** Memory that the index takes. */
  readonly bytes: number;
}
