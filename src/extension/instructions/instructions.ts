import * as vscode from "vscode";
import { readAttachment } from "../chat/attachmentSources.js";
import type { ChatController } from "../chat/chatController.js";
import { asComment } from "../comments.js";
import type { DocumentUse } from "../eligibility.js";
import type { EditorGeneration } from "../editorGeneration.js";
import type { CompletionClient } from "../completionClient.js";
import type { Settings } from "../settings.js";
import { codeInReply, codeOf, indented } from "./codeInReply.js";
import { askForInstruction } from "./instructionInput.js";
import type { ModelCapabilities } from "./modelCapabilities.js";
import { explainComment, explainPrompt, generatePrompt, rewritePrompt } from "./prompts.js";
import { promptDocument, selectedIn } from "./promptParts.js";
import { requestReply } from "./replyRequest.js";
import type { Rewriter } from "./rewriter.js";
import { showInformation } from "../notifications.js";

export interface InstructionDependencies {
  readonly client: CompletionClient;
  readonly generation: EditorGeneration;
  readonly chat: Pick<ChatController, "ask">;
  readonly showChat: () => Promise<void>;
  readonly rewriter: Rewriter;
  readonly capabilities: ModelCapabilities;
  /** Keeps past instructions. */
  readonly memento: vscode.Memento;
  readonly settings: () => Settings;
}

const linesAbove = 20;

/**
 * The commands that give the model instructions. If the model was not trained to follow instructions, they tell the
 * user and offer an alternative.
 */
export class Instructions {
  readonly #dependencies: InstructionDependencies;

  constructor(dependencies: InstructionDependencies) {
    this.#dependencies = dependencies;
  }

  /** Writes code that follows an instruction, at the cursor. @param given an instruction for the user to confirm. */
  async generate(given?: unknown): Promise<void> {
    const { generation, capabilities } = this.#dependencies;
    const editor = generation.editor("writeInto");
    if (editor === undefined) return;
    const otherwise = vscode.l10n.t(
      "The current model can only write the instruction as a comment and continue below it.",
    );
    const mode = await capabilities.modeFor("generate", otherwise);
    if (mode === undefined) return;
    const instruction = await this.#instruction(given, vscode.l10n.t("Generate from Instruction"));
    if (instruction === undefined) return;
    if (mode === "instruct") await this.#generateReply(editor, instruction);
    if (mode === "continue") await generation.writeBelow(editor, asComment(editor.document.languageId, instruction));
  }

  /** Rewrites the selection according to an instruction and shows a diff. @param given as in `generate`. */
  async rewrite(given?: unknown): Promise<void> {
    const { capabilities, rewriter } = this.#dependencies;
    const editor = this.#selected("writeInto");
    if (editor === undefined) return;
    // The selection is read now, because it may change while the steps below are awaited.
    const { document } = editor;
    const selected = selectedIn(document, editor.selection);
    // No alternative is offered: a continuation of the selection would not be a rewrite.
    if ((await capabilities.modeFor("rewrite", undefined)) !== "instruct") return;
    const instruction = await this.#instruction(given, vscode.l10n.t("Rewrite Selection"));
    if (instruction === undefined) return;
    const message = rewritePrompt(promptDocument(document), { instruction, selection: selected.text });
    await rewriter.rewrite(document, selected, message);
  }

  /** Explains the selection in the chat. */
  async explain(): Promise<void> {
    const editor = this.#selected("readSelection");
    if (editor === undefined) return;
    const { client, chat, showChat, capabilities } = this.#dependencies;
    const { document } = editor;
    const attachment = await readAttachment({ kind: "selection", editor }, (one) => client.documents.blocker(one));
    const otherwise = vscode.l10n.t("The current model can only continue a comment below the selection, in the chat.");
    const mode = await capabilities.modeFor("explain", otherwise);
    if (mode === undefined) return;
    const message =
      mode === "instruct" ? explainPrompt(promptDocument(document)) : asComment(document.languageId, explainComment);
    await showChat();
    await chat.ask(message, [attachment]);
  }

  async #instruction(given: unknown, title: string): Promise<string | undefined> {
    // A context menu passes the file's URI as the argument, which is not an instruction.
    return askForInstruction(this.#dependencies.memento, title, typeof given === "string" ? given.trim() : "");
  }

  async #generateReply(editor: vscode.TextEditor, instruction: string): Promise<void> {
    const { document, selection } = editor;
    const at = selection.active;
    const above = document.getText(new vscode.Range(Math.max(0, at.line - linesAbove), 0, at.line, at.character));
    const request = { instruction, above: above.trimEnd(), line: at.line + 1 };
    const message = generatePrompt(promptDocument(document), request);
    const indentation = /^\s*/.exec(document.lineAt(at.line).text.slice(0, at.character))?.[0] ?? "";
    await this.#dependencies.generation.write(editor, at, "", async (_, onText, cancellation) => {
      let sent = 0;
      const send = (code: string): void => {
        const whole = indented(code, indentation);
        onText(whole.slice(sent));
        sent = whole.length;
      };
      // Only complete lines are sent: an unfinished line may still turn out to be the closing fence.
      const onReply = (text: string): void => {
        const code = codeInReply(text);
        send(code.slice(0, code.lastIndexOf("\n") + 1).replace(/\n$/, ""));
      };
      const reply = await requestReply(this.#dependencies, message, onReply, cancellation);
      if (reply !== undefined) send(codeOf(reply.text));
    });
  }

  /** The active editor, if it has a selection. Otherwise tells the user what to do and returns undefined. */
  #selected(use: DocumentUse): vscode.TextEditor | undefined {
    const editor = this.#dependencies.generation.editor(use);
    if (editor?.selection.isEmpty !== true) return editor;
    void showInformation(vscode.l10n.t("RWKV Code: Select some code first."));
    return undefined;
  }
}
