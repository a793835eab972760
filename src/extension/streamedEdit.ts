import * as vscode from "vscode";

/** Why writing stopped: someone else edited the document, or the editor is read-only. */
export type Interruption = "edited" | "readOnly";

/** Writes streamed text into a document, as one undo step. Stops if someone else edits the document in the meantime. */
export class StreamedEdit {
  readonly #editor: vscode.TextEditor;
  readonly #onInterrupted: (why: Interruption) => void;
  readonly #listener: vscode.Disposable;
  #at: vscode.Position;
  /** Text that arrived after the last edit began. The next edit inserts it. */
  #waiting = "";
  /** Number of UTF-16 code units after `#at` that the waiting text replaces. */
  #replaced = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isFirst = true;
  #isWriting = false;
  #isOver = false;

  constructor(editor: vscode.TextEditor, at: vscode.Position, onInterrupted: (why: Interruption) => void) {
    this.#editor = editor;
    this.#at = at;
    this.#onInterrupted = onInterrupted;
    this.#listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document === editor.document && contentChanges.length > 0 && !this.#isWriting) this.#interrupt("edited");
    });
  }

  /**
   * Inserts text after the text that was written before.
   * @param replaced number of UTF-16 code units in the document that the text replaces.
   * @returns the position after the text, once it is inserted.
   */
  write(text: string, replaced = 0): Promise<vscode.Position> {
    this.#waiting += text;
    this.#replaced += replaced;
    const written = this.#last.then(() => this.#insert());
    this.#last = written;
    return written;
  }

  /**
   * Resolves when all text has been inserted or, after an interruption, without the rest of the text. Later writes are
   * ignored.
   */
  async end(): Promise<void> {
    await this.#last;
    this.#isOver = true;
    this.#listener.dispose();
  }

  async #insert(): Promise<vscode.Position> {
    const [text, replaced] = [this.#waiting, this.#replaced];
    this.#waiting = "";
    this.#replaced = 0;
    if (this.#isOver || text === "") return this.#at;
    const { document } = this.#editor;
    const offset = document.offsetAt(this.#at);
    const lengthBefore = document.getText().length;
    const { version } = document;
    this.#isWriting = true;
    const isDone = await this.#edit(text, replaced);
    this.#isWriting = false;
    this.#isFirst = false;
    // VS Code reports success in read-only editors, too.
    const isReadOnly = isDone && document.version === version;
    if (!isDone || isReadOnly) {
      this.#interrupt(isReadOnly ? "readOnly" : "edited");
      return this.#at;
    }
    // The inserted text may be longer than `text`, because VS Code changes its line endings to the document's.
    this.#at = document.positionAt(offset + document.getText().length - lengthBefore + replaced);
    this.#editor.selection = new vscode.Selection(this.#at, this.#at);
    this.#editor.revealRange(new vscode.Range(this.#at, this.#at));
    return this.#at;
  }

  /** False if the edit failed: the text has changed, or the editor was closed. */
  async #edit(text: string, replaced: number): Promise<boolean> {
    const stops = { undoStopBefore: this.#isFirst, undoStopAfter: false };
    try {
      return await this.#editor.edit((edit) => {
        edit.replace(new vscode.Range(this.#at, this.#at.translate(0, replaced)), text);
      }, stops);
    } catch {
      return false; // VS Code throws if the editor was closed; nothing is left to edit
    }
  }

  #interrupt(why: Interruption): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onInterrupted(why);
  }
}
