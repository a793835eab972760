import * as vscode from "vscode";

const scheme = "rwkv-code-rewrite";

/** A part of a document and what is to stand there instead. */
export interface Rewrite {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly text: string;
}

/** Shows what a document would be beside what it is, and asks. */
export class RewriteDiff implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  readonly #texts = new Map<string, string>();
  #count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** Resolves when the user has accepted or refused it; accepted, it is one edit. */
  async offer({ document, range, text }: Rewrite): Promise<void> {
    const before = document.getText();
    const after = before.slice(0, document.offsetAt(range.start)) + text + before.slice(document.offsetAt(range.end));
    const uri = vscode.Uri.from({ scheme, path: document.uri.path, query: String(++this.#count) });
    this.#texts.set(uri.toString(), after);
    const name = document.uri.path.split("/").at(-1) ?? "";
    await vscode.commands.executeCommand("vscode.diff", document.uri, uri, vscode.l10n.t("{0} (rewritten)", name), {
      selection: range,
    });
    const accept = vscode.l10n.t("Accept");
    const refuse = vscode.l10n.t("Refuse");
    const question = vscode.l10n.t("RWKV Code: Take the rewritten part over?");
    const answer = await vscode.window.showInformationMessage(question, accept, refuse);
    await closeTab(uri);
    this.#texts.delete(uri.toString());
    if (answer === accept) await this.#apply({ document, range, text }, before);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #apply({ document, range, text }: Rewrite, before: string): Promise<void> {
    if (document.getText() !== before) {
      const message = vscode.l10n.t("RWKV Code: The file has changed meanwhile; nothing was taken over");
      void vscode.window.showWarningMessage(message);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, text);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document);
  }
}

async function closeTab(modified: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const own = tabs.filter(
    ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === modified.toString(),
  );
  await vscode.window.tabGroups.close(own);
}
