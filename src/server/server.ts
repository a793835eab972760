import {
  DidChangeWorkspaceFoldersNotification,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  type Connection,
} from "vscode-languageserver";
import type { InitializeParams, InitializeResult } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { CompletionCounter } from "../core/statistics.js";
import {
  didFocusMethod,
  idleMethod,
  settingsMethod,
  statisticsMethod,
  type DidFocusParams,
  type ServerSettings,
} from "../shared/protocol.js";
import type { Hindrance } from "../shared/eligibility.js";
import { errorMessage } from "../shared/errorMessage.js";
import { inertText } from "../shared/inertText.js";
import { clientOf, type Client } from "./client.js";
import { Configuration } from "./configuration.js";
import { hindranceIn, ineligibilityIn, isExcludedIn } from "./documentGate.js";
import { openDocuments } from "./documents.js";
import { headerPath } from "../core/tokens/headerPath.js";
import { InlineCompletions } from "./inlineCompletion.js";
import { ModelHost, type ModelLoader } from "./modelHost.js";
import { ProcessPriority } from "./priority.js";
import { answerRequests } from "./requests.js";
import { RunningRequests } from "./runningRequests.js";
import { statisticsOf } from "./statisticsReport.js";
import { StatusReport } from "./statusReport.js";

export interface ServeOptions {
  readonly load: ModelLoader;
  /** Of this program. */
  readonly version: string;
}

/** Serves LSP on a connection; returns when the connection listens. */
export function serve(connection: Connection, { load, version }: ServeOptions): void {
  let client: Client | undefined;
  let folders: readonly string[] = [];
  let focused: string | undefined;
  let endWaiting: () => void = () => undefined;
  const configured = new Promise<void>((resolve) => (endWaiting = resolve));
  let isConfigured = false;
  const counter = new CompletionCounter();
  const completions = new InlineCompletions(counter);
  const running = new RunningRequests();
  const priority = new ProcessPriority();
  const statusReport = new StatusReport(connection, () => client);

  const logError = (error: unknown): void => {
    connection.console.error(errorMessage(error));
  };
  const shownNotes = new Set<string>();
  /** Says what of a model could not be used, each thing once. */
  const sayNotes = (notes: readonly string[]): void => {
    for (const note of notes.filter((one) => !shownNotes.has(one))) {
      shownNotes.add(note);
      // The library's `window.showWarningMessage` is a request, which waits for the user.
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Warning,
        message: `RWKV Code: ${inertText(note)}`,
      });
    }
  };

  const documents = openDocuments((uri, edit) => {
    const session = host.loaded?.session(uri);
    if (session === undefined) return;
    edit(session);
    host.loaded?.edited(session);
  });
  const configuration = new Configuration({
    connection,
    onChange: (settings, old) => {
      if (isConfigured && needsReload(old, settings)) host.reload();
      for (const document of documents.all()) admit(document);
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
    onLoaded: (loaded) => {
      const { model, engine } = loaded.status;
      connection.console.info(`${model}: ${engine}, runs of ${loaded.model.chunkTokens} tokens`);
      sayNotes(loaded.model.notes);
      for (const document of documents.all()) admit(document);
      if (focused !== undefined) loaded.focus(focused);
    },
    onUnloading: () => {
      completions.cancelAll();
      running.cancelAll();
    },
    onIdle: () => {
      // A lost connection is the client's to notice.
      if (client?.options.statusNotifications === true) void connection.sendNotification(idleMethod);
    },
    onReading: (uri, fraction) => {
      if (host.loaded === undefined) return;
      const isWaitedFor = uri === undefined || completions.isBusy || running.isBusy;
      priority.set(isWaitedFor ? "normal" : "background");
      if (uri === undefined) statusReport.report(host.loaded.status);
      else statusReport.report({ kind: "reading", uri, fraction: Math.floor(fraction * 20) / 20 });
    },
  });

  /** Documents of languages that are off in which the user asked for text. */
  const askedIn = new Set<string>();
  const isEligible = (document: TextDocument): boolean =>
    ineligibilityIn(configuration, document, folders) === undefined;
  const hindrance = (document: TextDocument): Hindrance | undefined => hindranceIn(configuration, document, folders);
  /** Has the model read a document that the settings let in, and forget one that they keep out. */
  const admit = (document: TextDocument): void => {
    const { uri, languageId } = document;
    if (!isConfigured) return;
    const isWanted = isEligible(document) || (askedIn.has(uri) && hindrance(document) === undefined);
    if (isWanted || client?.awaitsModel === true) host.touch();
    const { loaded } = host;
    if (loaded === undefined) return;
    const isOpen = loaded.session(uri) !== undefined;
    if (isOpen && !isWanted) loaded.close(uri);
    if (!isOpen && isWanted) {
      loaded.open({ uri, headerPath: headerPath(uri, languageId, folders) }, document.getText());
    }
  };
  /** The user asks for text in a document, whose language may be off. @returns why there is none. */
  const admitAsked = (document: TextDocument): Hindrance | undefined => {
    const reason = hindrance(document);
    if (reason === undefined && !isEligible(document)) {
      askedIn.add(document.uri);
      admit(document);
    }
    return reason;
  };
  const readyToAnswer = (): void => {
    isConfigured = true;
    endWaiting();
    for (const document of documents.all()) admit(document);
  };

  documents.onDidOpen(({ document }) => {
    host.loaded?.close(document.uri); // opened twice: the later one holds
    admit(document);
  });
  documents.onDidChangeContent(({ document }) => {
    // A place in a text that has changed is no place any more.
    completions.changed(document.uri);
    running.changed(document.uri);
    admit(document);
  });
  documents.onDidClose(({ document }) => {
    askedIn.delete(document.uri);
    host.loaded?.close(document.uri);
  });

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    client = clientOf(params);
    folders = client.folders;
    configuration.initialize(client, params.initializationOptions);
    if (!client.canBeAskedForSettings) readyToAnswer();
    // Registered here, after the library's own handler, so that it holds whatever the client can do.
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
      for (const document of documents.all()) admit(document);
    });
    return {
      serverInfo: { name: "rwkv-code", version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
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
    await configuration.initialized();
    readyToAnswer();
  });
  connection.onDidChangeConfiguration(({ settings }) => configuration.changed(settings));
  connection.onNotification(didFocusMethod, ({ textDocument }: DidFocusParams) => {
    focused = textDocument.uri;
    host.touch();
    host.loaded?.focus(focused);
  });
  connection.onRequest(statisticsMethod, () =>
    statisticsOf({ status: statusReport.status, counter, loaded: host.loaded }),
  );
  answerRequests(connection, {
    host,
    documents,
    completions,
    running,
    priority,
    configured,
    isAutomatic: (document) => configuration.settings.automatic && isEligible(document),
    admitAsked,
    isExcluded: (uri) => isExcludedIn(configuration, uri, folders),
    client: () => client,
    folders: () => folders,
    status: () => statusReport.status,
  });
  connection.onShutdown(() => host.dispose());

  documents.listen(connection);
  connection.listen();
}

/** After these an editor that only knows completion lists asks anew. */
const triggers = Array.from(" .,:;=([{<\"'`/");

function needsReload(a: ServerSettings, b: ServerSettings): boolean {
  const fixed = ["modelPath", "threads", "engine", "checkpointMemoryMB"] as const;
  return fixed.some((name) => a[name] !== b[name]);
}
