import type { TextDocuments } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { EngineDocuments } from "../core/engine/engineDocuments.js";
import type { NotebookCellsParams } from "../shared/notebookCells.js";

type ClientDocuments = Pick<TextDocuments<TextDocument>, "get">;

/** Maximum length of the text before a cell, in UTF-16 units. Of more text, only the nearest cells above are read. */
const maxLength = 500_000;

/**
 * The notebooks of which the client sent the cells. The cells of the same language above a cell are read before it. The
 * text before a cell is only updated when the cell is used, because each key in a cell changes that of all cells below.
 */
export class NotebookCells {
  readonly #documents: ClientDocuments;
  readonly #open: () => Pick<EngineDocuments, "setPreamble"> | undefined;
  /** URIs of the cells, in order, by the notebook's URI. */
  readonly #notebooks = new Map<string, readonly string[]>();
  /** URIs of cells above which nothing has changed since they were last used. */
  readonly #current = new Set<string>();

  /**
   * @param documents those of the client.
   * @param open the documents that are open for the loaded model, if there is one.
   */
  constructor(documents: ClientDocuments, open: () => Pick<EngineDocuments, "setPreamble"> | undefined) {
    this.#documents = documents;
    this.#open = open;
  }

  /** The client sent a notebook. */
  readonly set = ({ notebook, cells }: NotebookCellsParams): void => {
    const old = this.#notebooks.get(notebook) ?? [];
    if (cells.length === 0) this.#notebooks.delete(notebook);
    else this.#notebooks.set(notebook, cells);
    for (const uri of [...old, ...cells]) this.#current.delete(uri);
  };

  /** A document was opened in the model, with nothing before it. */
  readonly opened = (uri: string): void => {
    this.#current.delete(uri);
    this.used(uri);
  };

  /** A document was opened, edited or closed by the client. */
  changed(uri: string): void {
    const cells = this.#cellsWith(uri);
    for (const below of cells.slice(cells.indexOf(uri) + 1)) this.#current.delete(below);
    this.used(uri);
  }

  /** Call before a document is used. */
  used(uri: string): void {
    const documents = this.#open();
    const cells = this.#cellsWith(uri);
    if (documents === undefined || cells.length === 0 || this.#current.has(uri)) return;
    documents.setPreamble(uri, this.#textOf(cells.slice(0, cells.indexOf(uri)), this.#documents.get(uri)?.languageId));
    this.#current.add(uri);
  }

  #textOf(cells: readonly string[], languageId: string | undefined): string {
    let text = "";
    for (const uri of cells.toReversed()) {
      const cell = this.#documents.get(uri);
      if (cell?.languageId !== languageId) continue;
      const code = cell?.getText() ?? "";
      if (text.length + code.length > maxLength) break;
      if (code !== "") text = `${code.replace(/[\r\n]+$/, "")}\n${text}`;
    }
    return text;
  }

  #cellsWith(uri: string): readonly string[] {
    return [...this.#notebooks.values()].find((cells) => cells.includes(uri)) ?? [];
  }
}
