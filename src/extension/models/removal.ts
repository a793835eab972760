import * as vscode from "vscode";

/** Moves a folder to the trash, or deletes it if that fails, as on a remote machine without a trash. */
export async function remove(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
  }
}
