import * as vscode from "vscode";
import { defaultSettings, type EnabledLanguages, type ServerSettings } from "../shared/protocol.js";
import { parseConfiguration, section, serverSettingNames } from "../shared/configuration.js";
import type { EligibilitySettings } from "../shared/eligibility.js";
import { exclusionOf } from "../shared/exclusion.js";
import { toggled } from "./languages.js";
import type { NamedModel } from "./models/namedModel.js";

/** Everything the user can set, read in this file alone and passed on as values. */
export interface Settings {
  readonly enable: EnabledLanguages;
  /** Documents that the server never sees. */
  readonly isExcluded: EligibilitySettings["isExcluded"];
  /** How long nobody types before ghost text is asked for. */
  readonly delayMs: number;
  /** The most lines that a command writes. */
  readonly generateMaxLines: number;
  /** What a conversation begins with; may be empty. */
  readonly chatSystem: string;
  readonly model: NamedModel;
  readonly server: ServerSettings;
}

/**
 * VS Code only underlines what does not fit the manifest: here it is brought within bounds, or is the default.
 * @param modelOf finds the model that a value of `rwkvCode.model` names.
 */
export function readSettings(modelOf: (setting: string) => NamedModel): Settings {
  const all = vscode.workspace.getConfiguration(section);
  const lines = all.get<unknown>("generateMaxLines");
  const setting = all.get<unknown>("model");
  const model = modelOf(typeof setting === "string" ? setting : "");
  const delay = all.get<unknown>("delayMs");
  const chatSystem = all.get<unknown>("chatSystemPrompt");
  const values = Object.fromEntries(serverSettingNames.map((name) => [name, all.get<unknown>(name)]));
  const server = { ...defaultSettings, ...parseConfiguration(values).settings };
  const timeBudgetMs = Math.min(700, server.timeBudgetMs); // VS Code's own popup waits for the answer
  return {
    enable: server.enable,
    isExcluded: exclusionOf(server.exclude).isExcluded,
    delayMs: typeof delay === "number" ? Math.round(Math.min(5000, Math.max(0, delay))) : 0,
    generateMaxLines: typeof lines === "number" ? Math.round(Math.min(500, Math.max(1, lines))) : 40,
    chatSystem: typeof chatSystem === "string" ? chatSystem : "",
    model,
    server: { ...server, timeBudgetMs, modelPath: model.isMissing ? defaultSettings.modelPath : model.folder },
  };
}

/** The editor's own setting, without which no ghost text appears, whoever makes it. */
export const ghostTextSetting = "editor.inlineSuggest.enabled";

export function isGhostTextOn(document: vscode.TextDocument | undefined): boolean {
  return vscode.workspace.getConfiguration("", document).get<unknown>(ghostTextSetting) !== false;
}

/** Turns text that comes by itself on or off. */
export async function setAutomatic(isOn: boolean): Promise<void> {
  await setHere("automatic", isOn);
}

export async function setConfidence(level: ServerSettings["confidence"]): Promise<void> {
  await setHere("confidence", level);
}

/** Sets a setting at the level that sets it now: another level might change nothing. */
async function setHere(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section);
  const isOfWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(name, value, targets[isOfWorkspace ? "workspaceValue" : "globalValue"]);
}

/** Chooses the model for all windows. @param setting a name or a folder; empty: the embedded one. */
export async function setModel(setting: string): Promise<void> {
  const value = setting === "" ? undefined : setting;
  await vscode.workspace.getConfiguration(section).update("model", value, vscode.ConfigurationTarget.Global);
}

/** Turns completions on or off for a language, or with "*" for all that have no entry of their own. */
export async function toggleLanguage(languageId: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section);
  for (const { level, value } of toggled(configuration.inspect("enable") ?? {}, languageId)) {
    await configuration.update("enable", value, targets[level]);
  }
}

const targets = {
  globalValue: vscode.ConfigurationTarget.Global,
  workspaceValue: vscode.ConfigurationTarget.Workspace,
} as const;
