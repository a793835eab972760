import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The model that the setting `rwkvCode.model` names. */
export interface NamedModel {
  /** The setting's value as the user wrote it: empty, the name of an imported model, or a folder. */
  readonly setting: string;
  /** Empty for the embedded model. */
  readonly folder: string;
  /** True if `folder` does not exist; the embedded model is used until it does. */
  readonly isMissing: boolean;
}

/** @param imported the folder of the imported models. */
export function namedModel(setting: string, imported: string): NamedModel {
  const folder = setting === "" ? "" : folderOf(setting.replace(/^~(?=[/\\])/, os.homedir()), imported);
  return { setting, folder, isMissing: folder !== "" && !existsSync(folder) };
}

function folderOf(setting: string, imported: string): string {
  if (isName(setting)) return path.join(imported, setting);
  const name = importedElsewhere(setting, imported);
  return name === undefined || existsSync(setting) ? setting : path.join(imported, name);
}

function isName(setting: string): boolean {
  return !/[/\\]|^(\.{1,2}|~)$/.test(setting);
}

/**
 * If the setting is a path into the extension's storage on another computer or in another profile: the model's name in
 * that path. Older settings, and settings that other tools copied, may contain such a path. A model of this name may
 * have been imported here, too.
 */
function importedElsewhere(setting: string, imported: string): string | undefined {
  const [extension, models, name] = setting
    .replace(/[/\\]+$/, "")
    .split(/[/\\]/)
    .slice(-3);
  const isStorage = models === path.basename(imported) && extension === path.basename(path.dirname(imported));
  return isStorage ? name : undefined;
}

/**
 * The value of the setting for a folder. For an imported model it is the name alone, so that it is valid on other
 * computers.
 */
export function settingOf(folder: string, imported: string): string {
  if (folder === "" || isName(folder)) return folder;
  return path.resolve(path.dirname(folder)) === path.resolve(imported) ? path.basename(folder) : folder;
}
