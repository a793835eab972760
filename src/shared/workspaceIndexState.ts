/** Request from client to server: the state of the workspace's index, which can be rebuilt or cleared first. */
export const workspaceIndexMethod = "rwkv/workspaceIndex";
export interface WorkspaceIndexParams {
  readonly action: "state" | "rebuild" | "clear";
}
/** In a result, null if nothing is indexed: no model, no workspace folder, or the setting is off. */
export interface WorkspaceIndexState {
  readonly isBuilding: boolean;
  readonly files: number;
  /** Files beyond the limits of an index. */
  readonly leftOut: number;
  /** Memory that the index takes. */
  readonly bytes: number;
}
