import * as vscode from "vscode";
import type { ChatResult } from "../../shared/protocol.js";
import type { EditorGeneration } from "../editorGeneration.js";
import { showInformation } from "../notifications.js";
import { requestReply, type ReplyDependencies } from "./replyRequest.js";
import type { RewriteDiff } from "./rewriteDiff.js";
import { rewriteResult, type RewriteResult } from "./rewriteResult.js";
import type { SelectedText } from "./selectedText.js";

export interface RewriterDependencies extends ReplyDependencies {
  readonly generation: EditorGeneration;
  readonly diff: RewriteDiff;
}

/** Lets the model rewrite a part of a document, and shows the result as a diff. */
export class Rewriter {
  readonly #dependencies: RewriterDependencies;

  constructor(dependencies: RewriterDependencies) {
    this.#dependencies = dependencies;
  }

  /** @param message the prompt; it contains the selected text. */
  async rewrite(document: vscode.TextDocument, selected: SelectedText, message: string): Promise<void> {
    const reply = await this.replyTo(message, vscode.l10n.t("RWKV Code is rewriting (press Escape to stop)"));
    if (reply === undefined) return;
    const result = rewriteResult(reply, { text: selected.text, languageId: document.languageId });
    if (result.kind === "whole") await this.#dependencies.diff.offer(document, selected, result.text);
    else void showInformation(`RWKV Code: ${absenceText(result.kind)}`);
  }

  /**
   * Requests a reply and shows its last line in a notification. @returns undefined if the user cancelled, or if another
   * task is running.
   */
  async replyTo(message: string, title: string): Promise<ChatResult | undefined> {
    let reply: ChatResult | undefined;
    await this.#dependencies.generation.run(title, async (progress, cancellation) => {
      const onReply = (text: string): void => {
        progress.report({ message: lastLine(text) });
      };
      reply = await requestReply(this.#dependencies, message, onReply, cancellation);
    });
    return reply;
  }
}

export function absenceText(kind: Exclude<RewriteResult["kind"], "whole">): string {
  return kind === "cut"
    ? vscode.l10n.t("The model did not finish the rewrite. Nothing was changed.")
    : vscode.l10n.t("The model wrote no code.");
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
