import * as vscode from "vscode";
import type { Ineligibility } from "../shared/eligibility.js";
import { ghostTextSetting } from "./settings.js";

/** Why nothing is completed or written in a document, for people. */
export function ineligibilityText(ineligibility: Ineligibility): string {
  const { t } = vscode.l10n;
  switch (ineligibility) {
    case "notEditable":
      return t("This document cannot be edited");
    case "languageOff":
      return t("Off for this language");
    case "excluded":
      return t("This file is excluded by the setting rwkvCode.exclude");
    case "tooLarge":
      return t("This file is larger than completions are made for");
  }
}

/** Why nothing is seen of what is completed, for people. */
export function ghostTextOffText(): string {
  return vscode.l10n.t("The editor shows no ghost text: its setting {0} is off", ghostTextSetting);
}
