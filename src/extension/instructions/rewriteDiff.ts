import * as vscode from "vscode";
import { fittedCode } from "../fittedCode.js";
import { proposedOf, tabsOf, warnFileChanged, withReplaced, type ProposedDocuments } from "../proposedDocuments.js";
import { currentOffset, type SelectedText } from "./selectedText.js";
import type { CompletionClient } from "../completionClient.js";
import { visibleText } from "../../shared/inertText.js";

/** A range of a document and the text that should replace it. */
interface Rewrite {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly text: string;
}

/** Shows a proposed change as a diff until the user accepts or rejects it; closing the diff rejects it. */
export class RewriteDiff implements vscode.Disposable {
  readonly #proposed: ProposedDocuments;
  readonly #server: Pick<CompletionClient, "insertion">;
  readonly #listener: vscode.Disposable;
  /** Offers that the user has not decided on yet, by the proposed document's URI. */
  readonly #offers = new Map<string, { readonly rewrite: Rewrite; readonly before: string }>();

  /** @param server adapts code to the place where it is inserted. */
  constructor(proposed: ProposedDocuments, server: Pick<CompletionClient, "insertion">) {
    this.#proposed = proposed;
    this.#server = server;
    this.#listener = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) {
        const uri = proposedOf(input);
        if (uri !== undefined && tabsOf(uri).length === 0) void this.#reject(uri);
      }
    });
  }

  /** Shows the change. @param selected the text to replace; the document may have been edited since it was selected. */
  async offer(document: vscode.TextDocument, selected: SelectedText, code: string): Promise<void> {
    const before = document.getText();
    const offset = currentOffset(selected, before);
    if (offset === undefined) {
      warnFileChanged();
      return;
    }
    const selection = new vscode.Range(document.positionAt(offset), document.positionAt(offset + selected.text.length));
    const { range, text } = await fittedCode(this.#server, document, { range: selection, text: code });
    if (document.getText() !== before) {
      warnFileChanged();
      return;
    }
    const uri = this.#proposed.create(document.uri, withReplaced(document, range, text));
    this.#offers.set(uri.toString(), { rewrite: { document, range, text }, before });
    const name = document.uri.path.split("/").at(-1) ?? "";
    await vscode.commands.executeCommand(
      "vscode.diff",
      document.uri,
      uri,
      vscode.l10n.t("{0} (rewritten)", visibleText(name)),
      {
        selection: range,
      },
    );
  }

  /** Applies the change as one edit. @param given the proposed document's URI; by default the active document. */
  async accept(given?: unknown): Promise<void> {
    const uri = meant(given);
    const offer = this.#take(uri);
    if (uri === undefined || offer === undefined) return;
    await this.#proposed.close(uri);
    const { document, range, text } = offer.rewrite;
    await vscode.window.showTextDocument(document);
    if (document.getText() !== offer.before) {
      warnFileChanged();
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, text);
    await vscode.workspace.applyEdit(edit);
  }

  /** Discards the change. @param given as in `accept`. */
  async reject(given?: unknown): Promise<void> {
    await this.#reject(meant(given));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #reject(uri: vscode.Uri | undefined): Promise<void> {
    if (uri !== undefined && this.#take(uri) !== undefined) await this.#proposed.close(uri);
  }

  /** Returns and removes an offer, so that it is accepted or rejected only once. */
  #take(uri: vscode.Uri | undefined): { readonly rewrite: Rewrite; readonly before: string } | undefined {
    const key = uri?.toString() ?? "";
    const offer = this.#offers.get(key);
    this.#offers.delete(key);
    return offer;
  }
}

/**
 * The proposed document that a command is about. A button in an editor's title bar passes that editor's document, even
 * if the editor is in an inactive group. A document that the user does not see must not be accepted or rejected, so it
 * must be the active tab of a group.
 */
function meant(given: unknown): vscode.Uri | undefined {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  if (!(given instanceof vscode.Uri)) return proposedOf(activeTabGroup.activeTab?.input);
  const onScreen = all.map(({ activeTab }) => proposedOf(activeTab?.input));
  return onScreen.find((uri) => uri?.toString() === given.toString());
}
