import * as vscode from "vscode";
import { showInformation } from "./notifications.js";

/** Edits an editor; says so if it is read-only. VS Code says that an edit is done there, too. @returns if it was made. */
export async function editOrSay(
  editor: vscode.TextEditor,
  edit: (builder: vscode.TextEditorEdit) => void,
): Promise<boolean> {
  const { version } = editor.document;
  if (!(await editor.edit(edit))) return false;
  if (editor.document.version !== version) return true;
  sayReadOnly();
  return false;
}

export function sayReadOnly(): void {
  void showInformation(`RWKV Code: ${vscode.l10n.t("This editor is read-only")}`);
}
