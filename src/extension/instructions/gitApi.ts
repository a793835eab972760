import * as vscode from "vscode";

/** The parts of the built-in Git extension's API (version 1) that are used here. */
export interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  readonly state: {
    readonly indexChanges: readonly GitChange[];
    readonly workingTreeChanges: readonly GitChange[];
  };
  diffIndexWithHEAD(path: string): Promise<string>;
  diffWithHEAD(path: string): Promise<string>;
}

export interface GitChange {
  readonly uri: vscode.Uri;
  /** The file before a rename; the same as `uri` if it was not renamed. */
  readonly originalUri: vscode.Uri;
}

interface GitExtension {
  getAPI(version: 1): { readonly repositories: readonly GitRepository[] };
}

/**
 * The repository of a Git view, or else the only open repository; undefined if it is unclear which one the user means.
 * @param given the argument that the button in a Git view passes.
 */
export async function gitRepository(given: unknown): Promise<GitRepository | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (extension === undefined) return undefined;
  const { repositories } = (await extension.activate()).getAPI(1);
  const { rootUri } = (given ?? {}) as { readonly rootUri?: unknown }; // compared with the known repositories
  const root = rootUri instanceof vscode.Uri ? rootUri.toString() : undefined;
  const meant = repositories.find((repository) => repository.rootUri.toString() === root);
  return meant ?? (repositories.length === 1 ? repositories[0] : undefined);
}
