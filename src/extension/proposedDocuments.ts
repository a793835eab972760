import * as vscode from "vscode";
import { showWarning } from "./notifications.js";

/** The scheme of proposed documents, which are read-only. */
const proposedScheme = "rwkv-code-proposed";

/** Provides read-only copies of documents that contain a proposed change, so that the user can preview it. */
export class ProposedDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(proposedScheme, this);
  readonly #texts = new Map<string, string>();
  #count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** Creates a proposed document. @param like a document whose path it gets, and thus the same name and language. */
  create(like: vscode.Uri, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: proposedScheme, path: like.path, query: String(++this.#count) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  /** Closes the tabs of a proposed document and discards its text. */
  async close(uri: vscode.Uri): Promise<void> {
    await vscode.window.tabGroups.close(tabsOf(uri));
    this.#texts.delete(uri.toString());
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** The tabs that show a proposed document, alone or in a diff. */
export function tabsOf(uri: vscode.Uri): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => proposedOf(input)?.toString() === uri.toString());
}

/** The proposed document shown by a tab. @param input the tab's input. */
export function proposedOf(input: unknown): vscode.Uri | undefined {
  const uri =
    input instanceof vscode.TabInputTextDiff
      ? input.modified
      : input instanceof vscode.TabInputText
        ? input.uri
        : undefined;
  return uri?.scheme === proposedScheme ? uri : undefined;
}

/** The document's text with a range replaced. */
export function withReplaced(document: vscode.TextDocument, range: vscode.Range, text: string): string {
  const before = document.getText();
  return before.slice(0, document.offsetAt(range.start)) + text + before.slice(document.offsetAt(range.end));
}

/** Tells the user that a proposal was not applied because the file has changed. */
export function warnFileChanged(): void {
  const message = vscode.l10n.t("RWKV Code: The file has changed in the meantime. Nothing was applied.");
  void showWarning(message);
}
