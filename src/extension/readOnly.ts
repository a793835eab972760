import * as vscode from "vscode";
import { showInformation } from "./notifications.js";

/**
 * Edits an editor, and shows a message if it is read-only; VS Code reports success there, too. @returns whether the
 * edit was made.
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
