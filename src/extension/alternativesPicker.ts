import * as vscode from "vscode";
import type { Alternative } from "../shared/protocol.js";
import { alternativeLabel } from "./alternativeLabel.js";
import { proposedOf, warnFileChanged, withReplaced, type ProposedDocuments } from "./proposedDocuments.js";
import { editOrWarn } from "./readOnly.js";
import type { CompletionClient } from "./completionClient.js";

interface Choice extends vscode.QuickPickItem {
  readonly range: vscode.Range;
  readonly text: string;
  /** URI of a read-only copy of the document that already contains the alternative. */
  readonly preview: vscode.Uri;
}

/**
 * The list covers about this many lines at the top of the editor. The first lines of a file cannot be scrolled out from
 * under it.
 */
const coveredLines = 15;

/**
 * Lists alternatives for the cursor position. The active one is previewed in a copy of the document; Enter inserts it.
 */
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
        // The user closed the list before the alternatives arrived.
        if (cancellation.token.isCancellationRequested) return [];
        choices.push(...(found ?? []).map((one) => this.#choice(document, one)));
        return choices;
      }, editor);
      cancellation.cancel();
      const group = groupOf(choices);
      // If the user has switched to another editor, leave the focus there.
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

  /** The alternative that the user picks; undefined if the list is closed, or if there is none. */
  async #pick(find: () => Promise<readonly Choice[]>, editor: vscode.TextEditor): Promise<Choice | undefined> {
    const list = vscode.window.createQuickPick<Choice>();
    list.title = vscode.l10n.t("Alternatives");
    list.placeholder = vscode.l10n.t("Looking for alternatives…");
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
        // The hints make sense only once there are alternatives.
        if (choices.length === 0) list.placeholder = vscode.l10n.t("No alternatives found.");
        else Object.assign(list, hintsAt(editor.selection.active));
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

  /** Previews the alternative in place of the document; the list keeps the focus. */
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
    // Center the text, because the list covers the top of the editor.
    shown.revealRange(inserted, vscode.TextEditorRevealType.InCenter);
  }
}

/** A title and a placeholder that tell the user how to use the list of alternatives for a position. */
function hintsAt({ line }: vscode.Position): Pick<vscode.QuickPick<Choice>, "title" | "placeholder"> {
  const { t } = vscode.l10n;
  const isCovered = line < coveredLines;
  return {
    title: isCovered ? t("Alternatives (drag this title to see the lines below)") : t("Alternatives"),
    placeholder: t("Preview with the arrow keys, insert with Enter"),
  };
}

/** The editor group that shows one of the previews, if any. */
function groupOf(choices: readonly Choice[]): vscode.TabGroup | undefined {
  const previews = choices.map(({ preview }) => preview.toString());
  const isOne = (uri: vscode.Uri | undefined): boolean => uri !== undefined && previews.includes(uri.toString());
  return vscode.window.tabGroups.all.find(({ activeTab }) => isOne(proposedOf(activeTab?.input)));
}

function columnOf({ viewColumn }: vscode.TextEditor): Pick<vscode.TextDocumentShowOptions, "viewColumn"> {
  return viewColumn === undefined ? {} : { viewColumn };
}

/** Inserts the alternative as one edit and puts the cursor after it. */
async function insert(editor: vscode.TextEditor, { range, text }: Choice): Promise<void> {
  const isDone = await editOrWarn(editor, (edit) => {
    edit.replace(range, text);
  });
  if (!isDone) return;
  const { document } = editor;
  const end = document.positionAt(document.offsetAt(range.start) + withLineEndsOf(document, text).length);
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(new vscode.Range(end, end));
}

/** The text with the document's line endings. */
function withLineEndsOf({ eol }: vscode.TextDocument, text: string): string {
  return text.replace(/\r\n|\r|\n/g, eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n");
}
