import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The model that the setting `rwkvCode.model` names. */
export interface NamedModel {
  /** As the user wrote it: empty, the name of an imported model, or a folder. */
  readonly setting: string;
  /** Empty for the embedded model. */
  readonly folder: string;
  /** Nothing is at `folder`; the embedded model is used meanwhile. */
  readonly isMissing: boolean;
}

/** @param imported the folder that imports go into. */
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
 * The name of a model in the storage of another computer or profile. Settings from before models were named, and those
 * that another tool copies, hold such paths, and the same model may have been imported here.
 */
function importedElsewhere(setting: string, imported: string): string | undefined {
  const [extension, models, name] = setting.replace(/[/\\]+$/, "").split(/[/\\]/).slice(-3);
  const isStorage = models === path.basename(imported) && extension === path.basename(path.dirname(imported));
  return isStorage ? name : undefined;
}

/** What the setting says to name a folder: the name alone if it is an imported model, so that it means the same elsewhere. */
export function settingOf(folder: string, imported: string): string {
  if (folder === "" || isName(folder)) return folder;
  return path.resolve(path.dirname(folder)) === path.resolve(imported) ? path.basename(folder) : folder;
}
