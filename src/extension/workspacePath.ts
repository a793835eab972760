import * as vscode from "vscode";

/**
 * A document's path relative to the workspace folder that contains it, or its full path if none does. Also finds the
 * folder for a notebook cell or an older version of a file in a diff. Their URIs have the file's path but another
 * scheme, for which VS Code itself finds no folder.
 * @param showsFolder whether the path begins with the folder's name; by default only if there are several folders.
 */
export function workspacePath(uri: vscode.Uri, showsFolder?: boolean): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri: { path } }) =>
    uri.path.startsWith(path.replace(/\/?$/, "/")),
  );
  const file = folder === undefined ? uri : folder.uri.with({ path: uri.path });
  return vscode.workspace.asRelativePath(file, showsFolder);
}
