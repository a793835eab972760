import * as vscode from "vscode";

/** Puts a folder into the trash; where there is none, such as on a remote machine, it is deleted. */
export async function remove(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false }); // says what is wrong, if it is not the trash
  }
}
