import type { Connection } from "vscode-languageserver";
import { CompletionCounter } from "../core/statistics.js";
import { errorMessage } from "../shared/errorMessage.js";
import { inertText } from "../shared/inertText.js";
import { idleMethod } from "../shared/protocol.js";
import { Admission } from "./admission.js";
import { ClientSession } from "./clientSession.js";
import { Configuration } from "./configuration.js";
import { openDocuments } from "./documents.js";
import { needsReload } from "./engineSettings.js";
import { LatestRequests } from "./latestRequests.js";
import { ModelHost, type LoadedModel, type ModelLoader } from "./modelHost.js";
import { NotebookCells } from "./notebookCells.js";
import { ProcessPriority } from "./priority.js";
import { RunningRequests } from "./runningRequests.js";
import { stateArchiveOf } from "./stateArchive.js";
import { StatusReport } from "./statusReport.js";
import { WorkspaceContext } from "./workspaceContext.js";

/** The parts of the server. Connects them, and notifies them when the settings or the model changes. */
export class ServerParts {
  readonly #connection: Connection;
  readonly session = new ClientSession();
  readonly counter = new CompletionCounter();
  readonly completions = new LatestRequests();
  readonly running = new RunningRequests();
  readonly priority = new ProcessPriority();
  readonly documents = openDocuments(() => this.host.loaded?.engine.documents);
  readonly notebooks = new NotebookCells({
    documents: this.documents,
    open: () => this.host.loaded?.engine.documents,
    focused: () => this.#focused,
    isBlocked: (document) => this.admission.isBlocked(document),
  });
  readonly statusReport: StatusReport;
  readonly configuration: Configuration;
  readonly host: ModelHost;
  readonly admission: Admission;
  readonly workspace: WorkspaceContext;
  /** URI of the document that the user is working in. */
  #focused: string | undefined;

  constructor(connection: Connection, load: ModelLoader) {
    this.#connection = connection;
    this.statusReport = new StatusReport(connection, () => this.session.client);
    this.configuration = new Configuration({
      connection,
      onChange: (settings, old) => {
        if (this.session.isConfigured && needsReload(old, settings)) this.host.reload();
        this.admitAll();
      },
    });
    this.host = this.#modelHost(load);
    this.admission = new Admission({
      session: this.session,
      configuration: () => this.configuration,
      open: () => this.host.loaded?.engine.documents,
      onOpened: this.notebooks.opened,
      onWanted: () => {
        this.host.touch();
      },
    });
    this.workspace = new WorkspaceContext({
      engine: () => (this.session.isConfigured ? this.host.loaded?.engine : undefined),
      settings: () => this.configuration.settings,
      folders: () => this.session.folders,
      isExcluded: (uri) => this.admission.isExcluded(uri),
      storage: () => this.session.client?.options.storagePath,
      onError: this.logError,
      onLeftOut: (message) => {
        connection.console.warn(inertText(`workspace index: ${message}`));
      },
    });
  }

  /** Call after the settings or the workspace folders have changed. Opens or closes each document accordingly. */
  admitAll(): void {
    for (const document of this.documents.all()) this.admission.admit(document);
    this.notebooks.blockersChanged();
    this.host.loaded?.engine.documents.resumeReading();
    this.workspace.update();
  }

  /** Call when the user begins to work in a document. */
  focus(uri: string): void {
    const left = this.#focused === uri ? undefined : this.documents.get(this.#focused ?? "");
    if (left !== undefined && this.host.loaded?.engine.documents.isOpen(left.uri) === true) {
      this.workspace.left(left);
    }
    this.#focused = uri;
    this.host.touch();
    this.notebooks.used(uri);
    this.host.loaded?.engine.documents.focus(uri);
  }

  readonly logError = (error: unknown): void => {
    this.#connection.console.error(errorMessage(error));
  };

  #modelHost(load: ModelLoader): ModelHost {
    return new ModelHost({
      settings: () => this.configuration.settings,
      counter: this.counter,
      load,
      archiveOf: (model) =>
        stateArchiveOf(model, {
          storage: () => this.session.client?.options.storagePath,
          settings: () => this.configuration.settings,
          isExcluded: (uri) => this.admission.isExcluded(uri),
          onError: this.logError,
        }),
      onStatus: (status) => {
        this.statusReport.report(status);
      },
      onError: this.logError,
      onLoaded: (loaded) => {
        this.#loaded(loaded);
      },
      onUnloading: () => {
        this.completions.cancelAll();
        this.running.cancelAll();
        void this.workspace.dispose(); // not awaited: indexing stops at its next step
      },
      isBusy: () => this.#isBusy(),
      onIdle: () => {
        const isWanted = this.session.client?.options.statusNotifications === true;
        if (isWanted) void this.#connection.sendNotification(idleMethod); // fails only if the connection is lost
      },
      onReading: (uri, fraction) => {
        this.#reading(uri, fraction);
      },
    });
  }

  #loaded({ engine, status }: LoadedModel): void {
    this.#connection.console.info(`${status.model}: ${status.engine}, runs of ${engine.model.chunkTokens} tokens`);
    this.statusReport.showNotes(engine.model.notes);
    for (const document of this.documents.all()) this.admission.admit(document);
    if (this.#focused !== undefined) engine.documents.focus(this.#focused);
    this.workspace.update();
  }

  #reading(uri: string | undefined, fraction: number): void {
    if (this.host.loaded === undefined) return;
    this.priority.set(uri === undefined || this.#isBusy() ? "normal" : "background");
    if (uri === undefined) this.statusReport.report(this.host.loaded.status);
    else this.statusReport.report({ kind: "reading", uri, fraction: Math.floor(fraction * 20) / 20 });
  }

  #isBusy(): boolean {
    return this.completions.isBusy || this.running.isBusy;
  }
}
