import * as vscode from "vscode";
import { Acceptance, type Suggestion } from "./acceptance.js";
import type { CompletionCounts, CountChange, KeptCounts } from "./completionCounts.js";

/** What the editor asked for ghost text with. */
export interface CompletionQuestion {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly context: vscode.InlineCompletionContext;
  readonly token: vscode.CancellationToken;
}

export type CompletionAnswer = vscode.InlineCompletionItem[] | vscode.InlineCompletionList | null | undefined;

/** Run by VS Code when all of a ghost text has been accepted; not in the palette. */
export const acceptedCommand = "rwkvCode.accepted";

/** Counts how completions are used, in the documents that are completed. */
export class CompletionUse implements vscode.Disposable {
  readonly #kept: KeptCounts;
  readonly #listener: vscode.Disposable;
  #acceptance = new Acceptance();

  /** @param isCompleted says whether a document is completed; of all others nothing is counted. */
  constructor(kept: KeptCounts, isCompleted: (document: vscode.TextDocument) => boolean) {
    this.#kept = kept;
    this.#listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      if (contentChanges.length === 0 || !isCompleted(document)) return;
      const replacements = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        length: rangeLength,
        text,
      }));
      const uri = document.uri.toString();
      this.#count(this.#acceptance.changed({ uri, replacements, isUndoOrRedo: reason !== undefined }));
    });
  }

  get counts(): CompletionCounts {
    return this.#kept.counts;
  }

  /**
   * Counts a question, and a suggestion where the answer has one.
   * @returns the answer, each item with the command that says it was accepted.
   */
  async answered(
    question: CompletionQuestion,
    answer: vscode.ProviderResult<CompletionAnswer>,
  ): Promise<CompletionAnswer> {
    const { document, token } = question;
    const { version } = document;
    this.#count({ asked: 1 });
    const result = await answer;
    const items = Array.isArray(result) ? result : (result?.items ?? []);
    for (const item of items) item.command = { title: "", command: acceptedCommand };
    // The editor drops an answer that comes too late.
    const isShown = items.length > 0 && !token.isCancellationRequested && document.version === version;
    if (isShown) this.#count(this.#acceptance.shown(suggestionOf(question, items)));
    return result;
  }

  accepted(): void {
    this.#count(this.#acceptance.accepted());
  }

  async reset(): Promise<void> {
    this.#acceptance = new Acceptance();
    await this.#kept.reset();
  }

  async dispose(): Promise<void> {
    this.#listener.dispose();
    await this.#kept.save();
  }

  #count(change: CountChange): void {
    if (Object.values(change).some((count) => count !== 0)) this.#kept.add(change);
  }
}

function suggestionOf(
  { document, position, context }: CompletionQuestion,
  items: readonly vscode.InlineCompletionItem[],
): Suggestion {
  const newLine = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  const restOf = ({ insertText, range }: vscode.InlineCompletionItem): string => {
    const text = (typeof insertText === "string" ? insertText : insertText.value).replace(/\r\n|\r|\n/g, newLine);
    const before = range === undefined ? "" : document.getText(new vscode.Range(range.start, position));
    return text.startsWith(before) ? text.slice(before.length) : text;
  };
  return {
    uri: document.uri.toString(),
    offset: document.offsetAt(position),
    rests: items.map(restOf).filter((rest) => rest !== ""),
    isOfPopup: context.selectedCompletionInfo !== undefined,
  };
}
