import * as vscode from "vscode";
import { errorMessage } from "../shared/errorMessage.js";
import { showError } from "./notifications.js";

/** Runs a command. If it fails, shows the error with actions that may help. */
export async function reportingFailure(run: () => unknown, onError: (error: unknown) => void): Promise<void> {
  const { t } = vscode.l10n;
  const actions: ReadonlyMap<string, string> = new Map([
    [t("Select Model…"), "rwkvCode.selectModel"],
    [t("Restart Server"), "rwkvCode.restartServer"],
    [t("Show Output"), "rwkvCode.showOutput"],
  ]);
  try {
    await run();
  } catch (error) {
    onError(error);
    const picked = await showError(`RWKV Code: ${errorMessage(error)}`, ...actions.keys());
    const command = picked === undefined ? undefined : actions.get(picked);
    if (command !== undefined) await vscode.commands.executeCommand(command);
  }
}
