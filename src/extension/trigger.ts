import * as vscode from "vscode";
import { showBlocker } from "./ineligibilityText.js";
import { showInformation } from "./notifications.js";
import type { CompletionClient } from "./completionClient.js";

/**
 * Requests ghost text at the cursor, whatever the document's language. If no model is loaded, the user waits until one
 * is.
 * @throws if no model can be loaded.
 */
export async function triggerCompletion(client: CompletionClient): Promise<void> {
  const { t } = vscode.l10n;
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) return void showInformation(`RWKV Code: ${t("Open a document first.")}`);
  const blocker = client.documents.blocker(document);
  if (blocker !== undefined) return showBlocker(blocker);
  await client.startFor(document);
  await client.model();
  // The user may have switched to another editor.
  if (vscode.window.activeTextEditor?.document !== document) return;
  const { invocations } = client.completions;
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  if (client.completions.invocations > invocations) return;
  void showInformation(`RWKV Code: ${t("This editor does not show completions. It may be read-only.")}`);
}
