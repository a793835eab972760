import os from "node:os";
import * as vscode from "vscode";
import { defaultSettings, type ServerSettings } from "../protocol.js";
import { exclusionOf, type Exclusion } from "./exclusion.js";
import { toggled, type EnabledLanguages } from "./languages.js";

/** Everything the user can set, read in this file alone and passed on as values. */
export interface Settings {
  readonly enable: EnabledLanguages;
  /** Documents that the server never sees. */
  readonly isExcluded: Exclusion;
  /** The most lines that a command writes. */
  readonly generateMaxLines: number;
  /** What a conversation begins with; may be empty. */
  readonly chatSystem: string;
  readonly server: ServerSettings;
}

export const section = "rwkvCode";

/** VS Code only underlines what does not fit the manifest: here it is brought within bounds, or is the default. */
export function readSettings(): Settings {
  const all = vscode.workspace.getConfiguration(section);
  const bounded = (name: string, otherwise: number, [least, most]: readonly [number, number]): number => {
    const value = all.get<unknown>(name);
    const number = typeof value === "number" && Number.isFinite(value) ? value : otherwise;
    return Math.min(most, Math.max(least, number));
  };
  const numeric = (name: keyof ServerSettings, least: number, most: number): number =>
    bounded(name, Number(defaultSettings[name]), [least, most]);
  const model = all.get<unknown>("model");
  const confidence = all.get<ServerSettings["confidence"]>("confidence", defaultSettings.confidence);
  const engine = all.get<ServerSettings["engine"]>("engine", defaultSettings.engine);
  const chatSystem = all.get<unknown>("chatSystemPrompt");
  const globs = all.get<unknown>("exclude");
  return {
    enable: all.get<EnabledLanguages | null>("enable", {}) ?? {},
    isExcluded: exclusionOf(Array.isArray(globs) ? globs.filter((glob) => typeof glob === "string") : []),
    generateMaxLines: Math.round(bounded("generateMaxLines", 40, [1, 500])),
    chatSystem: typeof chatSystem === "string" ? chatSystem : "",
    server: {
      modelPath: typeof model === "string" ? model.replace(/^~(?=[/\\])/, os.homedir()) : defaultSettings.modelPath,
      timeBudgetMs: numeric("timeBudgetMs", 50, 700),
      confidence: confidenceLevels.includes(confidence) ? confidence : defaultSettings.confidence,
      checkpointMemoryMB: Math.round(numeric("checkpointMemoryMB", 16, 16_384)),
      threads: Math.round(numeric("threads", 0, 64)),
      engine: engines.includes(engine) ? engine : defaultSettings.engine,
      idleUnloadMinutes: numeric("idleUnloadMinutes", 0, 10_080),
      maxLines: numeric("maxLines", 1, Infinity),
    },
  };
}

/** The editor's own setting, without which no ghost text appears, whoever makes it. */
export const ghostTextSetting = "editor.inlineSuggest.enabled";

export function isGhostTextOn(document: vscode.TextDocument | undefined): boolean {
  return vscode.workspace.getConfiguration("", document).get<unknown>(ghostTextSetting) !== false;
}

const engines: readonly ServerSettings["engine"][] = ["auto", "native", "onnxruntime"];
const confidenceLevels: readonly ServerSettings["confidence"][] = ["careful", "balanced", "eager", "always"];

/** Names the model for all windows; empty: the embedded one. */
export async function setModel(folder: string): Promise<void> {
  const value = folder === "" ? undefined : folder;
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
