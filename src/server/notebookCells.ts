import type { TextDocuments } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { EngineDocuments } from "../core/engine/engineDocuments.js";
import type { Preamble } from "../core/completion/documentSession.js";
import type { NotebookCellsParams } from "../shared/notebookCells.js";

type ClientDocuments = Pick<TextDocuments<TextDocument>, "get" | "all">;

/**
 * Maximum length of the text before a cell, in UTF-16 code units. If there is more text, only the nearest cells above
 * are read.
 */
const maxLength = 500_000;

export interface NotebookCellsOptions {
  readonly documents: ClientDocuments;
  /** The documents that are open for the loaded model, if there is one. */
  readonly open: () => Pick<EngineDocuments, "setPreamble" | "resumeReading"> | undefined;
  /** URI of the document that has the focus. */
  readonly focused: () => string | undefined;
  /** Whether a document must not be read. A client may list any document as a cell. */
  readonly isBlocked: (document: TextDocument) => boolean;
}

/**
 * Keeps the cells of the notebooks that the client has sent. The preamble of a cell is the text of all cells of the
 * same language above it. A preamble is only updated when its cell is used, because each keystroke in a cell changes
 * the preambles of all cells below it.
 */
export class NotebookCells {
  readonly #options: NotebookCellsOptions;
  /** URIs of the cells, in order, by the notebook's URI. */
  readonly #notebooks = new Map<string, readonly string[]>();
  /** URIs of cells whose preamble is up to date. */
  readonly #current = new Set<string>();

  constructor(options: NotebookCellsOptions) {
    this.#options = options;
  }

  /** Call when the client has sent a notebook's cells. */
  readonly set = ({ notebook, cells }: NotebookCellsParams): void => {
    const old = this.#notebooks.get(notebook) ?? [];
    if (cells.length === 0) this.#notebooks.delete(notebook);
    else this.#notebooks.set(notebook, cells);
    for (const uri of [...old, ...cells]) this.#current.delete(uri);
    const focused = this.#options.focused();
    if (focused === undefined) return;
    this.used(focused); // read the cells above it now, not at the next keystroke
    this.#options.open()?.resumeReading();
  };

  /** Call after a document was opened in the model, when it has no preamble yet. */
  readonly opened = (uri: string): void => {
    this.#current.delete(uri);
    this.used(uri);
  };

  /** Call when the client has opened, edited or closed a document. */
  changed(uri: string): void {
    const cells = this.#cellsWith(uri);
    for (const below of cells.slice(cells.indexOf(uri) + 1)) this.#current.delete(below);
    this.used(uri);
  }

  /** Call before a document is used. */
  used(uri: string): void {
    if (this.#cellsWith(uri).length > 0 && !this.#current.has(uri)) this.#update(uri);
  }

  /**
   * Call when the set of blocked documents may have changed. Updates all preambles, so that none contains the text of a
   * blocked document, even if the notebook was closed.
   */
  blockersChanged(): void {
    this.#current.clear();
    for (const { uri } of this.#options.documents.all()) this.#update(uri);
  }

  #update(uri: string): void {
    const documents = this.#options.open();
    if (documents === undefined) return;
    const cells = this.#cellsWith(uri);
    documents.setPreamble(uri, this.#preambleOf(cells.slice(0, Math.max(0, cells.indexOf(uri))), uri));
    if (cells.length > 0) this.#current.add(uri);
  }

  #preambleOf(cells: readonly string[], before: string): Preamble {
    const { documents, isBlocked } = this.#options;
    const languageId = documents.get(before)?.languageId;
    const uris = new Set<string>();
    let text = "";
    for (const uri of cells.toReversed()) {
      const cell = documents.get(uri);
      if (cell === undefined || cell.languageId !== languageId || isBlocked(cell)) continue;
      const code = cell.getText();
      if (text.length + code.length > maxLength) break;
      uris.add(uri);
      if (code !== "") text = `${withoutLastNewlines(code)}\n${text}`;
    }
    return { text, uris };
  }

  #cellsWith(uri: string): readonly string[] {
    return [...this.#notebooks.values()].find((cells) => cells.includes(uri)) ?? [];
  }
}

/** A loop, because a regular expression takes quadratic time for a cell with many blank lines. */
function withoutLastNewlines(code: string): string {
  let end = code.length;
  while (end > 0 && (code[end - 1] === "\n" || code[end - 1] === "\r")) end--;
  return code.slice(0, end);
}
