import os from "node:os";
import * as vscode from "vscode";
import { defaultSettings, type ServerSettings } from "../protocol.js";
import { isLanguageEnabled, type EnabledLanguages } from "./languages.js";

/** Everything the user can set, read in this file alone and passed on as values. */
export interface Settings {
  readonly enable: EnabledLanguages;
  /** Globs of documents that the server never sees. */
  readonly exclude: readonly string[];
  readonly server: ServerSettings;
}

export const section = "rwkvCode";

export function readSettings(): Settings {
  const all = vscode.workspace.getConfiguration(section);
  return {
    enable: all.get<Record<string, boolean>>("enable", {}),
    exclude: all.get<string[]>("exclude", []),
    server: {
      modelPath: all.get("model", defaultSettings.modelPath).replace(/^~(?=[/\\])/, os.homedir()),
      timeBudgetMs: all.get("timeBudgetMs", defaultSettings.timeBudgetMs),
      confidence: all.get("confidence", defaultSettings.confidence),
      checkpointMemoryMB: all.get("checkpointMemoryMB", defaultSettings.checkpointMemoryMB),
      threads: all.get("threads", defaultSettings.threads),
      idleUnloadMinutes: all.get("idleUnloadMinutes", defaultSettings.idleUnloadMinutes),
      maxLines: all.get("maxLines", defaultSettings.maxLines),
    },
  };
}

/** Turns completions on or off for a language, or with "*" for all that have no entry of their own. */
export async function toggleLanguage(languageId: string): Promise<boolean> {
  const isOn = !isLanguageEnabled(readSettings().enable, languageId);
  const own = vscode.workspace.getConfiguration(section).inspect<Record<string, boolean>>("enable")?.globalValue;
  const enable = { ...own, [languageId]: isOn };
  await vscode.workspace.getConfiguration(section).update("enable", enable, vscode.ConfigurationTarget.Global);
  return isOn;
}
