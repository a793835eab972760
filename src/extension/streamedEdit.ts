import * as vscode from "vscode";

/** Why writing stopped: somebody else edits the document, or the editor takes no edits. */
export type Disturbance = "edited" | "readOnly";

/**
 * Text that comes piece by piece and becomes one edit: one undo removes all of it. Where someone else edits the document
 * meanwhile, it stops.
 */
export class StreamedEdit {
  readonly #editor: vscode.TextEditor;
  readonly #onInterrupted: (why: Disturbance) => void;
  readonly #listener: vscode.Disposable;
  #at: vscode.Position;
  /** What came since the last edit began: it goes in at once with the next. */
  #waiting = "";
  /** How many units right of it that takes the place of. */
  #replaced = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isFirst = true;
  #isWriting = false;
  #isOver = false;

  constructor(editor: vscode.TextEditor, at: vscode.Position, onInterrupted: (why: Disturbance) => void) {
    this.#editor = editor;
    this.#at = at;
    this.#onInterrupted = onInterrupted;
    this.#listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document === editor.document && contentChanges.length > 0 && !this.#isWriting) this.#interrupt("edited");
    });
  }

  /**
   * Puts text behind what was written before, in place of some units that stand there.
   * @returns where the next would begin, once it stands there.
   */
  write(text: string, replaced = 0): Promise<vscode.Position> {
    this.#waiting += text;
    this.#replaced += replaced;
    const written = this.#last.then(() => this.#insert());
    this.#last = written;
    return written;
  }

  /** Resolves when all of it stands there. */
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
    // VS Code says that an edit is done in an editor that is read-only, too.
    const isReadOnly = isDone && document.version === version;
    if (!isDone || isReadOnly) {
      this.#interrupt(isReadOnly ? "readOnly" : "edited");
      return this.#at;
    }
    // Line ends may have become the document's own.
    this.#at = document.positionAt(offset + document.getText().length - lengthBefore + replaced);
    this.#editor.selection = new vscode.Selection(this.#at, this.#at);
    this.#editor.revealRange(new vscode.Range(this.#at, this.#at));
    return this.#at;
  }

  /** False where it could not be done: the text has changed, or the editor is closed. */
  async #edit(text: string, replaced: number): Promise<boolean> {
    const stops = { undoStopBefore: this.#isFirst, undoStopAfter: false };
    try {
      return await this.#editor.edit((edit) => {
        edit.replace(new vscode.Range(this.#at, this.#at.translate(0, replaced)), text);
      }, stops);
    } catch {
      return false; // VS Code throws for an editor that is gone; there is nothing to write into
    }
  }

  #interrupt(why: Disturbance): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onInterrupted(why);
  }
}
