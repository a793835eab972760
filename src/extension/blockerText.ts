import * as vscode from "vscode";
import type { Blocker } from "../shared/eligibility.js";
import { showInformation } from "./notifications.js";
import { ghostTextSetting } from "./settings.js";

/** Explains to the user why a document gets no completions, not even invoked ones. */
export function blockerText(blocker: Blocker): string {
  const { t } = vscode.l10n;
  switch (blocker) {
    case "notEditable":
      return t("This document cannot be edited.");
    case "excluded":
      return t("This file is excluded by the setting rwkvCode.exclude.");
    case "tooLarge":
      return t("This file is too large for completions.");
  }
}

/** Explains to the user why completions are not visible. */
export function ghostTextOffText(): string {
  return vscode.l10n.t("Inline suggestions are turned off by the setting {0}.", ghostTextSetting);
}

/** Explains to the user why completions do not appear automatically. */
export function automaticOffText(): string {
  return vscode.l10n.t("Completions appear only when you trigger them.");
}

/** Shows why a command is blocked in a document, with a button that opens the responsible setting. */
export async function showBlocker(blocker: Blocker): Promise<void> {
  const text = `RWKV Code: ${blockerText(blocker)}`;
  const setting = settingsOf[blocker];
  if (setting === undefined) return void showInformation(text);
  const open = vscode.l10n.t("Open Settings");
  if ((await showInformation(text, open)) === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", setting);
  }
}

const settingsOf: Readonly<Record<Blocker, string | undefined>> = {
  excluded: "rwkvCode.exclude",
  tooLarge: "rwkvCode.maxLines",
  notEditable: undefined,
};
