import * as vscode from "vscode";
import { showBlocker } from "./blockerText.js";
import { nothingText } from "./nothingText.js";
import { showInformation } from "./notifications.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import type { NothingReason } from "../shared/nothingShown.js";
import type { CompletionClient } from "./completionClient.js";

/**
 * Requests ghost text at the cursor, even if the document's language is disabled. If no ghost text appears, tells the
 * user why. Loads a model first if necessary.
 * @throws Error if no model can be loaded.
 */
export async function triggerCompletion(
  client: CompletionClient,
  outcomes: Pick<RequestOutcomes, "lastIn">,
): Promise<void> {
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
  if (client.completions.invocations > invocations) {
    if (await client.completions.lastInvoked) return;
    const last = outcomes.lastIn(document.uri.toString());
    if (last === undefined || isOfUser.has(last.reason)) return;
    return void showInformation(`RWKV Code: ${t("No completion here: {0}.", nothingText(last))}`);
  }
  void showInformation(`RWKV Code: ${t("This editor does not show completions. It may be read-only.")}`);
}

/** Reasons that are not shown: the user has continued to type or has cancelled, and so expects no completion. */
const isOfUser: ReadonlySet<NothingReason> = new Set(["cancelled", "superseded", "textChanged"]);
