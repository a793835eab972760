import * as vscode from "vscode";
import type { GenerateDelta } from "../shared/protocol.js";
import { commentAbove } from "./comments.js";
import { blockerFor, type DocumentUse } from "./eligibility.js";
import { sayBlocker } from "./ineligibilityText.js";
import { sayReadOnly } from "./readOnly.js";
import { StreamedEdit } from "./streamedEdit.js";
import type { CompletionClient } from "./completionClient.js";
import type { Settings } from "./settings.js";
import { showInformation, withProgress, type Progress } from "./notifications.js";

/** While this is set, Escape ends what is being written. */
const runningContext = "rwkvCode.generating";

/** Work that takes a while. */
type Work = (progress: Progress, cancellation: vscode.CancellationToken) => Promise<void>;

/**
 * Has text written from a position on, piece by piece, until it is whole or cancelled. A piece may take the place of some
 * units right of where it goes in.
 */
export type Writer = (
  position: vscode.Position,
  onText: (text: string, replaced?: number) => void,
  cancellation: vscode.CancellationToken,
) => Promise<void>;

/** The commands that write into the editor at once. At most one writes at a time. */
export class EditorGeneration {
  readonly #client: CompletionClient;
  readonly #settings: () => Settings;
  #cancellation: vscode.CancellationTokenSource | undefined;

  constructor(client: CompletionClient, settings: () => Settings) {
    this.#client = client;
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
      void showInformation(vscode.l10n.t("RWKV Code: No comment at the cursor or right above it"));
      return;
    }
    const { line, indentation } = comment;
    const hasRoom = line + 1 < document.lineCount && lines(line + 1).trim() === "";
    const from = hasRoom ? document.lineAt(line + 1).range.end : document.lineAt(line).range.end;
    const missing = hasRoom ? indentation.slice(lines(line + 1).length) : newLineOf(document) + indentation;
    await this.write(editor, from, missing);
  }

  /** Writes a line at the cursor, or below what stands there, and goes on below it. */
  async writeBelow(editor: vscode.TextEditor, line: string): Promise<void> {
    // The server has to know the document to go on with it.
    if (this.editor() !== editor) return;
    const { document, selection } = editor;
    const { active } = selection;
    const { text, range } = document.lineAt(active.line);
    const newLine = newLineOf(document) + (/^\s*/.exec(text)?.[0] ?? "");
    const isBlank = text.trim() === "";
    await this.write(editor, range.end, `${isBlank ? "" : newLine}${line}${newLine}`);
  }

  /** Ends what is being written; what came stays. */
  cancel(): void {
    this.#cancellation?.cancel();
  }

  /** The active editor, where its document may be used so; otherwise says why not. */
  editor(use: DocumentUse = "writeInto"): vscode.TextEditor | undefined {
    if (this.#isBusy) return undefined;
    const editor = vscode.window.activeTextEditor;
    const blocker = editor && blockerFor(use, this.#client.documents.blocker(editor.document));
    if (editor !== undefined && blocker === undefined) return editor;
    if (blocker !== undefined) void sayBlocker(blocker);
    else void showInformation(`RWKV Code: ${vscode.l10n.t("Open a document to write into")}`);
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
    writer: Writer = this.#continuation(editor),
  ): Promise<void> {
    if (this.#isBusy) return; // another one began while this one asked the user something
    // Whoever types meanwhile ends it, also while the server is being started.
    const edit = new StreamedEdit(editor, at, (why) => {
      this.cancel();
      if (why === "readOnly") sayReadOnly();
    });
    await this.run(vscode.l10n.t("RWKV Code is writing (press Escape to stop)"), async (_, cancellation) => {
      try {
        await this.#client.startFor(editor.document);
        const position = await edit.write(before);
        await writer(position, (text, replaced) => void edit.write(text, replaced), cancellation);
      } finally {
        await edit.end();
      }
    });
  }

  /** Does what takes a while, if nothing of the kind is being done: Escape and the notification's button end it. */
  async run(title: string, work: Work): Promise<void> {
    if (this.#isBusy) return;
    const cancellation = new vscode.CancellationTokenSource();
    this.#cancellation = cancellation;
    await vscode.commands.executeCommand("setContext", runningContext, true);
    try {
      await withProgress(title, async (progress, token) => {
        token.onCancellationRequested(() => {
          cancellation.cancel();
        });
        await work(progress, cancellation.token);
      });
    } finally {
      this.#cancellation = undefined;
      cancellation.dispose();
      await vscode.commands.executeCommand("setContext", runningContext, false);
    }
  }

  get #isBusy(): boolean {
    return this.#cancellation !== undefined;
  }

  #continuation({ document, options }: vscode.TextEditor): Writer {
    // VS Code says numbers and booleans of an open editor; "auto" is for setting them.
    const indentUnit = options.insertSpaces === false ? "\t" : " ".repeat(Number(options.tabSize));
    return (position, onText, cancellation) => {
      const params = { position, maxLines: this.#settings().generateMaxLines, indentUnit };
      const onDelta = ({ text, replaced }: GenerateDelta): void => {
        onText(text, replaced);
      };
      return this.#client.generate(document, params, onDelta, cancellation);
    };
  }
}

function newLineOf({ eol }: vscode.TextDocument): string {
  return eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
}
