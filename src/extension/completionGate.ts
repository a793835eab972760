import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { itemsOf, type CompletionResult, type CompletionInvocation } from "./completionUsage.js";
import type { NothingReason } from "../shared/nothingShown.js";
import type { ServerStatus } from "../shared/protocol.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import type { Settings } from "./settings.js";
import { Snooze } from "./snooze.js";
import type { SyncedDocuments } from "./syncedDocuments.js";

export interface CompletionGateOptions {
  readonly documents: Pick<SyncedDocuments, "has" | "blocker" | "ineligibility" | "isCompleted">;
  readonly settings: () => Settings;
  readonly status: () => ServerStatus;
  readonly outcomes: Pick<RequestOutcomes, "notSent" | "shown">;
  /** Called with each request that is sent and counted, and its result. Returns the result, perhaps modified. */
  readonly onCompletion: (
    invocation: CompletionInvocation,
    result: vscode.ProviderResult<CompletionResult>,
  ) => vscode.ProviderResult<CompletionResult>;
}

type Provide = NonNullable<Middleware["provideInlineCompletionItems"]>;

/**
 * Decides which of the editor's requests for ghost text are sent to the server, and when. While the user has snoozed
 * inline suggestions, the editor sends only invoked requests.
 */
export class CompletionGate {
  readonly snooze = new Snooze();
  readonly #options: CompletionGateOptions;
  #invocations = 0;
  #lastInvoked: Promise<boolean> = Promise.resolve(true);

  constructor(options: CompletionGateOptions) {
    this.#options = options;
  }

  /** Number of requests so far that the user invoked. */
  get invocations(): number {
    return this.#invocations;
  }

  /** Resolves when the last invoked request has ended; to true if it found something to show. */
  get lastInvoked(): Promise<boolean> {
    return this.#lastInvoked;
  }

  readonly provide: Provide = (...[document, position, context, token, next]) => {
    const { documents, settings, outcomes, onCompletion } = this.#options;
    const request = async (): Promise<CompletionResult> => {
      const result = await next(document, position, context, token);
      if (itemsOf(result).length > 0) outcomes.shown(document.uri.toString());
      return result;
    };
    if (context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke) {
      this.#invocations++;
      const blocker = documents.blocker(document) ?? (documents.has(document) ? undefined : "notOpen");
      const result = (): vscode.ProviderResult<CompletionResult> => {
        if (blocker !== undefined) return this.#notSent(document, blocker);
        // Requests in documents of disabled languages are not counted.
        return documents.isCompleted(document)
          ? onCompletion({ document, position, context, token }, request())
          : request();
      };
      const invoked = Promise.resolve(result());
      this.#lastInvoked = invoked.then(
        (items) => itemsOf(items).length > 0,
        () => false,
      );
      return invoked;
    }
    this.snooze.requested();
    // VS Code's own suggestions wait for this, so return at once if there is nothing to request.
    const reason = this.#whyNotAutomatic(document);
    if (reason !== undefined) return this.#notSent(document, reason);
    const complete = (): vscode.ProviderResult<CompletionResult> =>
      onCompletion({ document, position, context, token }, request());
    const { delayMs } = settings();
    return delayMs === 0
      ? complete()
      : elapsed(delayMs, token).then((isWanted) => (isWanted ? complete() : this.#notSent(document, "cancelled")));
  };

  /** Why no automatic request is sent for a document; undefined if requests are sent. */
  #whyNotAutomatic(document: vscode.TextDocument): NothingReason | undefined {
    const { documents, settings, status } = this.#options;
    if (!settings().server.automatic) return "automaticOff";
    const reason = documents.ineligibility(document) ?? withoutModel(status());
    return reason ?? (documents.has(document) ? undefined : "notOpen");
  }

  #notSent({ uri }: vscode.TextDocument, reason: NothingReason): [] {
    this.#options.outcomes.notSent(uri.toString(), reason);
    return [];
  }
}

function withoutModel({ kind }: ServerStatus): NothingReason | undefined {
  if (kind === "ready" || kind === "reading") return undefined;
  return kind === "failed" ? "modelFailed" : kind;
}

/** Waits for a delay, or until the token is cancelled. @returns false if the token was cancelled. */
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
