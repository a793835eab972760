import * as vscode from "vscode";
import type { NothingShown } from "../shared/nothingShown.js";

/** Why a request for ghost text showed nothing, in words. Completes the sentence "nothing shown: …". */
export function nothingText({ reason, correctness, threshold }: NothingShown): string {
  const { t } = vscode.l10n;
  switch (reason) {
    case "allOff":
      return t("completions are off for all languages");
    case "languageOff":
      return t("completions are off for this language");
    case "automaticOff":
      return t("completions are not requested automatically");
    case "excluded":
      return t("the file is excluded by the setting rwkvCode.exclude");
    case "notEditable":
      return t("the document cannot be edited");
    case "tooLarge":
      return t("the file is too large for completions");
    case "noModel":
      return t("no model is in memory yet");
    case "loading":
      return t("the model is loading");
    case "modelFailed":
      return t("the model cannot be loaded");
    case "notOpen":
      return t("the server does not have the document open");
    case "insideCharacter":
      return t("the cursor is within a character");
    case "midLine":
      return t("there is text after the cursor");
    case "emptyPrompt":
      return t("there is no text before the cursor");
    case "nothingWritten":
      return t("the model wrote nothing");
    case "belowThreshold":
      if (correctness === undefined || threshold === undefined) return t("not likely enough to be right");
      return t("{0}% likely to be right, {1}% needed", percent(correctness), percent(threshold));
    case "notWorthReading":
      return t("too little to be worth reading");
    case "repeatsItself":
      return t("the model repeated itself");
    case "onlyWhitespace":
      return t("the model wrote only whitespace");
    case "unreadable":
      return t("the text starts with an invisible character");
    case "unbalanced":
      return t("the text would leave brackets or quotes unbalanced");
    case "repeatsAfterCursor":
      return t("the text repeats what is after the cursor");
    case "repeatsAbove":
      return t("the text repeats the line above");
    case "repeatsBelow":
      return t("the text repeats the line below");
    case "changesNothing":
      return t("the text would change nothing");
    case "cancelled":
      return t("the editor cancelled the request");
    case "superseded":
      return t("a newer request replaced this one");
    case "textChanged":
      return t("the document changed in the meantime");
    case "modelUnloaded":
      return t("the model was replaced or unloaded");
    case "failed":
      return t("an error occurred, see the output");
  }
}

/** Rounded down, so that a value below a threshold is never shown as equal to it. */
function percent(share: number): number {
  return Math.floor(share * 100 + 1e-9);
}
