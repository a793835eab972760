import * as vscode from "vscode";
import type { NothingReason, NothingShown } from "../shared/nothingShown.js";

/** Why a request for ghost text showed nothing, in words. Completes the sentence "nothing shown: …". */
export function nothingText({ reason, correctness, threshold }: NothingShown): string {
  if (reason !== "belowThreshold" || correctness === undefined || threshold === undefined) return texts()[reason];
  return vscode.l10n.t("{0}% likely to be right, {1}% needed", percent(correctness), percent(threshold));
}

/** The texts in VS Code's display language. A constant would be evaluated before that language is known. */
function texts(): Readonly<Record<NothingReason, string>> {
  const { t } = vscode.l10n;
  return {
    allOff: t("completions are off for all languages"),
    languageOff: t("completions are off for this language"),
    automaticOff: t("completions are not requested automatically"),
    excluded: t("the file is excluded by the setting rwkvCode.exclude"),
    notEditable: t("the document cannot be edited"),
    tooLarge: t("the file is too large for completions"),
    noModel: t("no model is in memory yet"),
    loading: t("the model is loading"),
    modelFailed: t("the model cannot be loaded"),
    notOpen: t("the server does not have the document open"),
    insideCharacter: t("the cursor is within a character"),
    midLine: t("there is text after the cursor"),
    emptyPrompt: t("there is no text before the cursor"),
    nothingWritten: t("the model wrote nothing"),
    belowThreshold: t("not likely enough to be right"),
    notWorthReading: t("too little to be worth reading"),
    repeatsItself: t("the model repeated itself"),
    onlyWhitespace: t("the model wrote only whitespace"),
    unreadable: t("the text starts with an invisible character"),
    unbalanced: t("the text would leave brackets or quotes unbalanced"),
    repeatsAfterCursor: t("the text repeats what is after the cursor"),
    repeatsAbove: t("the text repeats the line above"),
    repeatsBelow: t("the text repeats the line below"),
    changesNothing: t("the text would change nothing"),
    cancelled: t("the editor cancelled the request"),
    superseded: t("a newer request replaced this one"),
    textChanged: t("the document changed in the meantime"),
    modelUnloaded: t("the model was replaced or unloaded"),
    failed: t("an error occurred, see the output"),
  };
}

/** Rounded down, so that a value below a threshold is never shown as equal to it. */
function percent(share: number): number {
  return Math.floor(share * 100 + 1e-9);
}
