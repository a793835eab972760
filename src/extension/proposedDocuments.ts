import * as vscode from "vscode";
import { showWarning } from "./notifications.js";

/** Of documents that are not, but may be: they can be read and not written. */
export const proposedScheme = "rwkv-code-proposed";

/** Documents as they would be with a change, to be shown before it is made. */
export class ProposedDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(proposedScheme, this);
  readonly #texts = new Map<string, string>();
  #count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** Names a document like another one, so that it has the same language. */
  create(like: vscode.Uri, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: proposedScheme, path: like.path, query: String(++this.#count) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  /** Closes it wherever it is shown, and forgets it. */
  async close(uri: vscode.Uri): Promise<void> {
    await vscode.window.tabGroups.close(tabsOf(uri));
    this.#texts.delete(uri.toString());
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** The tabs that show a proposed document, alone or beside what is. */
export function tabsOf(uri: vscode.Uri): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => proposedOf(input)?.toString() === uri.toString());
}

/** The proposed document that a tab shows. @param input of a tab. */
export function proposedOf(input: unknown): vscode.Uri | undefined {
  const uri =
    input instanceof vscode.TabInputTextDiff
      ? input.modified
      : input instanceof vscode.TabInputText
        ? input.uri
        : undefined;
  return uri?.scheme === proposedScheme ? uri : undefined;
}

/** A text with a part of a document replaced. */
export function withReplaced(document: vscode.TextDocument, range: vscode.Range, text: string): string {
  const before = document.getText();
  return before.slice(0, document.offsetAt(range.start)) + text + before.slice(document.offsetAt(range.end));
}

/** Says why what was proposed does not come about. */
export function warnFileChanged(): void {
  const message = vscode.l10n.t("RWKV Code: The file has changed meanwhile; nothing was taken over");
  void showWarning(message);
}
