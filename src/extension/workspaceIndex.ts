import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import {
  workspaceIndexMethod,
  type WorkspaceIndexParams,
  type WorkspaceIndexState,
} from "../shared/workspaceIndexState.js";

import type { CompletionClient } from "./completionClient.js";
import { section } from "../shared/configuration.js";
import { showInformation } from "./notifications.js";
import { affectsIndex } from "./settings.js";

/** Runs an action on the workspace index. @returns its state afterwards; undefined if there is no index or server. */
async function workspaceIndex(
  client: CompletionClient,
  action: WorkspaceIndexParams["action"],
): Promise<WorkspaceIndexState | undefined> {
  const params: WorkspaceIndexParams = { action };
  return (await client.request<WorkspaceIndexState | null>(workspaceIndexMethod, params)) ?? undefined;
}

/** Used by the menu only, so it is not in the Command Palette. */
export const indexStateCommand = "rwkvCode.workspaceIndexState";

/** Calls `onChange` when our settings, VS Code's settings that hide files, or the workspace's trust change. */
export function watchSettings(onChange: () => void): vscode.Disposable[] {
  return [
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section) || affectsIndex(event)) onChange();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(onChange),
  ];
}

/** The commands that show and change the index. */
export function indexCommands(
  client: CompletionClient,
  storagePath: string,
): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    [indexStateCommand]: () => workspaceIndex(client, "state"),
    "rwkvCode.rebuildWorkspaceIndex": () => rebuildIndex(client),
    "rwkvCode.clearWorkspaceIndex": () => clearIndex(client, storagePath),
  };
}

async function rebuildIndex(client: CompletionClient): Promise<void> {
  const { t } = vscode.l10n;
  const index = await workspaceIndex(client, "rebuild");
  void showInformation(
    index === undefined
      ? t("RWKV Code: The workspace is not indexed. Open a document of a trusted folder first.")
      : t("RWKV Code: The workspace index is being rebuilt."),
  );
}

async function clearIndex(client: CompletionClient, storagePath: string): Promise<void> {
  const { t } = vscode.l10n;
  if ((await workspaceIndex(client, "clear")) === undefined) {
    // Nothing is indexed now, but an earlier index may be stored. Only a server knows which file, so all are deleted.
    await deleteStoredIndexes(storagePath);
    void showInformation(t("RWKV Code: The stored indexes of all workspaces were deleted."));
    return;
  }
  void showInformation(
    t(
      "RWKV Code: The workspace index was deleted. Files are indexed again if you choose Rebuild Workspace Index, or after the next start.",
    ),
  );
}

async function deleteStoredIndexes(storagePath: string): Promise<void> {
  const names = await readdir(storagePath).catch(() => []); // nothing was ever stored
  for (const name of names) {
    if (/\.index(\.|$)/.test(name)) await rm(path.join(storagePath, name), { force: true });
  }
}

/** How much of the workspace is indexed, in words. */
export function indexText({ files, leftOut, isBuilding }: WorkspaceIndexState): string {
  const { t } = vscode.l10n;
  const indexed = files === 1 ? t("1 file indexed") : t("{0} files indexed", files);
  const extent = leftOut === 0 ? indexed : t("{0}, {1} left out", indexed, leftOut);
  return isBuilding ? t("{0}, more are being read", extent) : extent;
}
