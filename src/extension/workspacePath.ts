import * as vscode from "vscode";

/**
 * A document's path relative to the workspace folder that contains it, or its full path if none does. A notebook's
 * cell, and an older version of a file in a diff, have the file's path with another scheme, for which VS Code finds no
 * folder.
 * @param showsFolder whether the path begins with the folder's name; by default only if there are several folders.
 */
export function workspacePath(uri: vscode.Uri, showsFolder?: boolean): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri: { path } }) =>
    uri.path.startsWith(path.replace(/\/?$/, "/")),
  );
  const file = folder === undefined ? uri : folder.uri.with({ path: uri.path });
  return vscode.workspace.asRelativePath(file, showsFolder);
}
