import {
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  type Connection,
} from "vscode-languageserver";
import { workspaceIndexMethod, type WorkspaceIndexParams } from "../shared/workspaceIndexState.js";
import type { InitializeParams, InitializeResult } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { CompletionCounter } from "../core/statistics.js";
import {
  didFocusMethod,
  idleMethod,
  nothingShownMethod,
  settingsMethod,
  statisticsMethod,
  type DidFocusParams,
  type ServerSettings,
} from "../shared/protocol.js";
import type { Blocker } from "../shared/eligibility.js";
import { errorMessage } from "../shared/errorMessage.js";
import type { NothingShown } from "../shared/nothingShown.js";
import { inertText } from "../shared/inertText.js";
import { clientOf, type Client } from "./client.js";
import { Configuration } from "./configuration.js";
import { blockerIn, ineligibilityIn, isExcludedIn } from "./documentGate.js";
import { openDocuments } from "./documents.js";
import { answerGhostText } from "./ghostTextRequests.js";
import { headerPath } from "../core/tokens/headerPath.js";
import { InlineCompletions } from "./inlineCompletion.js";
import { ModelHost, type ModelLoader } from "./modelHost.js";
import { ProcessPriority } from "./priority.js";
import { answerRequests, type RequestContext } from "./requests.js";
import { RunningRequests } from "./runningRequests.js";
import { statisticsOf } from "./statisticsReport.js";
import { StatusReport } from "./statusReport.js";
import { WorkspaceContext } from "./workspaceContext.js";
import { watchedGlob, watchedIgnoreGlob } from "../workspace/sourceFiles.js";

export interface ServeOptions {
  readonly load: ModelLoader;
  /** Version of this program. */
  readonly version: string;
}

/** Serves LSP on a connection. Returns once it is listening. */
export function serve(connection: Connection, { load, version }: ServeOptions): void {
  let client: Client | undefined;
  let folders: readonly string[] = [];
  let focused: string | undefined;
  let endWaiting: () => void = () => undefined;
  const configured = new Promise<void>((resolve) => (endWaiting = resolve));
  let isConfigured = false;
  const counter = new CompletionCounter();
  const onNothing = (nothing: NothingShown): void => {
    counter.nothing(nothing.reason);
    if (client?.options.nothingShownNotifications === true) {
      void connection.sendNotification(nothingShownMethod, nothing); // a lost connection ends the process
    }
  };
  const completions = new InlineCompletions(onNothing);
  const running = new RunningRequests();
  const priority = new ProcessPriority();
  const statusReport = new StatusReport(connection, () => client);

  const logError = (error: unknown): void => {
    connection.console.error(errorMessage(error));
  };
  const shownNotes = new Set<string>();
  /** Shows what could not be used of a model, each note once. */
  const showNotes = (notes: readonly string[]): void => {
    for (const note of notes.filter((one) => !shownNotes.has(one))) {
      shownNotes.add(note);
      // The library's `window.showWarningMessage` is a request that waits for the user.
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Warning,
        message: `RWKV Code: ${inertText(note)}`,
      });
    }
  };

  const documents = openDocuments(() => host.loaded?.engine.documents);
  const workspace = new WorkspaceContext({
    engine: () => (isConfigured ? host.loaded?.engine : undefined),
    settings: () => configuration.settings,
    folders: () => folders,
    isExcluded: (uri) => isExcludedIn(configuration, uri, folders),
    storage: () => client?.options.storagePath,
    onError: logError,
    onLeftOut: (message) => {
      connection.console.warn(inertText(`workspace index: ${message}`));
    },
  });
  const configuration = new Configuration({
    connection,
    onChange: (settings, old) => {
      if (isConfigured && needsReload(old, settings)) host.reload();
      for (const document of documents.all()) admit(document);
      workspace.update();
    },
  });
  const host = new ModelHost({
    settings: () => configuration.settings,
    counter,
    load,
    onStatus: (status) => {
      statusReport.report(status);
    },
    onError: logError,
    onLoaded: ({ engine, status }) => {
      connection.console.info(`${status.model}: ${status.engine}, runs of ${engine.model.chunkTokens} tokens`);
      showNotes(engine.model.notes);
      for (const document of documents.all()) admit(document);
      if (focused !== undefined) engine.documents.focus(focused);
      workspace.update();
    },
    onUnloading: () => {
      completions.cancelAll();
      running.cancelAll();
      void workspace.dispose(); // ends within one step
    },
    onIdle: () => {
      // A lost connection ends the process.
      if (client?.options.statusNotifications === true) void connection.sendNotification(idleMethod);
    },
    onReading: (uri, fraction) => {
      if (host.loaded === undefined) return;
      const isNeeded = uri === undefined || completions.isBusy || running.isBusy;
      priority.set(isNeeded ? "normal" : "background");
      if (uri === undefined) statusReport.report(host.loaded.status);
      else statusReport.report({ kind: "reading", uri, fraction: Math.floor(fraction * 20) / 20 });
    },
  });

  /** Documents of disabled languages in which the user asked for text. */
  const invokedIn = new Set<string>();
  const isEligible = (document: TextDocument): boolean =>
    ineligibilityIn(configuration, document, folders) === undefined;
  const blocker = (document: TextDocument): Blocker | undefined => blockerIn(configuration, document, folders);
  /** Opens a document in the model if the settings allow it, and closes it if they do not. */
  const admit = (document: TextDocument): void => {
    const { uri, languageId } = document;
    if (!isConfigured) return;
    const isWanted = isEligible(document) || (invokedIn.has(uri) && blocker(document) === undefined);
    if (isWanted || client?.awaitsModel === true) host.touch();
    const open = host.loaded?.engine.documents;
    if (open === undefined) return;
    const isOpen = open.isOpen(uri);
    if (isOpen && !isWanted) open.close(uri);
    if (!isOpen && isWanted) {
      open.open({ uri, headerPath: headerPath(uri, languageId, folders) }, document.getText());
    }
  };
  /** The user asked for text in a document, whose language may be disabled. @returns why that is blocked. */
  const admitAsked = (document: TextDocument): Blocker | undefined => {
    const reason = blocker(document);
    if (reason === undefined && !isEligible(document)) {
      invokedIn.add(document.uri);
      admit(document);
    }
    return reason;
  };
  const readyToAnswer = (): void => {
    isConfigured = true;
    endWaiting();
    for (const document of documents.all()) admit(document);
    workspace.update();
  };

  documents.onDidOpen(({ document }) => {
    host.loaded?.engine.documents.close(document.uri); // opened twice: the later one wins
    admit(document);
  });
  documents.onDidChangeContent(({ document }) => {
    // Positions in the old text are no longer valid.
    completions.changed(document.uri);
    running.changed(document.uri);
    admit(document);
  });
  documents.onDidClose(({ document }) => {
    invokedIn.delete(document.uri);
    workspace.changed([document.uri]); // unsaved changes are discarded
    host.loaded?.engine.documents.close(document.uri);
  });

  documents.onDidSave(({ document }) => {
    workspace.saved(document);
  });

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    client = clientOf(params);
    folders = client.folders;
    configuration.initialize(client, params.initializationOptions);
    if (!client.canBeAskedForSettings) readyToAnswer();
    // Registered here, after the library's own handler, so that it works whatever the client's capabilities are.
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
      for (const document of documents.all()) admit(document);
      workspace.update();
    });
    return {
      serverInfo: { name: "rwkv-code", version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        inlineCompletionProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(client.options.completionProvider ? { completionProvider: { triggerCharacters: triggers } } : {}),
      },
    };
  });
  connection.onNotification(settingsMethod, (settings: unknown) => {
    configuration.sent(settings);
  });
  connection.onInitialized(async () => {
    if (client?.canWatchFiles === true) {
      const watchers = [{ globPattern: watchedGlob }, { globPattern: watchedIgnoreGlob }];
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined); // without the registration, saved documents are still noticed
    }
    await configuration.initialized();
    readyToAnswer();
  });
  connection.onDidChangeConfiguration(({ settings }) => configuration.changed(settings));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    workspace.changed(changes.map(({ uri }) => uri));
  });
  connection.onRequest(workspaceIndexMethod, (params: WorkspaceIndexParams) => workspace.answer(params));
  connection.onNotification(didFocusMethod, ({ textDocument }: DidFocusParams) => {
    const left = focused === textDocument.uri ? undefined : documents.get(focused ?? "");
    if (left !== undefined && host.loaded?.engine.documents.isOpen(left.uri) === true) {
      workspace.left(left);
    }
    focused = textDocument.uri;
    host.touch();
    host.loaded?.engine.documents.focus(focused);
  });
  connection.onRequest(statisticsMethod, () =>
    statisticsOf({ status: statusReport.status, counter, loaded: host.loaded }),
  );
  const context: RequestContext = {
    host,
    documents,
    completions,
    running,
    priority,
    configured,
    whyNotAutomatic: (document) =>
      configuration.settings.automatic ? ineligibilityIn(configuration, document, folders) : "automaticOff",
    onNothing,
    admitAsked,
    isExcluded: (uri) => isExcludedIn(configuration, uri, folders),
    client: () => client,
    folders: () => folders,
    status: () => statusReport.status,
  };
  answerGhostText(connection, context);
  answerRequests(connection, context);
  connection.onShutdown(async () => {
    // Without the stored index, the next start builds a new one.
    await workspace.close().catch(logError);
    await host.dispose();
  });

  documents.listen(connection);
  connection.listen();
}

/** The characters after which an editor requests a completion list again. */
const triggers = Array.from(" .,:;=([{<\"'`/");

function needsReload(a: ServerSettings, b: ServerSettings): boolean {
  const fixed = ["modelPath", "threads", "engine", "checkpointMemoryMB"] as const;
  return fixed.some((name) => a[name] !== b[name]);
}
