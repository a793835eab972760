import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { KeptState } from "./keptState.js";
import { opensWalkthroughs } from "./settings.js";

/** The walkthrough's id for the command `workbench.action.openWalkthrough`. */
export const walkthroughId = "rwkv-code.rwkv-code#firstSteps";

export interface FirstStart {
  readonly installedAtMs: number;
  readonly hostStartedAtMs: number;
  readonly isSeen: boolean;
  readonly isProduction: boolean;
  readonly remoteName: string | undefined;
  readonly opensWalkthroughs: boolean;
}

/**
 * Whether to open the walkthrough when the extension starts. If the extension was installed from this window, VS Code
 * itself has opened the walkthrough. So this returns true only if the extension was installed before the extension host
 * started, for instance from the command line.
 */
export function opensWalkthrough(start: FirstStart): boolean {
  if (start.isSeen || !start.isProduction || start.remoteName !== undefined) return false;
  return start.opensWalkthroughs && start.installedAtMs < start.hostStartedAtMs;
}

/** Opens the walkthrough at the first start after the installation, if `opensWalkthrough` returns true. */
export async function openWalkthroughOnce(extension: vscode.ExtensionContext): Promise<void> {
  const seen = new KeptState(extension.globalState, {
    name: "walkthroughSeen",
    version: 1,
    read: (value) => value === true,
  });
  if (seen.value) return;
  const { ctimeMs } = await stat(extension.asAbsolutePath("package.json"));
  const isOpened = opensWalkthrough({
    installedAtMs: ctimeMs,
    hostStartedAtMs: Date.now() - process.uptime() * 1000,
    isSeen: seen.value,
    isProduction: extension.extensionMode === vscode.ExtensionMode.Production,
    remoteName: vscode.env.remoteName,
    opensWalkthroughs: opensWalkthroughs(),
  });
  await seen.update(true);
  if (isOpened) await vscode.commands.executeCommand("workbench.action.openWalkthrough", walkthroughId, true);
}
