import * as vscode from "vscode";
import { AcceptanceTracker, type Suggestion } from "./acceptanceTracker.js";
import type { CompletionCounts, CountChange } from "./counts.js";
import type { PersistedCounts } from "./completionCounts.js";
import type { UsageHistory } from "./usageHistory.js";

/** A request for ghost text from the editor. */
export interface CompletionInvocation {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly context: vscode.InlineCompletionContext;
  readonly token: vscode.CancellationToken;
}

export type CompletionResult = vscode.InlineCompletionItem[] | vscode.InlineCompletionList | null | undefined;

/** Run by VS Code when ghost text was accepted in full. Not in the Command Palette. */
export const acceptedCommand = "rwkvCode.accepted";

/** Counts how completions are used, in documents that get completions. */
export class CompletionUsage implements vscode.Disposable {
  readonly #counts: PersistedCounts;
  readonly #listener: vscode.Disposable;
  #tracker = new AcceptanceTracker();
  /** Language of the document that was changed last. A full acceptance is counted for this language. */
  #languageId: string | undefined;

  /** @param isCompleted whether a document gets completions; nothing is counted in others. */
  constructor(kept: PersistedCounts, isCompleted: (document: vscode.TextDocument) => boolean) {
    this.#counts = kept;
    this.#listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      if (contentChanges.length === 0 || !isCompleted(document)) return;
      const replacements = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        length: rangeLength,
        text,
      }));
      const uri = document.uri.toString();
      this.#languageId = document.languageId;
      this.#count(
        this.#tracker.changed({ uri, replacements, isUndoOrRedo: reason !== undefined }),
        document.languageId,
      );
    });
  }

  get counts(): CompletionCounts {
    return this.#counts.counts;
  }

  get history(): UsageHistory {
    return this.#counts.history;
  }

  /**
   * Counts a request, and a suggestion if the result contains one.
   * @returns the result, with the command that reports its acceptance added to each item.
   */
  async onCompletion(
    invocation: CompletionInvocation,
    completion: vscode.ProviderResult<CompletionResult>,
  ): Promise<CompletionResult> {
    const { document, token } = invocation;
    const { version, languageId } = document;
    this.#count({ asked: 1 }, languageId);
    const result = await completion;
    const items = itemsOf(result);
    for (const item of items) item.command = { title: "", command: acceptedCommand };
    // The editor drops a result that arrives too late.
    const isShown = items.length > 0 && !token.isCancellationRequested && document.version === version;
    if (isShown) this.#count(this.#tracker.shown(suggestionOf(invocation, items)), languageId);
    return result;
  }

  accepted(): void {
    this.#count(this.#tracker.accepted(), this.#languageId);
  }

  async reset(): Promise<void> {
    this.#tracker = new AcceptanceTracker();
    await this.#counts.reset();
  }

  async dispose(): Promise<void> {
    this.#listener.dispose();
    await this.#counts.save();
  }

  #count(change: CountChange, languageId: string | undefined): void {
    if (Object.values(change).some((count) => count !== 0)) this.#counts.add(change, languageId);
  }
}

export function itemsOf(result: CompletionResult): readonly vscode.InlineCompletionItem[] {
  return Array.isArray(result) ? result : (result?.items ?? []);
}

function suggestionOf(
  { document, position, context }: CompletionInvocation,
  items: readonly vscode.InlineCompletionItem[],
): Suggestion {
  const newLine = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  const remainingText = ({ insertText, range }: vscode.InlineCompletionItem): string => {
    const text = (typeof insertText === "string" ? insertText : insertText.value).replace(/\r\n|\r|\n/g, newLine);
    const before = range === undefined ? "" : document.getText(new vscode.Range(range.start, position));
    return text.startsWith(before) ? text.slice(before.length) : text;
  };
  return {
    uri: document.uri.toString(),
    offset: document.offsetAt(position),
    remainingTexts: items.map(remainingText).filter((remaining) => remaining !== ""),
    isOfPopup: context.selectedCompletionInfo !== undefined,
  };
}
