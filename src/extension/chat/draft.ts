import * as vscode from "vscode";

/**
 * The text of the input box, in a file: VS Code's own storage writes seconds later and loses the last words when a
 * window is reloaded.
 */
export class Draft {
  readonly #file: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  #next: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(folder: vscode.Uri, onError: (error: unknown) => void) {
    this.#file = vscode.Uri.joinPath(folder, "draft.txt");
    this.#onError = onError;
  }

  /** The last draft; empty if there is none. */
  async read(): Promise<string> {
    await this.#writing;
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file));
    } catch {
      return ""; // no draft was stored yet
    }
  }

  /** Stores a draft. Of several drafts that arrive while one is being written, only the last is stored. */
  async save(text: string): Promise<void> {
    this.#next = text;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(this.#file, ".."));
      while (this.#next !== undefined) {
        const text = this.#next;
        this.#next = undefined;
        await vscode.workspace.fs.writeFile(this.#file, new TextEncoder().encode(text));
      }
    } catch (error) {
      this.#onError(error);
    }
  }
}
