import {
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  TextDocumentSyncKind,
  type Connection,
} from "vscode-languageserver";
import type { InitializeParams, InitializeResult } from "vscode-languageserver";
import {
  didFocusMethod,
  nothingShownMethod,
  settingsMethod,
  statisticsMethod,
  type DidFocusParams,
  type NothingShownParams,
} from "../shared/protocol.js";
import { notebookCellsMethod } from "../shared/notebookCells.js";
import { workspaceIndexMethod, type WorkspaceIndexParams } from "../shared/workspaceIndexState.js";
import { watchedGlob, watchedIgnoreGlob } from "../workspace/sourceFiles.js";
import { triggers } from "./completionList.js";
import { answerGhostText } from "./ghostTextRequests.js";
import type { ModelLoader } from "./modelHost.js";
import { answerRequests, type RequestContext } from "./requests.js";
import { ServerParts } from "./serverParts.js";
import { statisticsOf } from "./statisticsReport.js";

export interface ServeOptions {
  readonly load: ModelLoader;
  /** Version of this program. */
  readonly version: string;
}

/** Starts to serve LSP on a connection. */
export function serve(connection: Connection, options: ServeOptions): void {
  new Server(connection, options).listen();
}

/** Tells the parts of the server what the client sends. */
class Server {
  readonly #connection: Connection;
  readonly #version: string;
  readonly #parts: ServerParts;

  constructor(connection: Connection, { load, version }: ServeOptions) {
    this.#connection = connection;
    this.#version = version;
    this.#parts = new ServerParts(connection, load);
  }

  listen(): void {
    this.#followClient();
    this.#followDocuments();
    this.#answer();
    this.#parts.documents.listen(this.#connection);
    this.#connection.listen();
  }

  #followClient(): void {
    const connection = this.#connection;
    const parts = this.#parts;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(async () => {
      if (parts.session.client?.canWatchFiles === true) {
        const watchers = [{ globPattern: watchedGlob }, { globPattern: watchedIgnoreGlob }];
        // Without the registration, saved documents are still noticed.
        connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
      }
      await parts.configuration.initialized();
      this.#settingsArrived();
    });
    connection.onNotification(settingsMethod, (settings: unknown) => {
      parts.configuration.sent(settings);
    });
    connection.onDidChangeConfiguration(({ settings }) => parts.configuration.changed(settings));
    connection.onDidChangeWatchedFiles(({ changes }) => {
      parts.workspace.changed(changes.map(({ uri }) => uri));
    });
    connection.onNotification(didFocusMethod, ({ textDocument }: DidFocusParams) => {
      parts.focus(textDocument.uri);
    });
    connection.onNotification(notebookCellsMethod, parts.notebooks.set);
    connection.onShutdown(async () => {
      // If this fails, the next start builds a new index.
      await parts.workspace.close().catch(parts.logError);
      await parts.host.dispose();
    });
  }

  #initialize(params: InitializeParams): InitializeResult {
    const client = this.#parts.session.initialize(params);
    this.#parts.configuration.initialize(client, params.initializationOptions);
    if (!client.canBeAskedForSettings) this.#settingsArrived();
    // Replaces the library's own handler, which exists only if the client declares the capability.
    this.#connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
      this.#parts.session.foldersChanged(event);
      this.#parts.admitAll();
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
    this.#parts.session.settingsArrived();
    this.#parts.admitAll();
  }

  #followDocuments(): void {
    const { documents, host, admission, completions, running, notebooks, workspace } = this.#parts;
    documents.onDidOpen(({ document }) => {
      host.loaded?.engine.documents.close(document.uri); // if opened twice, the later text counts
      admission.admit(document);
    });
    documents.onDidChangeContent(({ document }) => {
      // Positions in the old text are no longer valid.
      completions.changed(document.uri);
      running.changed(document.uri);
      admission.admit(document);
      notebooks.changed(document.uri);
    });
    documents.onDidSave(({ document }) => {
      workspace.saved(document);
    });
    documents.onDidClose(({ document }) => {
      workspace.changed([document.uri]); // unsaved changes are discarded
      admission.closed(document.uri);
      notebooks.changed(document.uri);
    });
  }

  #answer(): void {
    const connection = this.#connection;
    const { host, statusReport, counter, workspace } = this.#parts;
    connection.onRequest(workspaceIndexMethod, (params: WorkspaceIndexParams) => workspace.answer(params));
    connection.onRequest(statisticsMethod, () =>
      statisticsOf({ status: statusReport.status, counter, loaded: host.loaded }),
    );
    const { documents, completions, running, priority, session, admission, notebooks } = this.#parts;
    const context: RequestContext = {
      host,
      documents,
      completions,
      running,
      priority,
      session,
      admission,
      notebooks,
      onNothing: this.#onNothing,
      status: () => statusReport.status,
    };
    answerGhostText(connection, context);
    answerRequests(connection, context);
  }

  readonly #onNothing: RequestContext["onNothing"] = (uri, nothing) => {
    this.#parts.counter.nothing(nothing.reason);
    if (this.#parts.session.client?.options.nothingShownNotifications !== true) return;
    const params: NothingShownParams = { uri, ...nothing };
    void this.#connection.sendNotification(nothingShownMethod, params); // fails only if the connection is lost
  };
}
