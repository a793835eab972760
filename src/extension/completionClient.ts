import * as vscode from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import {
  alternativesMethod,
  chatMethod,
  countTokensMethod,
  didFocusMethod,
  generateMethod,
  idleMethod,
  insertionMethod,
  modelMethod,
  statisticsMethod,
  statusMethod,
  type Alternative,
  type AlternativesParams,
  type ChatParams,
  type ChatDelta,
  type ChatResult,
  type GenerateParams,
  type GenerateDelta,
  type InsertionParams,
  type InsertionResult,
  type ReadyModel,
  type ServerStatistics,
  type ServerStatus,
} from "../shared/protocol.js";
import { asConfiguration } from "../shared/configuration.js";
import { CurrentClient } from "./currentClient.js";
import { CompletionGate, type CompletionGateOptions } from "./completionGate.js";
import { longRequest, streamed } from "./longRequests.js";
import { RestartLimiter } from "./restartLimiter.js";
import type { Settings } from "./settings.js";
import { SyncedDocuments } from "./syncedDocuments.js";
import { errorMessage } from "../shared/errorMessage.js";

export interface CompletionClientOptions {
  readonly module: string;
  readonly settings: () => Settings;
  readonly output: vscode.LogOutputChannel;
  readonly onCompletion: CompletionGateOptions["answered"];
  readonly onStatus: (status: ServerStatus) => void;
  /** The server runs, for the first time or again. */
  readonly onRunning: () => void;
  /** The server died too often and stays down. */
  readonly onGivenUp: () => void;
}

export type CodeForRange = Omit<InsertionParams, "textDocument">;

export interface GenerateOptions extends Pick<GenerateParams, "maxLines" | "indentUnit"> {
  readonly position: vscode.Position;
}

/** The child process and the connection to it: started when a document first needs it, and again when it dies. */
export class CompletionClient implements vscode.Disposable {
  readonly documents: SyncedDocuments;
  readonly completions: CompletionGate;
  readonly #options: CompletionClientOptions;
  readonly #restarts = new RestartLimiter();
  readonly #client: CurrentClient<LanguageClient>;
  readonly #edits: vscode.Disposable;
  #hasGivenUp = false;
  /** The child was ended because nobody used it: the next edit starts it, as each command does. */
  #isAsleep = false;
  #status: ServerStatus = { kind: "noModel" };

  constructor(options: CompletionClientOptions) {
    this.#options = options;
    this.documents = new SyncedDocuments(options.settings, () => this.#client.running);
    this.completions = new CompletionGate({
      documents: this.documents,
      settings: options.settings,
      isReady: () => this.#status.kind === "ready" || this.#status.kind === "reading",
      answered: options.onCompletion,
    });
    this.#client = new CurrentClient({
      make: (isCurrent) => this.#newClient(isCurrent),
      onGone: () => {
        this.#stopped();
      },
      onLateStop: (error) => {
        options.output.warn(errorMessage(error));
      },
    });
    this.#edits = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      // None runs yet if no document was completed: one may have been too large until now.
      if (!this.#isAsleep && this.#status.kind !== "noModel") return;
      if (this.#client.running !== undefined || this.documents.ineligibility(document) !== undefined) return;
      void this.start().catch(() => undefined); // the status says why
    });
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Starts the child where it does not run yet; after too many deaths only `restart` does. */
  async start(): Promise<void> {
    if (this.#hasGivenUp) return;
    this.#isAsleep = false;
    try {
      await this.#client.start();
    } catch (error) {
      this.#setStatus({ kind: "failed", reason: errorMessage(error) });
      throw error;
    }
  }

  /** The same for a document in which the user asks for text. */
  async startFor(document: vscode.TextDocument): Promise<void> {
    await this.start();
    await this.documents.openAsked(document);
  }

  async restart(): Promise<void> {
    this.#restarts.forget();
    this.#hasGivenUp = false;
    await this.#client.drop();
    await this.start();
  }

  /** Says which document is looked at. */
  async sendFocus(document: vscode.TextDocument): Promise<void> {
    if (!this.documents.has(document)) return;
    await this.#client.running?.sendNotification(didFocusMethod, { textDocument: { uri: document.uri.toString() } });
  }

  /** Hands new settings on, and the documents that they let in or keep out. */
  async settingsChanged(): Promise<void> {
    const client = this.#client.running;
    if (client === undefined) return;
    await client.sendNotification(DidChangeConfigurationNotification.type, { settings: this.#configuration() });
    await this.documents.reconcile();
  }

  /** Counts and bytes; undefined where no server runs. */
  async statistics(): Promise<ServerStatistics | undefined> {
    return this.#client.running?.sendRequest<ServerStatistics>(statisticsMethod);
  }

  /**
   * Has text written at a place of a document; it comes piece by piece.
   * @throws where no model could be loaded. Being cancelled is no error.
   */
  async generate(
    document: vscode.TextDocument,
    { position, maxLines, indentUnit }: GenerateOptions,
    onDelta: (delta: GenerateDelta) => void,
    cancellation: vscode.CancellationToken,
  ): Promise<void> {
    const params: Omit<GenerateParams, "partialResultToken"> = {
      textDocument: { uri: document.uri.toString() },
      position: { line: position.line, character: position.character },
      maxLines,
      indentUnit,
    };
    await streamed(this.#client.running, { method: generateMethod, params }, { onDelta, cancellation });
  }

  /**
   * Texts that may go on at a place, the likeliest first.
   * @returns undefined where it was cancelled. @throws where no model could be loaded.
   */
  async alternatives(
    document: vscode.TextDocument,
    { line, character }: vscode.Position,
    cancellation: vscode.CancellationToken,
  ): Promise<readonly Alternative[] | undefined> {
    const params: AlternativesParams = {
      textDocument: { uri: document.uri.toString() },
      position: { line, character },
    };
    return longRequest<readonly Alternative[]>(
      this.#client.running,
      { method: alternativesMethod, params },
      cancellation,
    );
  }

  /** The form in which code is put into a document in place of a range; undefined if no model has the document. */
  async insertion(document: vscode.TextDocument, code: CodeForRange): Promise<InsertionResult | undefined> {
    if (!this.documents.has(document)) return undefined;
    const params: InsertionParams = { textDocument: { uri: document.uri.toString() }, ...code };
    return (await this.#client.running?.sendRequest<InsertionResult | null>(insertionMethod, params)) ?? undefined;
  }

  /**
   * Has the last of some turns answered; the answer comes piece by piece.
   * @returns undefined where it was cancelled. @throws where no model could be loaded.
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

  /** The model, loaded first where it is not in memory. @throws where it could not be, or no server runs. */
  async model(): Promise<ReadyModel> {
    if (this.#client.running === undefined) throw new Error(vscode.l10n.t("The server is not running."));
    return this.#client.running.sendRequest<ReadyModel>(modelMethod);
  }

  /** Tokens of each text; zeros where no model is in memory. */
  async countTokens(texts: readonly string[]): Promise<readonly number[]> {
    return (await this.#client.running?.sendRequest<number[]>(countTokensMethod, { texts })) ?? texts.map(() => 0);
  }

  async dispose(): Promise<void> {
    this.#edits.dispose();
    await this.#client.drop();
  }

  #newClient(isCurrent: () => boolean): LanguageClient {
    const run = { module: this.#options.module, transport: TransportKind.ipc };
    const client = new LanguageClient("rwkvCode", "RWKV Code", { run, debug: run }, this.#clientOptions(isCurrent));
    client.onNotification(statusMethod, (status: ServerStatus) => {
      if (isCurrent()) this.#setStatus(status);
    });
    // Without its model a process still takes half of the memory that it took with it.
    client.onNotification(idleMethod, () => {
      this.#isAsleep ||= isCurrent();
      if (isCurrent()) void this.#client.drop(); // reports its own errors
    });
    client.onDidChangeState(({ newState }) => {
      if (!isCurrent()) return;
      if (newState === State.Running) this.#options.onRunning();
      if (newState === State.Stopped) this.#stopped();
    });
    return client;
  }

  /** No server runs: it has no documents, and no model. */
  #stopped(): void {
    this.documents.clear();
    if (!this.#hasGivenUp) this.#setStatus({ kind: "noModel" });
  }

  #clientOptions(isCurrent: () => boolean): LanguageClientOptions {
    const { output } = this.#options;
    return {
      documentSelector: [{ language: "*" }],
      initializationOptions: () => ({ ...this.#configuration(), statusNotifications: true }),
      outputChannel: output,
      // A request that fails is in the log; a message at every key would be in the way.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      connectionOptions: { maxRestartCount: RestartLimiter.maxRestarts },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => (isCurrent() ? this.#closed() : { action: CloseAction.DoNotRestart, handled: true }),
      },
      middleware: {
        ...this.documents.middleware,
        // What the server asks for is what it was told: read, checked and within bounds.
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
    this.#hasGivenUp = true;
    this.#setStatus({ kind: "failed", reason: vscode.l10n.t("The completion server ended several times in a row.") });
    this.#options.onGivenUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  #setStatus(status: ServerStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}
