import type * as vscode from "vscode";
import { fullPathOf } from "../shared/exclusion.js";
import type { Settings } from "./settings.js";
import { workspacePath } from "./workspacePath.js";

/** Whether a file must never be read, judged only by its path. */
export function isExcludedFile({ isExcluded }: Pick<Settings, "isExcluded">, uri: vscode.Uri): boolean {
  return isExcluded(fullPathOf(uri), workspacePath(uri, false).replaceAll("\\", "/"));
}
