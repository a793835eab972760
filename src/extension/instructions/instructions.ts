import { randomInt } from "node:crypto";
import * as vscode from "vscode";
import { attachmentOf } from "../chat/attachments.js";
import type { ChatController } from "../chat/chatController.js";
import { asComment } from "../comments.js";
import type { DocumentUse } from "../eligibility.js";
import type { Generation } from "../generation.js";
import type { ChatResult } from "../../protocol.js";
import type { Server } from "../serverProcess.js";
import type { Settings } from "../settings.js";
import { codeInAnswer, codeOf, indented } from "./codeInAnswer.js";
import { askForInstruction } from "./instructionInput.js";
import type { ModelAbilities } from "./modelAbilities.js";
import type { Prompts } from "./prompts.js";
import type { RewriteDiff } from "./rewriteDiff.js";
import { rewrittenCode, type RewrittenCode } from "./rewrittenCode.js";
import type { SelectedText } from "./selectedText.js";
import { visibleText } from "../../shared/inertText.js";
import { showInformation } from "../notifications.js";

export interface InstructionParts {
  readonly server: Server;
  readonly generation: Generation;
  readonly chat: Pick<ChatController, "ask">;
  readonly showChat: () => Promise<void>;
  readonly prompts: Prompts;
  readonly diff: RewriteDiff;
  readonly abilities: ModelAbilities;
  /** Keeps what was asked before. */
  readonly memento: vscode.Memento;
  readonly settings: () => Settings;
}

const linesAbove = 20;

/** The commands that tell the model what to do. With one that was not trained for it they say so, and what it can do. */
export class Instructions {
  readonly #parts: InstructionParts;

  constructor(parts: InstructionParts) {
    this.#parts = parts;
  }

  /** Writes at the cursor what an instruction asks for. @param given fills in the instruction that is asked for. */
  async generate(given?: unknown): Promise<void> {
    const { generation, abilities } = this.#parts;
    const editor = generation.editor("writeInto");
    if (editor === undefined) return;
    const instruction = await this.#instruction(given, vscode.l10n.t("Generate from Instruction"));
    if (instruction === undefined) return;
    const otherwise = vscode.l10n.t("It can write the instruction as a comment and go on below.");
    const way = await abilities.wayOf("generate", otherwise);
    if (way === "instructed") await this.#generateAnswer(editor, instruction);
    if (way === "goingOn") await generation.below(editor, asComment(editor.document.languageId, instruction));
  }

  /** Shows what an instruction makes of the selection. @param given as above. */
  async rewrite(given?: unknown): Promise<void> {
    const { generation, abilities, prompts, diff, server } = this.#parts;
    const editor = this.#selected("writeInto");
    if (editor === undefined) return;
    // What is meant is what is selected now: all that follows takes its time.
    const { document } = editor;
    const selected = selectedTextOf(editor);
    const instruction = await this.#instruction(given, vscode.l10n.t("Rewrite Selection"));
    if (instruction === undefined) return;
    // What goes on behind a selection is not the selection rewritten.
    if ((await abilities.wayOf("rewrite", undefined)) !== "instructed") return;
    const values = { ...valuesOf(document), instruction, selection: selected.text };
    const message = await prompts.fill("rewrite", values);
    let answer: ChatResult | undefined;
    const title = vscode.l10n.t("RWKV Code is rewriting (Escape ends it)");
    await generation.run(title, async (progress, cancellation) => {
      await server.start();
      const onAnswer = (text: string): void => {
        progress.report({ message: lastLine(text) });
      };
      answer = await this.#answer(message, onAnswer, cancellation);
    });
    if (answer === undefined) return;
    const code = rewrittenCode(answer, { text: selected.text, languageId: document.languageId });
    if (code.kind === "whole") await diff.offer(document, selected, code.text);
    else void showInformation(`RWKV Code: ${absenceText(code.kind)}`);
  }

  /** Has the chat explain the selection. */
  async explain(): Promise<void> {
    const editor = this.#selected("readSelection");
    if (editor === undefined) return;
    const { server, chat, showChat, prompts, abilities } = this.#parts;
    const { document } = editor;
    const attachment = attachmentOf("selection", (one) => server.documents.hindrance(one));
    const otherwise = vscode.l10n.t("It can go on with a comment below the selection, in the chat.");
    const way = await abilities.wayOf("explain", otherwise);
    if (way === undefined) return;
    const message =
      way === "instructed"
        ? await prompts.fill("explain", valuesOf(document))
        : asComment(document.languageId, await prompts.fill("explain-code", {}));
    await showChat();
    await chat.ask(message, [attachment]);
  }

  async #instruction(given: unknown, title: string): Promise<string | undefined> {
    // A menu hands a command the file that it was opened on.
    return askForInstruction(this.#parts.memento, title, typeof given === "string" ? given.trim() : "");
  }

  async #generateAnswer(editor: vscode.TextEditor, instruction: string): Promise<void> {
    const { document, selection } = editor;
    const at = selection.active;
    const above = document.getText(new vscode.Range(Math.max(0, at.line - linesAbove), 0, at.line, at.character));
    const values = { ...valuesOf(document), instruction, above: above.trimEnd(), line: at.line + 1 };
    const message = await this.#parts.prompts.fill("instruction", values);
    const indentation = /^\s*/.exec(document.lineAt(at.line).text.slice(0, at.character))?.[0] ?? "";
    await this.#parts.generation.write(editor, at, "", async (_, onText, cancellation) => {
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
      if (answer !== undefined) send(codeOf(answer.text));
    });
  }

  /** One answer outside of any conversation. @returns all of it; undefined where it was cancelled. */
  async #answer(
    message: string,
    onAnswer: (text: string) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<ChatResult | undefined> {
    let text = "";
    const turns = [{ message, attachments: [], think: false }];
    const params = {
      turns,
      system: this.#parts.settings().chatSystem,
      scratchLanguageId: "",
      seed: randomInt(2 ** 31),
    };
    return this.#parts.server.chat(
      params,
      (piece) => {
        text += piece.text;
        onAnswer(text);
      },
      cancellation,
    );
  }

  /** The active editor, where something is selected. */
  #selected(use: DocumentUse): vscode.TextEditor | undefined {
    const editor = this.#parts.generation.editor(use);
    if (editor?.selection.isEmpty !== true) return editor;
    void showInformation(vscode.l10n.t("RWKV Code: Select something first"));
    return undefined;
  }
}

function valuesOf({ uri, languageId }: vscode.TextDocument): { readonly file: string; readonly language: string } {
  return { file: visibleText(vscode.workspace.asRelativePath(uri, false)), language: visibleText(languageId) };
}

function selectedTextOf({ document, selection }: vscode.TextEditor): SelectedText {
  return { text: document.getText(selection), offset: document.offsetAt(selection.start), before: document.getText() };
}

function absenceText(kind: Exclude<RewrittenCode["kind"], "whole">): string {
  return kind === "cut"
    ? vscode.l10n.t("The model did not come to the end of the selection; nothing is offered")
    : vscode.l10n.t("The model wrote no code");
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
