import * as vscode from "vscode";
import type { Ineligibility } from "./eligibility.js";

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
