import * as vscode from "vscode";
import { showInformation } from "../notifications.js";
import type { Conversation } from "./conversation.js";
import { conversationMarkdown } from "./conversationMarkdown.js";

/** Opens a conversation as a new Markdown document, which the user can save. */
export async function openAsMarkdown(conversation: Conversation): Promise<void> {
  const { t } = vscode.l10n;
  if (conversation.isEmpty) {
    void showInformation(t("RWKV Code: The conversation has no messages."));
    return;
  }
  const texts = { you: t("You"), assistant: t("RWKV"), thoughts: t("Thoughts"), attachments: t("Attachments") };
  const content = conversationMarkdown(conversation.title, conversation.messages(), texts);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "markdown", content }));
}
