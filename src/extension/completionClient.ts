import * as vscode from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  RevealOutputChannelOn,
  State,
  type LanguageClient,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import {
  alternativesMethod,
  chatMethod,
  countTokensMethod,
  didFocusMethod,
  generateMethod,
  idleMethod,
  modelMethod,
  nothingShownMethod,
  statisticsMethod,
  statusMethod,
  type Alternative,
  type ChatParams,
  type ChatDelta,
  type ChatResult,
  type GenerateParams,
  type GenerateDelta,
  type NothingShownParams,
  type ReadyModel,
  type ServerStatistics,
  type ServerStatus,
} from "../shared/protocol.js";
import {
  blockEndMethod,
  insertionMethod,
  type InsertionParams,
  type InsertionResult,
} from "../shared/structureRequests.js";
import { asConfiguration } from "../shared/configuration.js";
import type { CodeForRange, CompletionClientOptions, GenerateOptions } from "./completionClientOptions.js";
import { CurrentClient } from "./currentClient.js";
import { CompletionGate } from "./completionGate.js";
import { longRequest, streamed } from "./longRequests.js";
import { positionParams } from "./positionParams.js";
import { RestartLimiter } from "./restartLimiter.js";
import { SyncedDocuments } from "./syncedDocuments.js";
import { errorMessage } from "../shared/errorMessage.js";

/**
 * The server process and the connection to it. Both start when a document first needs them, and again after a crash.
 */
export class CompletionClient implements vscode.Disposable {
  readonly documents: SyncedDocuments;
  readonly completions: CompletionGate;
  readonly #options: CompletionClientOptions;
  readonly #restarts = new RestartLimiter();
  readonly #client: CurrentClient<LanguageClient>;
  readonly #edits: vscode.Disposable;
  /** True if the server crashed several times within minutes. Only the user can restart it then. */
  hasGivenUp = false;
  /** True if the server was stopped because it was idle. The next edit or command starts it again. */
  #isAsleep = false;
  #status: ServerStatus = { kind: "noModel" };

  constructor(options: CompletionClientOptions) {
    this.#options = options;
    this.documents = new SyncedDocuments(options.settings, () => this.#client.running);
    this.completions = new CompletionGate({
      documents: this.documents,
      settings: options.settings,
      status: () => this.#status,
      outcomes: options.outcomes,
      onCompletion: options.onCompletion,
    });
    this.#client = new CurrentClient({
      make: (isCurrent) => this.#newClient(isCurrent),
      onStopped: () => {
        this.#stopped();
      },
      onLateStop: (error) => {
        options.output.warn(errorMessage(error));
      },
    });
    this.#edits = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      // An edit restarts a server that was stopped because it was idle. It also starts the first server if the document
      // was too large until now.
      if (!this.#isAsleep && this.#status.kind !== "noModel") return;
      if (this.#client.running !== undefined || this.documents.ineligibility(document) !== undefined) return;
      void this.start().catch(() => undefined); // the status shows the error
    });
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Starts the server if it is not running. After too many crashes, only `restart` starts it. */
  async start(): Promise<void> {
    if (this.hasGivenUp) return;
    this.#isAsleep = false;
    try {
      await this.#client.start();
    } catch (error) {
      this.#options.output.error(errorMessage(error));
      this.#setStatus({ kind: "failed", reason: errorMessage(error) });
      throw error;
    }
  }

  /** Starts the server, and opens a document in which the user asked for text, even if its language is disabled. */
  async startFor(document: vscode.TextDocument): Promise<void> {
    await this.start();
    await this.documents.openForCommand(document);
  }

  async restart(): Promise<void> {
    this.#restarts.forget();
    this.hasGivenUp = false;
    await this.#client.drop();
    await this.start();
  }

  /** Tells the server which document the user is looking at. */
  async sendFocus(document: vscode.TextDocument): Promise<void> {
    if (this.documents.has(document))
      await this.notify(didFocusMethod, { textDocument: { uri: document.uri.toString() } });
  }

  /** Sends a notification if the server is running. */
  async notify(method: string, params: object): Promise<void> {
    await this.#client.running?.sendNotification(method, params);
  }

  /** Sends the new settings to the server, and opens or closes documents accordingly. */
  async settingsChanged(): Promise<void> {
    const client = this.#client.running;
    if (client === undefined) return;
    await client.sendNotification(DidChangeConfigurationNotification.type, { settings: this.#configuration() });
    await this.documents.reconcile();
  }

  /** Sends a request that needs no model; undefined if the server is not running. */
  async request<R>(method: string, params: object): Promise<R | undefined> {
    return this.#client.running?.sendRequest<R>(method, params);
  }

  /** The server's statistics; undefined if it is not running. */
  async statistics(): Promise<ServerStatistics | undefined> {
    return this.#client.running?.sendRequest<ServerStatistics>(statisticsMethod);
  }

  /**
   * Generates code at a position of a document and streams it to `onDelta`. A cancellation is not an error.
   * @throws Error if no model can be loaded, or the server is not running.
   */
  async generate(
    document: vscode.TextDocument,
    { position, maxLines, indentUnit }: GenerateOptions,
    onDelta: (delta: GenerateDelta) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<void> {
    const params: Omit<GenerateParams, "partialResultToken"> = {
      ...positionParams(document, position),
      maxLines,
      indentUnit,
    };
    await streamed(this.#client.running, { method: generateMethod, params }, { onDelta, cancellation });
  }

  /**
   * Alternative completions for a position; the first one is the most likely.
   * @returns undefined if the request was cancelled. @throws as `generate`.
   */
  async alternatives(
    document: vscode.TextDocument,
    position: vscode.Position,
    cancellation: vscode.CancellationToken,
  ): Promise<readonly Alternative[] | undefined> {
    const request = { method: alternativesMethod, params: positionParams(document, position) };
    return longRequest<readonly Alternative[]>(this.#client.running, request, cancellation);
  }

  /** Adapts code to the range that it replaces; undefined if the server has no model or not this document. */
  async insertion(document: vscode.TextDocument, code: CodeForRange): Promise<InsertionResult | undefined> {
    if (!this.documents.has(document)) return undefined;
    const params: InsertionParams = { textDocument: { uri: document.uri.toString() }, ...code };
    return (await this.#client.running?.sendRequest<InsertionResult | null>(insertionMethod, params)) ?? undefined;
  }

  /** The missing closers of a block that is opened right before the position; undefined if none are missing. */
  async blockEnd(document: vscode.TextDocument, position: vscode.Position): Promise<string | undefined> {
    if (!this.documents.has(document)) return undefined;
    const params = positionParams(document, position);
    return (await this.#client.running?.sendRequest<string | null>(blockEndMethod, params)) ?? undefined;
  }

  /**
   * Streams the reply to the last turn.
   * @returns undefined if the request was cancelled. @throws as `generate`.
   */
  chat(
    params: Omit<ChatParams, "partialResultToken">,
    onDelta: (delta: ChatDelta) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<ChatResult | undefined> {
    return streamed<ChatResult, ChatDelta>(
      this.#client.running,
      { method: chatMethod, params },
      { onDelta, cancellation },
    );
  }

  /** The model. Loads it if necessary. @throws Error if it cannot be loaded, or the server is not running. */
  async model(): Promise<ReadyModel> {
    if (this.#client.running === undefined) throw new Error(vscode.l10n.t("The server is not running."));
    return this.#client.running.sendRequest<ReadyModel>(modelMethod);
  }

  /** Number of tokens of each text; zeros if no model is loaded. */
  async countTokens(texts: readonly string[]): Promise<readonly number[]> {
    return (await this.#client.running?.sendRequest<number[]>(countTokensMethod, { texts })) ?? texts.map(() => 0);
  }

  async dispose(): Promise<void> {
    this.#edits.dispose();
    this.completions.snooze.dispose();
    await this.#client.drop();
  }

  #newClient(isCurrent: () => boolean): LanguageClient {
    const client = this.#options.newClient(this.#clientOptions(isCurrent));
    client.onNotification(statusMethod, (status: ServerStatus) => {
      if (isCurrent()) this.#setStatus(status);
    });
    client.onNotification(nothingShownMethod, ({ uri, ...nothing }: NothingShownParams) => {
      if (isCurrent()) this.#options.outcomes.nothing(uri, nothing);
    });
    // Even without its model, the process keeps much of its memory, so it is stopped.
    client.onNotification(idleMethod, () => {
      this.#isAsleep ||= isCurrent();
      if (isCurrent()) void this.#client.drop(); // never rejects
    });
    client.onDidChangeState(({ newState }) => {
      if (!isCurrent()) return;
      if (newState === State.Running) this.#options.onRunning();
      if (newState === State.Stopped) this.#stopped();
    });
    return client;
  }

  /** Call when the server has stopped: no document is open in it any more, and no model is loaded. */
  #stopped(): void {
    this.documents.clear();
    if (!this.hasGivenUp) this.#setStatus({ kind: "noModel" });
  }

  #clientOptions(isCurrent: () => boolean): LanguageClientOptions {
    const { output, storagePath } = this.#options;
    return {
      documentSelector: [{ language: "*" }],
      initializationOptions: () => ({
        ...this.#configuration(),
        statusNotifications: true,
        nothingShownNotifications: true,
        storagePath,
      }),
      outputChannel: output,
      // Failed requests are only logged: a popup at every keystroke would get in the way.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      connectionOptions: { maxRestartCount: RestartLimiter.maxRestarts },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => (isCurrent() ? this.#closed() : { action: CloseAction.DoNotRestart, handled: true }),
      },
      middleware: {
        ...this.documents.middleware,
        // The server gets the settings after validation, not the raw configuration.
        workspace: { configuration: ({ items }) => items.map(() => this.#configuration()) },
        provideInlineCompletionItems: this.completions.provide,
      },
    };
  }

  #configuration(): Record<string, unknown> {
    return asConfiguration(this.#options.settings().server);
  }

  #closed(): { action: CloseAction; handled: boolean } {
    if (this.#restarts.allowed()) return { action: CloseAction.Restart, handled: true };
    this.hasGivenUp = true;
    this.#setStatus({ kind: "failed", reason: vscode.l10n.t("The completion server crashed several times in a row.") });
    this.#options.onGivenUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  #setStatus(status: ServerStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}
