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

/** The state of the workspace's index, after an action; undefined if there is none. */
async function workspaceIndex(
  client: CompletionClient,
  action: WorkspaceIndexParams["action"],
): Promise<WorkspaceIndexState | undefined> {
  const params: WorkspaceIndexParams = { action };
  return (await client.request<WorkspaceIndexState | null>(workspaceIndexMethod, params)) ?? undefined;
}

/** Not in the Command Palette: for the menu. */
export const indexStateCommand = "rwkvCode.workspaceIndexState";

/** Watches our settings and everything else that decides what may be indexed. */
export function watchSettings(onChange: () => void): vscode.Disposable[] {
  return [
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section) || affectsIndex(event)) onChange();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(onChange),
  ];
}

/** The commands that show and change the index. */
export function indexCommands(client: CompletionClient): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    [indexStateCommand]: () => workspaceIndex(client, "state"),
    "rwkvCode.rebuildWorkspaceIndex": () => changeIndex(client, "rebuild"),
    "rwkvCode.clearWorkspaceIndex": () => changeIndex(client, "clear"),
  };
}

/** Rebuilds or clears the index of the workspace, and reports its state. */
async function changeIndex(client: CompletionClient, action: WorkspaceIndexParams["action"]): Promise<void> {
  const { t } = vscode.l10n;
  const index = await workspaceIndex(client, action);
  if (index === undefined) {
    void showInformation(t("RWKV Code: The workspace is not indexed. Open a document of a trusted folder first."));
    return;
  }
  void showInformation(
    action === "clear"
      ? t(
          "RWKV Code: The workspace index was deleted. Files are indexed again if you choose Rebuild Workspace Index, or after the next start.",
        )
      : t("RWKV Code: The workspace index is being rebuilt."),
  );
}

/** Says how much of the workspace is indexed. */
export function indexText({ files, leftOut, isBuilding }: WorkspaceIndexState): string {
  const { t } = vscode.l10n;
  const indexed = files === 1 ? t("1 file indexed") : t("{0} files indexed", files);
  const extent = leftOut === 0 ? indexed : t("{0}, {1} left out", indexed, leftOut);
  return isBuilding ? t("{0}, more are being read", extent) : extent;
}
