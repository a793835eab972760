import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import type { CompletionResult, CompletionInvocation } from "./completionUsage.js";
import type { Settings } from "./settings.js";
import type { SyncedDocuments } from "./syncedDocuments.js";

export interface CompletionGateOptions {
  readonly documents: Pick<SyncedDocuments, "has" | "blocker" | "isCompleted">;
  readonly settings: () => Settings;
  /** Whether a model can answer at once. */
  readonly isReady: () => boolean;
  /** Sees each question for ghost text and its answer, and may add to the answer. */
  readonly answered: (
    question: CompletionInvocation,
    answer: vscode.ProviderResult<CompletionResult>,
  ) => vscode.ProviderResult<CompletionResult>;
}

type Provide = NonNullable<Middleware["provideInlineCompletionItems"]>;

/**
 * Which of the editor's questions for ghost text go to the server, and when. While the user has snoozed inline suggestions
 * the editor asks only what the user asks.
 */
export class CompletionGate {
  readonly #options: CompletionGateOptions;
  #invocations = 0;

  constructor(options: CompletionGateOptions) {
    this.#options = options;
  }

  /** How often the editor asked because the user did. */
  get invocations(): number {
    return this.#invocations;
  }

  readonly provide: Provide = (...[document, position, context, token, next]) => {
    const { documents, settings, isReady, answered } = this.#options;
    const asked = (): vscode.ProviderResult<CompletionResult> => next(document, position, context, token);
    if (context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke) {
      this.#invocations++;
      if (!documents.has(document) || documents.blocker(document) !== undefined) return [];
      // Of languages that are off nothing is counted.
      return documents.isCompleted(document) ? answered({ document, position, context, token }, asked()) : asked();
    }
    // VS Code's own popup waits for the answer: while there is nothing to ask, it is empty at once.
    if (!isReady() || !settings().server.automatic || !documents.isCompleted(document)) return [];
    const answer = (): vscode.ProviderResult<CompletionResult> =>
      answered({ document, position, context, token }, asked());
    const { delayMs } = settings();
    return delayMs === 0 ? answer() : elapsed(delayMs, token).then((isWanted) => (isWanted ? answer() : []));
  };
}

/** Resolves after some time, or at once when the token is set. @returns false if it is set. */
function elapsed(ms: number, token: vscode.CancellationToken): Promise<boolean> {
  if (token.isCancellationRequested) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (isElapsed: boolean): void => {
      clearTimeout(timer);
      listening.dispose();
      resolve(isElapsed);
    };
    const timer = setTimeout(() => {
      end(true);
    }, ms);
    const listening = token.onCancellationRequested(() => {
      end(false);
    });
  });
}
