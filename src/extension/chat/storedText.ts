import * as vscode from "vscode";

/** The stored parts of the message that the user has not sent yet: its text, and its attachments as JSON. */
export interface StoredDraft {
  readonly draft: StoredText;
  readonly attachments: StoredText;
}

/** Version of the stored attachments, part of the file's name; raised when an older version would misread them. */
const attachmentsVersion = 1;

/** @param folder the folder of the conversations. All `.json` files in it are conversations, so drafts use `.txt`. */
export function storedDraft(folder: vscode.Uri, onError: (error: unknown) => void): StoredDraft {
  const named = (name: string): StoredText => new StoredText(vscode.Uri.joinPath(folder, name), onError);
  return { draft: named("draft.txt"), attachments: named(`attachments.v${attachmentsVersion}.txt`) };
}

/**
 * A text that is stored in a file, such as the content of the input box. VS Code's own storage would write it seconds
 * later, and lose the last words when a window is reloaded.
 */
export class StoredText {
  readonly #file: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  #next: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(file: vscode.Uri, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** The stored text; empty if there is none. */
  async read(): Promise<string> {
    await this.#writing;
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file));
    } catch {
      return ""; // nothing was stored yet
    }
  }

  /** Stores a text. If several texts arrive while another one is being written, only the last of them is stored. */
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
