/** Notification from client to server: the code cells of a notebook, in order; none if the notebook was closed. */
export const notebookCellsMethod = "rwkv/notebookCells";
export interface NotebookCellsParams {
  /** The notebook's URI. */
  readonly notebook: string;
  /** URIs of the cells, which the client opens as documents. */
  readonly cells: readonly string[];
}
