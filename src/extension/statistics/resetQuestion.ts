import * as vscode from "vscode";
import type { CompletionCounts } from "../counts.js";
import { ask } from "../notifications.js";

/** Asks whether to delete the counts, because they cannot be restored. */
export async function isResetWanted({ shown, since }: CompletionCounts): Promise<boolean> {
  const { t } = vscode.l10n;
  const date = new Date(since).toLocaleDateString(vscode.env.language, { dateStyle: "long" });
  const reset = t("Reset");
  const question = t("Reset the statistics of completions?");
  return (
    (await ask(question, t("The counts since {0} ({1} suggestions) will be deleted.", date, shown), reset)) === reset
  );
}
