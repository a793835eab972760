import * as vscode from "vscode";
import type { GenerateDelta } from "../shared/protocol.js";
import { commentAbove } from "./comments.js";
import { blockerFor, type DocumentUse } from "./eligibility.js";
import { showBlocker } from "./blockerText.js";
import { warnReadOnly } from "./readOnly.js";
import { StreamedEdit } from "./streamedEdit.js";
import type { CompletionClient } from "./completionClient.js";
import type { Settings } from "./settings.js";
import { showInformation, withProgress, type Progress } from "./notifications.js";

/** Context key: while it is set, Escape stops the generation. */
const runningContext = "rwkvCode.generating";

/** A long-running task. */
type Work = (progress: Progress, cancellation: vscode.CancellationToken) => Promise<void>;

/**
 * Streams text to insert at a position, until it is complete or cancelled. Each call of `onText` appends text, which
 * may also replace the next `replaced` UTF-16 code units of the document.
 */
export type Writer = (
  position: vscode.Position,
  onText: (text: string, replaced?: number) => void,
  cancellation: vscode.CancellationToken,
) => Promise<void>;

/** The commands that write into the editor. Only one of them runs at a time. */
export class EditorGeneration {
  readonly #client: CompletionClient;
  readonly #settings: () => Settings;
  #cancellation: vscode.CancellationTokenSource | undefined;

  constructor(client: CompletionClient, settings: () => Settings) {
    this.#client = client;
    this.#settings = settings;
  }

  /** Lets the model write at the cursor. */
  async atCursor(): Promise<void> {
    const editor = this.editor();
    if (editor !== undefined) await this.write(editor, editor.selection.active, "");
  }

  /** Writes below the comment at or above the cursor. */
  async fromComment(): Promise<void> {
    const editor = this.editor();
    if (editor === undefined) return;
    const { document } = editor;
    const lines = (line: number): string => document.lineAt(line).text;
    const comment = commentAbove(lines, editor.selection.active.line);
    if (comment === undefined) {
      void showInformation(vscode.l10n.t("RWKV Code: Move the cursor to a comment or right below one first."));
      return;
    }
    const { line, indentation } = comment;
    const hasRoom = line + 1 < document.lineCount && lines(line + 1).trim() === "";
    const from = hasRoom ? document.lineAt(line + 1).range.end : document.lineAt(line).range.end;
    const missing = hasRoom ? indentation.slice(lines(line + 1).length) : newLineOf(document) + indentation;
    await this.write(editor, from, missing);
  }

  /**
   * Inserts a line at the cursor or, if the cursor's line is not blank, below it. The model continues below the
   * inserted line.
   */
  async writeBelow(editor: vscode.TextEditor, line: string): Promise<void> {
    // The user has answered questions, so by now another editor may be active or another command running.
    if (this.editor() !== editor) return;
    const { document, selection } = editor;
    const { active } = selection;
    const { text, range } = document.lineAt(active.line);
    const newLine = newLineOf(document) + (/^\s*/.exec(text)?.[0] ?? "");
    const isBlank = text.trim() === "";
    await this.write(editor, range.end, `${isBlank ? "" : newLine}${line}${newLine}`);
  }

  /** Stops the generation and keeps the text written so far. */
  cancel(): void {
    this.#cancellation?.cancel();
  }

  /**
   * The active editor, if its document allows this use. Otherwise tells the user why not. Undefined while a task runs.
   */
  editor(use: DocumentUse = "writeInto"): vscode.TextEditor | undefined {
    if (this.#isBusy) return undefined;
    const editor = vscode.window.activeTextEditor;
    const blocker = editor && blockerFor(use, this.#client.documents.blocker(editor.document));
    if (editor !== undefined && blocker === undefined) return editor;
    if (blocker !== undefined) void showBlocker(blocker);
    else void showInformation(`RWKV Code: ${vscode.l10n.t("Open a document first.")}`);
    return undefined;
  }

  /**
   * Writes into an editor, as one undo step.
   * @param before text to insert first, as a part of the same step.
   * @param writer streams the text; by default the model's continuation at the position.
   */
  async write(
    editor: vscode.TextEditor,
    at: vscode.Position,
    before: string,
    writer: Writer = this.#continuation(editor),
  ): Promise<void> {
    if (this.#isBusy) return; // another command was started while this one waited for the user
    // An edit by the user stops the generation, even while the server is starting.
    const edit = new StreamedEdit(editor, at, (why) => {
      this.cancel();
      if (why === "readOnly") warnReadOnly();
    });
    await this.run(vscode.l10n.t("RWKV Code is writing (press Escape to stop)"), async (_, cancellation) => {
      try {
        await this.#client.startFor(editor.document);
        const position = await edit.write(before);
        let units = 0;
        const onText = (text: string, replaced?: number): void => {
          units += text.length;
          void edit.write(text, replaced);
        };
        await writer(position, onText, cancellation);
        if (units === 0 && !cancellation.isCancellationRequested) {
          void showInformation(vscode.l10n.t("RWKV Code: The model wrote nothing here."));
        }
      } finally {
        await edit.end();
      }
    });
  }

  /** Runs a long task, unless one is running. Escape or the notification's button cancels it. */
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
    // The types also allow "auto", but only for setting an option; VS Code returns numbers and booleans.
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
