/** Notification from client to server: the cells of a notebook that contain code, in order; none if it was closed. */
export const notebookCellsMethod = "rwkv/notebookCells";
export interface NotebookCellsParams {
  /** The notebook's URI. */
  readonly notebook: string;
  /** URIs of the cells, which the client opens as documents. */
  readonly cells: readonly string[];
}
