import * as vscode from "vscode";
import type { Alternative } from "../shared/protocol.js";
import { alternativeLabel } from "./alternativeLabel.js";
import { proposedOf, warnFileChanged, withReplaced, type ProposedDocuments } from "./proposedDocuments.js";
import { editOrSay } from "./readOnly.js";
import type { CompletionClient } from "./completionClient.js";

interface Choice extends vscode.QuickPickItem {
  readonly range: vscode.Range;
  readonly text: string;
  /** The document as it would be. */
  readonly preview: vscode.Uri;
}

/** The first lines of a file cannot be scrolled down from below the list; at usual sizes it covers as many. */
const coveredLines = 15;

/** Lists what may go on at the cursor. The one that is looked at is shown in its place; the one picked is inserted. */
export class AlternativesPicker implements vscode.Disposable {
  readonly #client: CompletionClient;
  readonly #proposed: ProposedDocuments;
  readonly #inserted = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("diffEditor.insertedTextBackground"),
  });

  constructor(client: CompletionClient, proposed: ProposedDocuments) {
    this.#client = client;
    this.#proposed = proposed;
  }

  async show(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const { version } = document;
    const choices: Choice[] = [];
    const cancellation = new vscode.CancellationTokenSource();
    try {
      const picked = await this.#pick(async () => {
        await this.#client.startFor(document);
        const found = await this.#client.alternatives(document, editor.selection.active, cancellation.token);
        // What came after the user had turned away is not looked at.
        if (cancellation.token.isCancellationRequested) return [];
        choices.push(...(found ?? []).map((one) => this.#choice(document, one)));
        return choices;
      }, editor);
      cancellation.cancel();
      const group = groupOf(choices);
      // Whoever went to another editor stays there.
      const preserveFocus = picked === undefined && group?.isActive === false;
      for (const { preview } of choices) await this.#proposed.close(preview);
      if (picked === undefined && group === undefined) return;
      const back = await vscode.window.showTextDocument(document, { ...columnOf(editor), preserveFocus });
      if (picked === undefined) return;
      if (document.version === version) await insert(back, picked);
      else warnFileChanged();
    } finally {
      cancellation.dispose();
    }
  }

  dispose(): void {
    this.#inserted.dispose();
  }

  /** The one that the user picks; undefined where they turn away, or where there is none. */
  async #pick(find: () => Promise<readonly Choice[]>, editor: vscode.TextEditor): Promise<Choice | undefined> {
    const list = vscode.window.createQuickPick<Choice>();
    list.title =
      editor.selection.active.line < coveredLines
        ? vscode.l10n.t("Alternatives (drag this title to see what the list covers)")
        : vscode.l10n.t("Alternatives");
    list.placeholder = vscode.l10n.t("Look through them with the arrow keys; Enter inserts one");
    list.busy = true;
    let previewing: Promise<unknown> = Promise.resolve();
    list.onDidChangeActive(([active]) => {
      if (active !== undefined) previewing = previewing.then(() => this.#preview(active, editor));
    });
    const picked = await new Promise<Choice | undefined>((resolve, reject) => {
      list.onDidAccept(() => {
        resolve(list.activeItems[0]);
      });
      list.onDidHide(() => {
        resolve(undefined);
      });
      list.show();
      find().then((choices) => {
        list.busy = false;
        list.items = choices;
        if (choices.length === 0) list.placeholder = vscode.l10n.t("Nothing comes to mind here");
      }, reject);
    }).finally(() => {
      list.dispose();
    });
    await previewing;
    return picked;
  }

  #choice(document: vscode.TextDocument, { range, text }: Alternative): Choice {
    const { start, end } = range;
    const replacedRange = new vscode.Range(start.line, start.character, end.line, end.character);
    const before = document.lineAt(start.line).text.slice(0, start.character);
    const preview = this.#proposed.create(document.uri, withReplaced(document, replacedRange, text));
    return { ...alternativeLabel(before, text), range: replacedRange, text, preview, alwaysShow: true };
  }

  /** Shows the document as it would be, where it is; the list keeps the focus. */
  async #preview({ preview, range, text }: Choice, editor: vscode.TextEditor): Promise<void> {
    const proposed = await vscode.workspace.openTextDocument(preview);
    await vscode.languages.setTextDocumentLanguage(proposed, editor.document.languageId);
    const shown = await vscode.window.showTextDocument(proposed, {
      preserveFocus: true,
      preview: true,
      ...columnOf(editor),
    });
    const end = proposed.positionAt(proposed.offsetAt(range.start) + withLineEndsOf(proposed, text).length);
    const inserted = new vscode.Range(range.start, end);
    shown.setDecorations(this.#inserted, [inserted]);
    // The list covers the top of the editor.
    shown.revealRange(inserted, vscode.TextEditorRevealType.InCenter);
  }
}

/** The group of editors in which one of them is what is seen. */
function groupOf(choices: readonly Choice[]): vscode.TabGroup | undefined {
  const previews = choices.map(({ preview }) => preview.toString());
  const isOne = (uri: vscode.Uri | undefined): boolean => uri !== undefined && previews.includes(uri.toString());
  return vscode.window.tabGroups.all.find(({ activeTab }) => isOne(proposedOf(activeTab?.input)));
}

function columnOf({ viewColumn }: vscode.TextEditor): Pick<vscode.TextDocumentShowOptions, "viewColumn"> {
  return viewColumn === undefined ? {} : { viewColumn };
}

/** One edit, with the cursor behind it. */
async function insert(editor: vscode.TextEditor, { range, text }: Choice): Promise<void> {
  const isDone = await editOrSay(editor, (edit) => {
    edit.replace(range, text);
  });
  if (!isDone) return;
  const { document } = editor;
  const end = document.positionAt(document.offsetAt(range.start) + withLineEndsOf(document, text).length);
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(new vscode.Range(end, end));
}

/** A text as a document takes it up. */
function withLineEndsOf({ eol }: vscode.TextDocument, text: string): string {
  return text.replace(/\r\n|\r|\n/g, eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n");
}
