import * as vscode from "vscode";
import { commentAbove } from "./comments.js";
import { ineligibilityText } from "./ineligibilityText.js";
import { StreamedEdit } from "./streamedEdit.js";
import type { Server } from "./serverProcess.js";
import type { Settings } from "./settings.js";

/** When this is set, Escape ends what is being written. */
const runningContext = "rwkvCode.generating";

/** The commands that write into the editor at once. At most one writes at a time. */
export class Generation {
  readonly #server: Server;
  readonly #settings: () => Settings;
  #cancellation: vscode.CancellationTokenSource | undefined;

  constructor(server: Server, settings: () => Settings) {
    this.#server = server;
    this.#settings = settings;
  }

  /** Writes at the cursor until the block ends. */
  async atCursor(): Promise<void> {
    const editor = this.#editor();
    if (editor !== undefined) await this.#write(editor, editor.selection.active, "");
  }

  /** Writes below the comment that the cursor is in or under. */
  async fromComment(): Promise<void> {
    const editor = this.#editor();
    if (editor === undefined) return;
    const { document } = editor;
    const lines = (line: number): string => document.lineAt(line).text;
    const comment = commentAbove(lines, editor.selection.active.line);
    if (comment === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("RWKV Code: No comment at the cursor or right above it"));
      return;
    }
    const { line, indentation } = comment;
    const newLine = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
    const hasRoom = line + 1 < document.lineCount && lines(line + 1).trim() === "";
    const at = hasRoom ? document.lineAt(line + 1).range.end : document.lineAt(line).range.end;
    const missing = hasRoom ? indentation.slice(lines(line + 1).length) : newLine + indentation;
    await this.#write(editor, at, missing);
  }

  /** Ends what is being written; what came stays. */
  cancel(): void {
    this.#cancellation?.cancel();
  }

  /** The active editor, where text may be written into it; otherwise says why not. */
  #editor(): vscode.TextEditor | undefined {
    if (this.#cancellation !== undefined) return undefined;
    const editor = vscode.window.activeTextEditor;
    const ineligibility = editor && this.#server.documents.ineligibility(editor.document);
    if (editor !== undefined && ineligibility === undefined) return editor;
    const reason =
      ineligibility === undefined ? vscode.l10n.t("Open a document to write into") : ineligibilityText(ineligibility);
    void vscode.window.showInformationMessage(`RWKV Code: ${reason}`);
    return undefined;
  }

  /** @param before what is put in front of the text, as a part of the same edit. */
  async #write(editor: vscode.TextEditor, at: vscode.Position, before: string): Promise<void> {
    const cancellation = new vscode.CancellationTokenSource();
    this.#cancellation = cancellation;
    await vscode.commands.executeCommand("setContext", runningContext, true);
    const edit = new StreamedEdit(editor, at, () => {
      cancellation.cancel();
    });
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("RWKV Code is writing (Escape ends it)"),
      cancellable: true,
    };
    try {
      await vscode.window.withProgress(options, async (_, token) => {
        token.onCancellationRequested(() => {
          cancellation.cancel();
        });
        await this.#server.start();
        const position = await edit.write(before);
        const params = { position, maxLines: this.#settings().generateMaxLines };
        await this.#server.generate(editor.document, params, (text) => void edit.write(text), cancellation.token);
      });
    } finally {
      await edit.end();
      this.#cancellation = undefined;
      cancellation.dispose();
      await vscode.commands.executeCommand("setContext", runningContext, false);
    }
  }
}
