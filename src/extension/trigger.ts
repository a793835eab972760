import * as vscode from "vscode";
import { sayBlocker } from "./ineligibilityText.js";
import { showInformation } from "./notifications.js";
import type { CompletionClient } from "./completionClient.js";

/**
 * Asks for ghost text at the cursor, whatever the document's language. Who asks waits: the model is loaded first if it is
 * not in memory.
 * @throws if no model could be loaded.
 */
export async function triggerCompletion(client: CompletionClient): Promise<void> {
  const { t } = vscode.l10n;
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) return void showInformation(`RWKV Code: ${t("Open a document to write into")}`);
  const blocker = client.documents.blocker(document);
  if (blocker !== undefined) return sayBlocker(blocker);
  await client.startFor(document);
  await client.model();
  // Ghost text is for who still looks at the place.
  if (vscode.window.activeTextEditor?.document !== document) return;
  const { invocations } = client.completions;
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  if (client.completions.invocations > invocations) return;
  void showInformation(`RWKV Code: ${t("This editor shows no completions; it may be read-only")}`);
}
