import {
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  TextDocumentSyncKind,
  type Connection,
} from "vscode-languageserver";
import type { InitializeParams, InitializeResult } from "vscode-languageserver";
import { CompletionCounter } from "../core/statistics.js";
import { errorMessage } from "../shared/errorMessage.js";
import { inertText } from "../shared/inertText.js";
import {
  didFocusMethod,
  idleMethod,
  nothingShownMethod,
  settingsMethod,
  statisticsMethod,
  type DidFocusParams,
  type NothingShownParams,
} from "../shared/protocol.js";
import { notebookCellsMethod } from "../shared/notebookCells.js";
import { workspaceIndexMethod, type WorkspaceIndexParams } from "../shared/workspaceIndexState.js";
import { watchedGlob, watchedIgnoreGlob } from "../workspace/sourceFiles.js";
import { Admission } from "./admission.js";
import { ClientSession } from "./clientSession.js";
import { triggers } from "./completionList.js";
import { Configuration } from "./configuration.js";
import { openDocuments } from "./documents.js";
import { needsReload } from "./engineSettings.js";
import { answerGhostText } from "./ghostTextRequests.js";
import { LatestRequests } from "./latestRequests.js";
import { ModelHost, type LoadedModel, type ModelLoader } from "./modelHost.js";
import { NotebookCells } from "./notebookCells.js";
import { ProcessPriority } from "./priority.js";
import { answerRequests, type RequestContext } from "./requests.js";
import { RunningRequests } from "./runningRequests.js";
import { statisticsOf } from "./statisticsReport.js";
import { stateArchiveOf } from "./stateArchive.js";
import { StatusReport } from "./statusReport.js";
import { WorkspaceContext } from "./workspaceContext.js";

export interface ServeOptions {
  readonly load: ModelLoader;
  /** Version of this program. */
  readonly version: string;
}

/** Starts to serve LSP on a connection. */
export function serve(connection: Connection, options: ServeOptions): void {
  new Server(connection, options).listen();
}

/** Connects the parts of the server. Notifies them when a document, the client, the settings or the model changes. */
class Server {
  readonly #connection: Connection;
  readonly #version: string;
  readonly #session = new ClientSession();
  readonly #counter = new CompletionCounter();
  readonly #completions = new LatestRequests();
  readonly #running = new RunningRequests();
  readonly #priority = new ProcessPriority();
  readonly #documents = openDocuments(() => this.#host.loaded?.engine.documents);
  readonly #notebooks = new NotebookCells({
    documents: this.#documents,
    open: () => this.#host.loaded?.engine.documents,
    focused: () => this.#focused,
    isBlocked: (document) => this.#admission.isBlocked(document),
  });
  readonly #statusReport: StatusReport;
  readonly #configuration: Configuration;
  readonly #host: ModelHost;
  readonly #admission: Admission;
  readonly #workspace: WorkspaceContext;
  /** URI of the document that the user is working in. */
  #focused: string | undefined;

  constructor(connection: Connection, { load, version }: ServeOptions) {
    this.#connection = connection;
    this.#version = version;
    this.#statusReport = new StatusReport(connection, () => this.#session.client);
    this.#configuration = new Configuration({
      connection,
      onChange: (settings, old) => {
        if (this.#session.isConfigured && needsReload(old, settings)) this.#host.reload();
        this.#admitAll();
      },
    });
    this.#host = this.#modelHost(load);
    this.#admission = new Admission({
      session: this.#session,
      configuration: () => this.#configuration,
      open: () => this.#host.loaded?.engine.documents,
      onOpened: this.#notebooks.opened,
      onWanted: () => {
        this.#host.touch();
      },
    });
    this.#workspace = new WorkspaceContext({
      engine: () => (this.#session.isConfigured ? this.#host.loaded?.engine : undefined),
      settings: () => this.#configuration.settings,
      folders: () => this.#session.folders,
      isExcluded: (uri) => this.#admission.isExcluded(uri),
      storage: () => this.#session.client?.options.storagePath,
      onError: this.#logError,
      onLeftOut: (message) => {
        connection.console.warn(inertText(`workspace index: ${message}`));
      },
    });
  }

  listen(): void {
    this.#followClient();
    this.#followDocuments();
    this.#answer();
    this.#documents.listen(this.#connection);
    this.#connection.listen();
  }

  #modelHost(load: ModelLoader): ModelHost {
    return new ModelHost({
      settings: () => this.#configuration.settings,
      counter: this.#counter,
      load,
      archiveOf: (model) =>
        stateArchiveOf(model, {
          storage: () => this.#session.client?.options.storagePath,
          settings: () => this.#configuration.settings,
          isExcluded: (uri) => this.#admission.isExcluded(uri),
          onError: this.#logError,
        }),
      onStatus: (status) => {
        this.#statusReport.report(status);
      },
      onError: this.#logError,
      onLoaded: (loaded) => {
        this.#loaded(loaded);
      },
      onUnloading: () => {
        this.#completions.cancelAll();
        this.#running.cancelAll();
        void this.#workspace.dispose(); // not awaited: indexing stops at its next step
      },
      isBusy: () => this.#isBusy(),
      onIdle: () => {
        const isWanted = this.#session.client?.options.statusNotifications === true;
        if (isWanted) void this.#connection.sendNotification(idleMethod); // fails only if the connection is lost
      },
      onReading: (uri, fraction) => {
        this.#reading(uri, fraction);
      },
    });
  }

  #loaded({ engine, status }: LoadedModel): void {
    this.#connection.console.info(`${status.model}: ${status.engine}, runs of ${engine.model.chunkTokens} tokens`);
    this.#statusReport.showNotes(engine.model.notes);
    for (const document of this.#documents.all()) this.#admission.admit(document);
    if (this.#focused !== undefined) engine.documents.focus(this.#focused);
    this.#workspace.update();
  }

  #reading(uri: string | undefined, fraction: number): void {
    if (this.#host.loaded === undefined) return;
    this.#priority.set(uri === undefined || this.#isBusy() ? "normal" : "background");
    if (uri === undefined) this.#statusReport.report(this.#host.loaded.status);
    else this.#statusReport.report({ kind: "reading", uri, fraction: Math.floor(fraction * 20) / 20 });
  }

  #isBusy(): boolean {
    return this.#completions.isBusy || this.#running.isBusy;
  }

  /** Call after the settings or the workspace folders have changed. Opens or closes each document accordingly. */
  #admitAll(): void {
    for (const document of this.#documents.all()) this.#admission.admit(document);
    this.#notebooks.blockersChanged();
    this.#host.loaded?.engine.documents.resumeReading();
    this.#workspace.update();
  }

  #followClient(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(async () => {
      if (this.#session.client?.canWatchFiles === true) {
        const watchers = [{ globPattern: watchedGlob }, { globPattern: watchedIgnoreGlob }];
        connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined); // without the registration, saved documents are still noticed
      }
      await this.#configuration.initialized();
      this.#settingsArrived();
    });
    connection.onNotification(settingsMethod, (settings: unknown) => {
      this.#configuration.sent(settings);
    });
    connection.onDidChangeConfiguration(({ settings }) => this.#configuration.changed(settings));
    connection.onDidChangeWatchedFiles(({ changes }) => {
      this.#workspace.changed(changes.map(({ uri }) => uri));
    });
    connection.onNotification(didFocusMethod, ({ textDocument }: DidFocusParams) => {
      this.#focus(textDocument.uri);
    });
    connection.onNotification(notebookCellsMethod, this.#notebooks.set);
    connection.onShutdown(async () => {
      // If this fails, the next start builds a new index.
      await this.#workspace.close().catch(this.#logError);
      await this.#host.dispose();
    });
  }

  #initialize(params: InitializeParams): InitializeResult {
    const client = this.#session.initialize(params);
    this.#configuration.initialize(client, params.initializationOptions);
    if (!client.canBeAskedForSettings) this.#settingsArrived();
    // Replaces the library's own handler, which exists only if the client declares the capability.
    this.#connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
      this.#session.foldersChanged(event);
      this.#admitAll();
    });
    return {
      serverInfo: { name: "rwkv-code", version: this.#version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        inlineCompletionProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(client.options.completionProvider ? { completionProvider: { triggerCharacters: triggers } } : {}),
      },
    };
  }

  #settingsArrived(): void {
    this.#session.settingsArrived();
    this.#admitAll();
  }

  #focus(uri: string): void {
    const left = this.#focused === uri ? undefined : this.#documents.get(this.#focused ?? "");
    if (left !== undefined && this.#host.loaded?.engine.documents.isOpen(left.uri) === true) {
      this.#workspace.left(left);
    }
    this.#focused = uri;
    this.#host.touch();
    this.#notebooks.used(uri);
    this.#host.loaded?.engine.documents.focus(uri);
  }

  #followDocuments(): void {
    this.#documents.onDidOpen(({ document }) => {
      this.#host.loaded?.engine.documents.close(document.uri); // if opened twice, the later text counts
      this.#admission.admit(document);
    });
    this.#documents.onDidChangeContent(({ document }) => {
      // Positions in the old text are no longer valid.
      this.#completions.changed(document.uri);
      this.#running.changed(document.uri);
      this.#admission.admit(document);
      this.#notebooks.changed(document.uri);
    });
    this.#documents.onDidSave(({ document }) => {
      this.#workspace.saved(document);
    });
    this.#documents.onDidClose(({ document }) => {
      this.#workspace.changed([document.uri]); // unsaved changes are discarded
      this.#admission.closed(document.uri);
      this.#notebooks.changed(document.uri);
    });
  }

  #answer(): void {
    const connection = this.#connection;
    connection.onRequest(workspaceIndexMethod, (params: WorkspaceIndexParams) => this.#workspace.answer(params));
    connection.onRequest(statisticsMethod, () =>
      statisticsOf({ status: this.#statusReport.status, counter: this.#counter, loaded: this.#host.loaded }),
    );
    const context: RequestContext = {
      host: this.#host,
      documents: this.#documents,
      completions: this.#completions,
      running: this.#running,
      priority: this.#priority,
      session: this.#session,
      admission: this.#admission,
      notebooks: this.#notebooks,
      onNothing: this.#onNothing,
      status: () => this.#statusReport.status,
    };
    answerGhostText(connection, context);
    answerRequests(connection, context);
  }

  readonly #onNothing: RequestContext["onNothing"] = (uri, nothing) => {
    this.#counter.nothing(nothing.reason);
    if (this.#session.client?.options.nothingShownNotifications !== true) return;
    const params: NothingShownParams = { uri, ...nothing };
    void this.#connection.sendNotification(nothingShownMethod, params); // fails only if the connection is lost
  };

  readonly #logError = (error: unknown): void => {
    this.#connection.console.error(errorMessage(error));
  };
}
