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
  didFocusMethod,
  idleMethod,
  nothingShownMethod,
  statusMethod,
  type NothingShownParams,
  type ServerStatus,
} from "../shared/protocol.js";
import { asConfiguration } from "../shared/configuration.js";
import type { CompletionClientOptions } from "./completionClientOptions.js";
import { CurrentClient } from "./currentClient.js";
import { CompletionGate } from "./completionGate.js";
import { RestartLimiter } from "./restartLimiter.js";
import { ServerRequests } from "./serverRequests.js";
import { SyncedDocuments } from "./syncedDocuments.js";
import { errorMessage } from "../shared/errorMessage.js";

/**
 * The server process and the connection to it. Both start when a document first needs them, and again after a crash.
 */
export class CompletionClient extends ServerRequests implements vscode.Disposable {
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
    super();
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

  protected get running(): LanguageClient | undefined {
    return this.#client.running;
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
