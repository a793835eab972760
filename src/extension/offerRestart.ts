import * as vscode from "vscode";
import type { CompletionClient } from "./completionClient.js";
import { showError } from "./notifications.js";

/** Tells the user that the server has crashed too often to be restarted automatically, and offers to restart it. */
export async function offerRestart(
  client: Pick<CompletionClient, "restart">,
  output: Pick<vscode.OutputChannel, "show">,
): Promise<void> {
  const restart = vscode.l10n.t("Restart");
  const showOutput = vscode.l10n.t("Show Output");
  const message = vscode.l10n.t(
    "RWKV Code: The completion server crashed several times in a row and was not restarted.",
  );
  const picked = await showError(message, restart, showOutput);
  if (picked === restart) await client.restart();
  if (picked === showOutput) output.show();
}
