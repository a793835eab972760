import { randomInt } from "node:crypto";
import * as vscode from "vscode";
import { attachmentOf } from "../chat/attachments.js";
import type { ChatController } from "../chat/chatController.js";
import type { Generation } from "../generation.js";
import type { Server } from "../serverProcess.js";
import type { Settings } from "../settings.js";
import { codeInAnswer, codeOf, indented } from "./codeInAnswer.js";
import { askForInstruction } from "./instructionInput.js";
import type { Prompts } from "./prompts.js";
import type { RewriteDiff } from "./rewriteDiff.js";

export interface InstructionParts {
  readonly server: Server;
  readonly generation: Generation;
  readonly chat: Pick<ChatController, "ask">;
  readonly showChat: () => Promise<void>;
  readonly prompts: Prompts;
  readonly diff: RewriteDiff;
  /** Keeps what was asked before. */
  readonly memento: vscode.Memento;
  readonly settings: () => Settings;
}

const linesAbove = 20;

/** The commands that tell the model what to do. They need one that was trained for it, and say so. */
export class Instructions {
  readonly #parts: InstructionParts;

  constructor(parts: InstructionParts) {
    this.#parts = parts;
  }

  /** Writes at the cursor what an instruction asks for. */
  async generate(): Promise<void> {
    const { generation, memento } = this.#parts;
    const editor = generation.editor();
    if (editor === undefined) return;
    const instruction = await askForInstruction(memento, vscode.l10n.t("Generate from Instruction"));
    if (instruction === undefined) return;
    if (!(await this.#canTalk())) return;
    const { document, selection } = editor;
    const at = selection.active;
    const above = document.getText(new vscode.Range(Math.max(0, at.line - linesAbove), 0, at.line, at.character));
    const values = { ...valuesOf(document), instruction, above: above.trimEnd(), line: at.line + 1 };
    const message = await this.#parts.prompts.fill("instruction", values);
    const indentation = /^\s*/.exec(document.lineAt(at.line).text.slice(0, at.character))?.[0] ?? "";
    await generation.write(editor, at, "", async (_, onText, cancellation) => {
      let sent = 0;
      const send = (code: string): void => {
        const whole = indented(code, indentation);
        onText(whole.slice(sent));
        sent = whole.length;
      };
      // Of a line that is not whole nothing is known but its beginning: lines are sent when they end.
      const onAnswer = (text: string): void => {
        const code = codeInAnswer(text);
        send(code.slice(0, code.lastIndexOf("\n") + 1).replace(/\n$/, ""));
      };
      const answer = await this.#answer(message, onAnswer, cancellation);
      if (answer !== undefined) send(codeOf(answer));
    });
  }

  /** Shows what an instruction makes of the selection. */
  async rewrite(): Promise<void> {
    const editor = this.#selected();
    if (editor === undefined) return;
    const instruction = await askForInstruction(this.#parts.memento, vscode.l10n.t("Rewrite Selection"));
    if (instruction === undefined || !(await this.#canTalk())) return;
    const { document, selection } = editor;
    const range = new vscode.Range(selection.start, selection.end);
    const values = { ...valuesOf(document), instruction, selection: document.getText(range) };
    const message = await this.#parts.prompts.fill("rewrite", values);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("RWKV Code is rewriting"),
      cancellable: true,
    };
    const answer = await vscode.window.withProgress(options, (progress, cancellation) =>
      this.#answer(
        message,
        (text) => {
          progress.report({ message: lastLine(text) });
        },
        cancellation,
      ),
    );
    if (answer === undefined) return;
    const text = codeOf(answer);
    if (text !== "") await this.#parts.diff.offer({ document, range, text });
    else void vscode.window.showInformationMessage(vscode.l10n.t("RWKV Code: The model wrote no code"));
  }

  /** Has the chat explain the selection. */
  async explain(): Promise<void> {
    const editor = this.#selected();
    if (editor === undefined || !(await this.#canTalk())) return;
    const { server, chat, showChat, prompts } = this.#parts;
    const attachment = attachmentOf("selection", (document) => server.documents.ineligibility(document));
    await showChat();
    await chat.ask(await prompts.fill("explain", valuesOf(editor.document)), [attachment]);
  }

  /** One answer outside of any conversation. @returns all of it; undefined where it was cancelled. */
  async #answer(
    message: string,
    onAnswer: (text: string) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<string | undefined> {
    let text = "";
    const turns = [{ message, attachments: [], think: false }];
    const params = {
      turns,
      system: this.#parts.settings().chatSystem,
      scratchLanguageId: "",
      seed: randomInt(2 ** 31),
    };
    const result = await this.#parts.server.chat(
      params,
      (piece) => {
        text += piece.text;
        onAnswer(text);
      },
      cancellation,
    );
    return result?.text;
  }

  /** True where the model was trained to be told what to do; otherwise says so, and what helps. */
  async #canTalk(): Promise<boolean> {
    const { server } = this.#parts;
    await server.start();
    if ((await server.model()).chat !== "none") return true;
    const importModel = vscode.l10n.t("Import a Model");
    const message = vscode.l10n.t("RWKV Code: The model that is loaded was not trained to follow instructions.");
    const picked = await vscode.window.showWarningMessage(message, importModel);
    if (picked === importModel) await vscode.commands.executeCommand("rwkvCode.importModel");
    return false;
  }

  /** The active editor, where something is selected. */
  #selected(): vscode.TextEditor | undefined {
    const editor = this.#parts.generation.editor();
    if (editor?.selection.isEmpty !== true) return editor;
    void vscode.window.showInformationMessage(vscode.l10n.t("RWKV Code: Select something first"));
    return undefined;
  }
}

function valuesOf({ uri, languageId }: vscode.TextDocument): { readonly file: string; readonly language: string } {
  return { file: vscode.workspace.asRelativePath(uri, false), language: languageId };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
