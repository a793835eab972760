import * as vscode from "vscode";
import { DownloadError } from "../../hub/downloadError.js";
import { failureText } from "../../hub/failureText.js";
import type { Hub } from "../../hub/hubs.js";
import { modelAddress } from "../../hub/modelAddress.js";
import type { ListOptions } from "../../hub/repositoryFiles.js";
import { sizeText } from "../../hub/sizeText.js";
import { wantedModel, type ModelChoice } from "../../hub/wantedModel.js";
import { inertText } from "../../shared/inertText.js";
import { withProgress } from "../notifications.js";
import { folderName } from "./modelName.js";

/** A model that is not in the catalogue. */
export interface OtherModel {
  readonly name: string;
  readonly file: ModelChoice["file"];
}

/**
 * Asks for an address or a repository, and for one of its files; undefined if the user cancelled. @throws DownloadError
 */
export async function askOtherModel(
  hubs: readonly Hub[],
  tokenFor: NonNullable<ListOptions["tokenFor"]>,
): Promise<OtherModel | undefined> {
  const { t } = vscode.l10n;
  const given = await askAddress(hubs);
  if (given === undefined) return undefined;
  const wanted = await withProgress(t("Looking for {0}", given), (_, cancellation) => {
    const abort = new AbortController();
    cancellation.onCancellationRequested(() => {
      abort.abort(new Error("cancelled"));
    });
    return wantedModel(given, hubs, { signal: abort.signal, tokenFor }).catch((error: unknown) => {
      if (abort.signal.aborted) return undefined;
      throw error;
    });
  });
  if (wanted === undefined) return undefined;
  const choice = await pickFile(given, wanted.choices);
  return choice === undefined ? undefined : { name: folderName(wanted.name(choice)), file: choice.file };
}

/** Checks the text when the user presses Enter, not at each keystroke, because an incomplete address is never valid. */
async function askAddress(hubs: readonly Hub[]): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const box = vscode.window.createInputBox();
  box.title = t("RWKV Code: Get a Model");
  box.prompt = t("The address of a weights file, or owner/repository on Hugging Face or ModelScope");
  box.placeholder = "BlinkDL/rwkv7-g1";
  box.ignoreFocusOut = true;
  const given = new Promise<string | undefined>((resolve) => {
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(() => {
      if (box.value.trim() === "") return;
      box.validationMessage = problemOf(box.value, hubs);
      if (box.validationMessage === undefined) resolve(box.value);
    });
    box.onDidHide(() => {
      resolve(undefined);
    });
  });
  box.show();
  return given.finally(() => {
    box.dispose();
  });
}

function problemOf(value: string, hubs: readonly Hub[]): string | undefined {
  try {
    modelAddress(value, hubs);
    return undefined;
  } catch (error) {
    return error instanceof DownloadError ? failureText(error.failure, vscode.l10n.t) : undefined;
  }
}

async function pickFile(given: string, choices: readonly ModelChoice[]): Promise<ModelChoice | undefined> {
  if (choices.length === 1) return choices[0];
  const { t } = vscode.l10n;
  const items = choices.map((choice) => ({
    label: inertText(choice.path),
    description: choice.file.bytes === undefined ? "" : sizeText(choice.file.bytes),
    choice,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: t("Weights of {0}", inertText(given)) });
  return picked?.choice;
}
