import type * as vscode from "vscode";
import { fullPathOf } from "../shared/exclusion.js";
import type { Settings } from "./settings.js";
import { workspacePath } from "./workspacePath.js";

/** Whether the file at this path must never be read. */
export function isExcludedFile({ isExcluded }: Pick<Settings, "isExcluded">, uri: vscode.Uri): boolean {
  return isExcluded(fullPathOf(uri), workspacePath(uri, false).replaceAll("\\", "/"));
}
