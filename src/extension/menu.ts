import * as vscode from "vscode";
import type { WorkspaceIndexState } from "../shared/workspaceIndexState.js";
import type { ServerStatus } from "../shared/protocol.js";
import { isLanguageEnabled } from "../shared/eligibility.js";
import { visibleText } from "../shared/inertText.js";
import type { CompletionCounts } from "./counts.js";
import { languageName } from "./languageNames.js";
import { confidenceText } from "./confidence.js";
import { walkthroughId } from "./firstWalkthrough.js";
import { ghostTextOffText } from "./blockerText.js";
import { failedModelText, remedyOf } from "./models/modelFailure.js";
import { indexStateCommand, indexText } from "./workspaceIndex.js";
import { ghostTextSetting, isGhostTextOn, type Settings } from "./settings.js";
import { snoozeCommand, type Snooze } from "./snooze.js";

interface MenuItem extends vscode.QuickPickItem {
  /** Separators have neither a command nor `run`. */
  readonly command?: string;
  readonly args?: readonly unknown[];
  /** Called instead of a command. */
  readonly run?: () => Promise<void>;
}

export interface MenuFacts {
  /** The document whose language can be turned on or off. */
  readonly document: vscode.TextDocument | undefined;
  readonly status: ServerStatus;
  /** True if the server crashed too often and is not restarted automatically. */
  readonly hasGivenUp: boolean;
  /** The folder of the model that comes with the extension. */
  readonly embedded: string;
  readonly settings: Settings;
  readonly counts: CompletionCounts;
  readonly snooze: Snooze;
  /** The model that was last ready, if any. */
  readonly model: Extract<ServerStatus, { kind: "ready" }> | undefined;
}

/** Shows the menu of the status bar item. */
export async function showMenu(facts: MenuFacts): Promise<void> {
  const index = await vscode.commands.executeCommand<WorkspaceIndexState | undefined>(indexStateCommand);
  const builtIn = await vscode.commands.getCommands(true);
  const items = [
    ...problemItems(facts),
    ...completionItems(facts, builtIn.includes(snoozeCommand)),
    ...writingItems(),
    ...modelItems(facts),
    ...(index === undefined ? [] : indexItems(index)),
    ...extensionItems(facts.counts),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("RWKV Code") });
  // The click on the status bar item moved the focus there, and VS Code would now return the focus to the item.
  if (facts.document !== undefined) await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  if (picked?.run !== undefined) await picked.run();
  if (picked?.command === undefined) return;
  await vscode.commands.executeCommand(picked.command, ...(picked.args ?? []));
}

/** If the model or the server failed: an entry for a command that may fix this. Its detail is the reason. */
function problemItems({ status, embedded, hasGivenUp }: MenuFacts): MenuItem[] {
  if (status.kind !== "failed") return [];
  if (hasGivenUp) {
    const label = `$(warning) ${vscode.l10n.t("Restart Server")}`;
    return [{ label, detail: visibleText(status.reason), command: "rwkvCode.restartServer" }];
  }
  const { label, command, args } = remedyOf(status.reason, embedded);
  const detail = visibleText(failedModelText(status.reason, embedded));
  return [{ label: `$(warning) ${label}`, detail, command, args }];
}

/** Entries that control when ghost text appears. */
function completionItems(facts: MenuFacts, canSnooze: boolean): MenuItem[] {
  const { t } = vscode.l10n;
  const { document, snooze } = facts;
  const { enable, server } = facts.settings;
  const items: MenuItem[] = [separator(t("Completions"))];
  if (!isGhostTextOn(document)) {
    const args = [ghostTextSetting];
    items.push({ label: ghostTextOffText(), command: "workbench.action.openSettings", args });
  }
  const isOn = isLanguageEnabled(enable, "*");
  items.push({ label: isOn ? t("Turn Completions Off") : t("Turn Completions On"), command: "rwkvCode.toggle" });
  if (document !== undefined) items.push(languageItem(document.languageId, enable));
  items.push({
    label: server.automatic ? t("Complete Only When Triggered") : t("Complete as You Type"),
    command: "rwkvCode.toggleAutomatic",
  });
  if (canSnooze) {
    const description = t("Inline suggestions of all extensions");
    items.push({ label: t("Snooze…"), description, run: () => snooze.start() });
    if (snooze.mayLast) items.push({ label: t("End Snooze"), run: () => snooze.end() });
  }
  const { label: description } = confidenceText(server.confidence);
  return [...items, { label: t("Select Confidence…"), description, command: "rwkvCode.selectConfidence" }];
}

function languageItem(languageId: string, enable: Settings["enable"]): MenuItem {
  const { t } = vscode.l10n;
  const name = languageName(languageId);
  const isOn = isLanguageEnabled(enable, languageId);
  const label = isOn ? t("Turn Completions Off for {0}", name) : t("Turn Completions On for {0}", name);
  return { label, command: "rwkvCode.toggleLanguage" };
}

function writingItems(): MenuItem[] {
  const { t } = vscode.l10n;
  const ofSelection = [
    { label: t("Rewrite Selection…"), command: "rwkvCode.rewriteSelection" },
    { label: t("Explain Selection"), command: "rwkvCode.explainSelection" },
  ];
  return [
    separator(t("Write and Ask")),
    { label: t("Trigger Completion"), command: "rwkvCode.trigger" },
    ...(vscode.window.activeTextEditor?.selection.isEmpty === false ? ofSelection : []),
    { label: t("Generate at Cursor"), command: "rwkvCode.generateAtCursor" },
    { label: t("Generate from Comment"), command: "rwkvCode.generateFromComment" },
    { label: t("Generate from Instruction…"), command: "rwkvCode.generateFromInstruction" },
    { label: t("Show Alternatives"), command: "rwkvCode.showAlternatives" },
    { label: t("Open Chat"), command: "rwkvCode.openChat" },
  ];
}

function modelItems({ model }: MenuFacts): MenuItem[] {
  const { t } = vscode.l10n;
  return [
    separator(t("Models")),
    { label: t("Select Model…"), description: visibleText(model?.model ?? ""), command: "rwkvCode.selectModel" },
    { label: t("Get a Model…"), command: "rwkvCode.getModel" },
    { label: t("Import Model from File…"), command: "rwkvCode.importModel" },
    { label: t("Manage Models…"), command: "rwkvCode.manageModels" },
  ];
}

function indexItems(index: WorkspaceIndexState): MenuItem[] {
  const { t } = vscode.l10n;
  return [
    separator(t("Workspace")),
    {
      label: t("Rebuild Workspace Index"),
      description: indexText(index),
      command: "rwkvCode.rebuildWorkspaceIndex",
    },
    { label: t("Clear Workspace Index"), command: "rwkvCode.clearWorkspaceIndex" },
  ];
}

function extensionItems({ accepted, shown }: CompletionCounts): MenuItem[] {
  const { t } = vscode.l10n;
  return [
    separator(t("This Extension")),
    { label: t("Clear Stored States"), command: "rwkvCode.clearStoredStates" },
    { label: t("Restart Server"), command: "rwkvCode.restartServer" },
    {
      label: t("Show Statistics"),
      description: t("{0} of {1} accepted", accepted, shown),
      command: "rwkvCode.showStatistics",
    },
    { label: t("Show Output"), command: "rwkvCode.showOutput" },
    { label: t("Copy Diagnostics"), command: "rwkvCode.copyDiagnostics" },
    { label: t("Open Walkthrough"), command: "workbench.action.openWalkthrough", args: [walkthroughId] },
    { label: t("Open Settings"), command: "workbench.action.openSettings", args: ["@ext:rwkv-code.rwkv-code"] },
  ];
}

function separator(label: string): MenuItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
