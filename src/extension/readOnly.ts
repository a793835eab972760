import * as vscode from "vscode";
import { showInformation } from "./notifications.js";

/**
 * Makes an edit, and warns the user if the editor is read-only. VS Code reports success in that case, too.
 * @returns whether the edit was made.
 */
export async function editOrWarn(
  editor: vscode.TextEditor,
  edit: (builder: vscode.TextEditorEdit) => void,
): Promise<boolean> {
  const { version } = editor.document;
  if (!(await editor.edit(edit))) return false;
  if (editor.document.version !== version) return true;
  warnReadOnly();
  return false;
}

export function warnReadOnly(): void {
  void showInformation(`RWKV Code: ${vscode.l10n.t("This editor is read-only.")}`);
}
