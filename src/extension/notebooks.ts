import * as vscode from "vscode";
import { notebookCellsMethod, type NotebookCellsParams } from "../shared/notebookCells.js";

/** A function that sends a notification to the server if it is running. */
export type Notify = (method: string, params: NotebookCellsParams) => Promise<void>;

/**
 * Tells the server which cells each open notebook has, so that the model reads the code above a cell before the cell.
 */
export class Notebooks implements vscode.Disposable {
  readonly #notify: Notify;
  readonly #onError: (error: unknown) => void;
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(notify: Notify, onError: (error: unknown) => void) {
    this.#notify = notify;
    this.#onError = onError;
    this.#subscriptions = [
      vscode.workspace.onDidOpenNotebookDocument((notebook) => {
        this.#send(notebook);
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0) this.#send(notebook);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        this.#send(notebook, []);
      }),
    ];
  }

  /** Sends the cells of all open notebooks. Call when the server has started. */
  sendAll(): void {
    for (const notebook of vscode.workspace.notebookDocuments) this.#send(notebook);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #send(notebook: vscode.NotebookDocument, cells: readonly vscode.NotebookCell[] = notebook.getCells()): void {
    const code = cells.filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
    const uris = code.map(({ document }) => document.uri.toString());
    this.#notify(notebookCellsMethod, { notebook: notebook.uri.toString(), cells: uris }).catch(this.#onError);
  }
}
