import * as vscode from "vscode";
import { defaultSettings, type EnabledLanguages, type ServerSettings } from "../shared/protocol.js";
import { parseConfiguration, section, serverSettingNames } from "../shared/configuration.js";
import type { EligibilitySettings } from "../shared/eligibility.js";
import { exclusionOf } from "../shared/exclusion.js";
import { toggled } from "./languages.js";
import type { NamedModel } from "./models/namedModel.js";

/** All settings of the user. Only this file reads them; other code gets them as values. */
export interface Settings {
  readonly enable: EnabledLanguages;
  /** Whether a document is excluded, so that it is never sent to the server. */
  readonly isExcluded: EligibilitySettings["isExcluded"];
  /** Delay after the last keystroke before ghost text is requested. */
  readonly delayMs: number;
  /** Maximum number of lines that a command writes. */
  readonly generateMaxLines: number;
  /** System prompt of conversations; may be empty. */
  readonly chatSystem: string;
  readonly model: NamedModel;
  /** Where models are downloaded from: `auto`, a hub's name, or the address of a mirror. */
  readonly downloadSource: string;
  readonly server: ServerSettings;
}

/**
 * Reads all settings. VS Code only underlines values that do not match the manifest, so such values are clamped or
 * replaced by the default here.
 * @param modelOf finds the model that a value of `rwkvCode.model` names.
 */
export function readSettings(modelOf: (setting: string) => NamedModel): Settings {
  const all = vscode.workspace.getConfiguration(section);
  const lines = all.get<unknown>("generateMaxLines");
  const setting = all.get<unknown>("model");
  const model = modelOf(typeof setting === "string" ? setting : "");
  const delay = all.get<unknown>("delayMs");
  const chatSystem = all.get<unknown>("chatSystemPrompt");
  const downloadSource = all.get<unknown>("downloadSource");
  const values = Object.fromEntries(serverSettingNames.map((name) => [name, all.get<unknown>(name)]));
  const parsed = { ...defaultSettings, ...parseConfiguration(values).settings };
  const server = {
    ...parsed,
    // In an untrusted workspace nothing is indexed and no states are stored.
    workspaceContext: parsed.workspaceContext && vscode.workspace.isTrusted,
    checkpointDiskMB: vscode.workspace.isTrusted ? parsed.checkpointDiskMB : 0,
    workspaceExclude: hiddenGlobs.flatMap(enabledGlobs),
  };
  const timeBudgetMs = Math.min(700, server.timeBudgetMs); // VS Code's own suggestions wait for the completion
  return {
    enable: server.enable,
    isExcluded: exclusionOf(server.exclude).isExcluded,
    delayMs: typeof delay === "number" ? Math.round(Math.min(5000, Math.max(0, delay))) : 0,
    generateMaxLines: typeof lines === "number" ? Math.round(Math.min(500, Math.max(1, lines))) : 40,
    chatSystem: typeof chatSystem === "string" ? chatSystem : "",
    model,
    downloadSource: typeof downloadSource === "string" ? downloadSource : "auto",
    server: { ...server, timeBudgetMs, modelPath: model.isMissing ? defaultSettings.modelPath : model.folder },
  };
}

/** VS Code's settings that hide files from the explorer and from search. */
const hiddenGlobs = ["files.exclude", "search.exclude"];

/** Whether a change of VS Code's own settings affects which files are indexed. */
export function affectsIndex(event: vscode.ConfigurationChangeEvent): boolean {
  return hiddenGlobs.some((setting) => event.affectsConfiguration(setting));
}

/**
 * The globs in a setting, except those with the value `false`. A glob with a condition is included, because it may hide
 * a file.
 */
function enabledGlobs(setting: string): string[] {
  const globs = vscode.workspace.getConfiguration().get<unknown>(setting);
  if (typeof globs !== "object" || globs === null) return [];
  return Object.entries(globs).flatMap(([glob, isOn]) => (isOn === false ? [] : [glob]));
}

/** VS Code's setting that turns ghost text on or off for all extensions. */
export const ghostTextSetting = "editor.inlineSuggest.enabled";

export function isGhostTextOn(document: vscode.TextDocument | undefined): boolean {
  return vscode.workspace.getConfiguration("", document).get<unknown>(ghostTextSetting) !== false;
}

/** Whether VS Code opens the walkthrough of an extension that was just installed. */
export function opensWalkthroughs(): boolean {
  return vscode.workspace.getConfiguration().get<unknown>("workbench.welcomePage.walkthroughs.openOnInstall") !== false;
}

export async function setAutomatic(isOn: boolean): Promise<void> {
  await setHere("automatic", isOn);
}

export async function setConfidence(level: ServerSettings["confidence"]): Promise<void> {
  await setHere("confidence", level);
}

/** Changes a setting at the level where it is set now; at another level the change might have no effect. */
async function setHere(name: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section);
  const isOfWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(name, value, targets[isOfWorkspace ? "workspaceValue" : "globalValue"]);
}

/** Sets the model for all windows. @param setting a name or a folder; empty for the embedded model. */
export async function setModel(setting: string): Promise<void> {
  const value = setting === "" ? undefined : setting;
  await vscode.workspace.getConfiguration(section).update("model", value, vscode.ConfigurationTarget.Global);
}

/** Turns completions on or off for a language; "*" means all languages without an entry of their own. */
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

interface SettingSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
}

/**
 * The settings that differ from their defaults. For values that may contain free text, such as a path or a prompt, only
 * the fact that they are set is returned. @param schemas the manifest's schema of each setting, by full name.
 * @param languages identifiers that VS Code knows.
 */
export function changedSettings(
  schemas: Readonly<Record<string, SettingSchema>>,
  languages: readonly string[],
): (readonly [string, string])[] {
  const all = vscode.workspace.getConfiguration();
  return Object.entries(schemas).flatMap(([name, schema]): (readonly [string, string])[] => {
    const value = JSON.stringify(all.get<unknown>(name) ?? null);
    if (value === JSON.stringify(all.inspect(name)?.defaultValue ?? null)) return [];
    if (name === `${section}.enable`) return [[name, enabledText(all.get<unknown>(name), languages)]];
    const isHarmless = schema.enum !== undefined || ["boolean", "integer", "number"].includes(schema.type ?? "");
    return [[name, isHarmless && value.length < 40 ? value : "set"]];
  });
}

/** Which languages are on and off. Unknown identifiers are left out, because they could be any text. */
function enabledText(value: unknown, languages: readonly string[]): string {
  const known = Object.entries(value ?? {}).filter(
    ([id, isOn]) => typeof isOn === "boolean" && (id === "*" || languages.includes(id)),
  );
  return JSON.stringify(Object.fromEntries(known));
}
