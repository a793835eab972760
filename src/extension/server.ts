import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  State,
  TransportKind,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import {
  didFocusMethod,
  settingsMethod,
  statisticsMethod,
  statusMethod,
  type ServerStatistics,
  type ServerStatus,
} from "../protocol.js";
import { Restarts } from "./restarts.js";
import type { Settings } from "./settings.js";
import { SyncedDocuments } from "./syncedDocuments.js";

export interface ServerOptions {
  readonly module: string;
  readonly settings: () => Settings;
  readonly output: vscode.LogOutputChannel;
  readonly onStatus: (status: ServerStatus) => void;
  /** The server died too often and stays down. */
  readonly onGivenUp: () => void;
}

/** The child process and the connection to it: started when a document first needs it, and again when it dies. */
export class Server implements vscode.Disposable {
  readonly documents: SyncedDocuments;
  readonly #options: ServerOptions;
  readonly #client: LanguageClient;
  readonly #restarts = new Restarts();
  #status: ServerStatus = { kind: "noModel" };

  constructor(options: ServerOptions) {
    this.#options = options;
    this.documents = new SyncedDocuments(options.settings);
    const run = { module: options.module, transport: TransportKind.ipc };
    this.#client = new LanguageClient("rwkvCode", "RWKV Code", { run, debug: run }, this.#clientOptions());
    this.#client.onNotification(statusMethod, (status: ServerStatus) => {
      this.#setStatus(status);
    });
    this.#client.onDidChangeState(({ newState }) => {
      if (newState !== State.Stopped) return;
      this.documents.clear();
      this.#setStatus({ kind: "noModel" });
    });
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Starts the child where it is not running yet. */
  async start(): Promise<void> {
    if (this.#client.state !== State.Stopped) return;
    this.#restarts.forget();
    try {
      await this.#client.start();
    } catch (error) {
      this.#setStatus({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  async restart(): Promise<void> {
    if (this.#client.isRunning()) await this.#client.stop();
    await this.start();
  }

  async focused(document: vscode.TextDocument): Promise<void> {
    if (!this.#client.isRunning() || !this.documents.has(document)) return;
    await this.#client.sendNotification(didFocusMethod, { textDocument: { uri: document.uri.toString() } });
  }

  /** Hands new settings on, and the documents that they let in or keep out. */
  async settingsChanged(): Promise<void> {
    if (!this.#client.isRunning()) return;
    await this.#client.sendNotification(settingsMethod, this.#options.settings().server);
    await this.documents.reconcile(this.#client);
  }

  /** Counts and bytes; undefined where no server runs. */
  async statistics(): Promise<ServerStatistics | undefined> {
    return this.#client.isRunning() ? this.#client.sendRequest<ServerStatistics>(statisticsMethod) : undefined;
  }

  async dispose(): Promise<void> {
    await this.#client.dispose();
  }

  #clientOptions(): LanguageClientOptions {
    const { settings, output } = this.#options;
    return {
      documentSelector: [{ language: "*" }],
      initializationOptions: () => settings().server,
      outputChannel: output,
      connectionOptions: { maxRestartCount: Restarts.most },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#closed(),
      },
      middleware: {
        ...this.documents.middleware,
        // VS Code's own popup waits for the answer: while there is nothing to ask, it is empty at once.
        provideInlineCompletionItems: (...[document, position, context, token, next]) =>
          this.#canComplete(document) ? next(document, position, context, token) : [],
      },
    };
  }

  #canComplete(document: vscode.TextDocument): boolean {
    if (this.#status.kind !== "ready" && this.#status.kind !== "reading") return false;
    return this.documents.has(document) && this.documents.ineligibility(document) === undefined;
  }

  #closed(): { action: CloseAction; handled: boolean } {
    if (this.#restarts.allowed()) return { action: CloseAction.Restart, handled: true };
    this.#setStatus({ kind: "failed", reason: vscode.l10n.t("The completion server ended several times in a row.") });
    this.#options.onGivenUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  #setStatus(status: ServerStatus): void {
    // That the server gave up is the last word until it is started again.
    if (this.#status.kind === "failed" && status.kind === "noModel" && this.#client.state === State.Stopped) return;
    this.#status = status;
    this.#options.onStatus(status);
  }
}
