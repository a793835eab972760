import * as vscode from "vscode";
import type { Blocker, Ineligibility } from "../shared/eligibility.js";
import { showInformation } from "./notifications.js";
import { ghostTextSetting } from "./settings.js";

/** Why a document gets no text, for people. */
export function ineligibilityText(ineligibility: Ineligibility): string {
  const { t } = vscode.l10n;
  switch (ineligibility) {
    case "notEditable":
      return t("This document cannot be edited");
    case "languageOff":
      return t("Off for this language");
    case "allOff":
      return t("Off for all languages");
    case "excluded":
      return t("This file is excluded by the setting rwkvCode.exclude");
    case "tooLarge":
      return t("This file is too large for completions");
  }
}

/** Why nothing is seen of what is completed, for people. */
export function ghostTextOffText(): string {
  return vscode.l10n.t("The editor shows no ghost text: its setting {0} is off", ghostTextSetting);
}

/** Why text comes only if the user asks for it, for people. */
export function automaticOffText(): string {
  return vscode.l10n.t("Completions come only when you ask for them");
}

/** Says why a command does nothing in a document, with a button to the setting that is the reason. */
export async function sayBlocker(blocker: Blocker): Promise<void> {
  const text = `RWKV Code: ${ineligibilityText(blocker)}`;
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
