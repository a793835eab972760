import * as vscode from "vscode";
import { placedCode } from "../insertedCode.js";
import { proposedOf, tabsOf, warnFileChanged, withReplaced, type ProposedDocuments } from "../proposedDocuments.js";
import { currentOffset, type SelectedText } from "./selectedText.js";
import type { CompletionClient } from "../completionClient.js";
import { visibleText } from "../../shared/inertText.js";

/** A part of a document and what is to stand there instead. */
interface Rewrite {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly text: string;
}

/** Shows what a document would be beside what it is, until the user takes it over or not: closing it is a refusal. */
export class RewriteDiff implements vscode.Disposable {
  readonly #proposed: ProposedDocuments;
  readonly #server: Pick<CompletionClient, "insertion">;
  readonly #listener: vscode.Disposable;
  /** What was offered and not yet decided on, by the proposed document. */
  readonly #offers = new Map<string, { readonly rewrite: Rewrite; readonly before: string }>();

  /** @param server knows how code fits a document. */
  constructor(proposed: ProposedDocuments, server: Pick<CompletionClient, "insertion">) {
    this.#proposed = proposed;
    this.#server = server;
    this.#listener = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) {
        const uri = proposedOf(input);
        if (uri !== undefined && tabsOf(uri).length === 0) void this.#refuse(uri);
      }
    });
  }

  /** @param selected what the rewrite is of; the document may have been edited since. */
  async offer(document: vscode.TextDocument, selected: SelectedText, code: string): Promise<void> {
    const before = document.getText();
    const offset = currentOffset(selected, before);
    if (offset === undefined) {
      warnFileChanged();
      return;
    }
    const selection = new vscode.Range(document.positionAt(offset), document.positionAt(offset + selected.text.length));
    const { range, text } = await placedCode(this.#server, document, { range: selection, text: code });
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

  /** Makes it the document's text, as one edit. @param given which of those on screen; the active one if absent. */
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

  /** Leaves the document as it is. @param given as above. */
  async reject(given?: unknown): Promise<void> {
    await this.#refuse(meant(given));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #refuse(uri: vscode.Uri | undefined): Promise<void> {
    if (uri !== undefined && this.#take(uri) !== undefined) await this.#proposed.close(uri);
  }

  /** Each is decided on once. */
  #take(uri: vscode.Uri | undefined): { readonly rewrite: Rewrite; readonly before: string } | undefined {
    const key = uri?.toString() ?? "";
    const offer = this.#offers.get(key);
    this.#offers.delete(key);
    return offer;
  }
}

/**
 * The proposed document that a command is about. A title's button names its own, also of a group that is not active; any
 * other argument, whoever passes it, decides nothing that is not looked at.
 */
function meant(given: unknown): vscode.Uri | undefined {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  if (!(given instanceof vscode.Uri)) return proposedOf(activeTabGroup.activeTab?.input);
  const onScreen = all.map(({ activeTab }) => proposedOf(activeTab?.input));
  return onScreen.find((uri) => uri?.toString() === given.toString());
}
