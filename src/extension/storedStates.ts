import { rm } from "node:fs/promises";
import * as vscode from "vscode";
import { storedStatesFolder } from "../shared/storedStatesFolder.js";
import { showInformation } from "./notifications.js";

/** Deletes the stored states of all windows and models. Running servers tolerate this. */
export async function clearStoredStates(storagePath: string): Promise<void> {
  await rm(storedStatesFolder(storagePath), { recursive: true, force: true, maxRetries: 5 }); // a server may be writing
  const { t } = vscode.l10n;
  void showInformation(t("RWKV Code: The stored states were deleted. Others are stored while you work."));
}
