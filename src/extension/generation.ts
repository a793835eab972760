import * as vscode from "vscode";
import { commentAbove } from "./comments.js";
import { ineligibilityText } from "./ineligibilityText.js";
import { StreamedEdit } from "./streamedEdit.js";
import type { Server } from "./serverProcess.js";
import type { Settings } from "./settings.js";

/** When this is set, Escape ends what is being written. */
const runningContext = "rwkvCode.generating";

/** Has text written from a position on, piece by piece, until it is whole or cancelled. */
export type Writer = (
  position: vscode.Position,
  onText: (text: string) => void,
  cancellation: vscode.CancellationToken,
) => Promise<void>;

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
    const editor = this.editor();
    if (editor !== undefined) await this.write(editor, editor.selection.active, "");
  }

  /** Writes below the comment that the cursor is in or under. */
  async fromComment(): Promise<void> {
    const editor = this.editor();
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
    const from = hasRoom ? document.lineAt(line + 1).range.end : document.lineAt(line).range.end;
    const missing = hasRoom ? indentation.slice(lines(line + 1).length) : newLine + indentation;
    await this.write(editor, from, missing);
  }

  /** Ends what is being written; what came stays. */
  cancel(): void {
    this.#cancellation?.cancel();
  }

  /** The active editor, where text may be written into it; otherwise says why not. */
  editor(): vscode.TextEditor | undefined {
    if (this.#cancellation !== undefined) return undefined;
    const editor = vscode.window.activeTextEditor;
    const ineligibility = editor && this.#server.documents.ineligibility(editor.document);
    if (editor !== undefined && ineligibility === undefined) return editor;
    const reason =
      ineligibility === undefined ? vscode.l10n.t("Open a document to write into") : ineligibilityText(ineligibility);
    void vscode.window.showInformationMessage(`RWKV Code: ${reason}`);
    return undefined;
  }

  /**
   * Writes into an editor, as one edit.
   * @param before what is put in front of the text, as a part of the same edit.
   * @param writer what the model is asked; text that goes on at the position where it is not said.
   */
  async write(
    editor: vscode.TextEditor,
    at: vscode.Position,
    before: string,
    writer: Writer = this.#goingOn(editor.document),
  ): Promise<void> {
    if (this.#cancellation !== undefined) return; // another one began while this one asked the user something
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
        await writer(position, (text) => void edit.write(text), cancellation.token);
      });
    } finally {
      await edit.end();
      this.#cancellation = undefined;
      cancellation.dispose();
      await vscode.commands.executeCommand("setContext", runningContext, false);
    }
  }

  #goingOn(document: vscode.TextDocument): Writer {
    return (position, onText, cancellation) => {
      const params = { position, maxLines: this.#settings().generateMaxLines };
      return this.#server.generate(document, params, onText, cancellation);
    };
  }
}
