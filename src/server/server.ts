import {
  ErrorCodes,
  LSPErrorCodes,
  ProgressType,
  ResponseError,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InlineCompletionParams,
  type CancellationToken,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { Cancelled } from "../core/model.js";
import { CompletionCounter } from "../core/statistics.js";
import { orCancelled } from "../core/turns.js";
import {
  alternativesMethod,
  chatMethod,
  countTokensMethod,
  defaultSettings,
  didFocusMethod,
  generateMethod,
  idleMethod,
  modelMethod,
  settingsMethod,
  statisticsMethod,
  statusMethod,
  type AlternativesParams,
  type ChatParams,
  type ChatPiece,
  type CountTokensParams,
  type DidFocusParams,
  type GenerateParams,
  type GeneratePiece,
  type GenerateResult,
  type ReadyModel,
  type ServerSettings,
  type ServerStatus,
} from "../protocol.js";
import { alternatives } from "./alternatives.js";
import { openDocuments } from "./documents.js";
import { answerChat, countTokens } from "./chat.js";
import { generate } from "./generation.js";
import { headerPath } from "./headerPath.js";
import { InlineCompletions } from "./inlineCompletion.js";
import type { LoadedModel } from "./loadedModel.js";
import { ModelHost, type ModelLoader } from "./modelHost.js";
import { ProcessPriority } from "./priority.js";
import { RunningRequests } from "./runningRequests.js";
import { statisticsOf } from "./statisticsReport.js";
import { errorMessage } from "../shared/errorMessage.js";

const generateProgress = new ProgressType<GeneratePiece>();
const chatProgress = new ProgressType<ChatPiece>();

/** Serves LSP on a connection; returns when the connection listens. */
export function serve(connection: Connection, load: ModelLoader): void {
  let settings: ServerSettings = defaultSettings;
  let status: ServerStatus = { kind: "noModel" };
  let folders: readonly string[] = [];
  let focused: string | undefined;
  const counter = new CompletionCounter();
  const completions = new InlineCompletions(counter);
  const running = new RunningRequests();
  const priority = new ProcessPriority();

  const report = (next: ServerStatus): void => {
    if (isSameStatus(status, next)) return;
    status = next;
    void connection.sendNotification(statusMethod, next); // a lost connection is the client's to notice
  };
  const logError = (error: unknown): void => {
    connection.console.error(errorMessage(error));
  };

  const documents = openDocuments((uri, edit) => {
    const session = host.loaded?.session(uri);
    if (session === undefined) return;
    edit(session);
    host.loaded?.worked(session);
  });
  const host = new ModelHost({
    settings: () => settings,
    counter,
    load,
    onStatus: report,
    onError: logError,
    onLoaded: (loaded) => {
      const { model, engine } = loaded.status;
      connection.console.info(`${model}: ${engine}, runs of ${loaded.model.chunkTokens} tokens`);
      for (const document of documents.all()) openIn(loaded, document);
      if (focused !== undefined) loaded.focus(focused);
    },
    onUnloading: () => {
      completions.cancelAll();
      running.cancelAll();
    },
    onIdle: () => void connection.sendNotification(idleMethod), // as above
    onReading: (uri, fraction) => {
      if (host.loaded === undefined) return;
      const isWaitedFor = uri === undefined || completions.isBusy || running.isBusy;
      priority.set(isWaitedFor ? "normal" : "background");
      if (uri === undefined) report(host.loaded.status);
      else report({ kind: "reading", uri, fraction: Math.floor(fraction * 20) / 20 });
    },
  });
  const openIn = (loaded: LoadedModel, document: TextDocument): void => {
    if (document.lineCount > settings.maxLines) return;
    const { uri, languageId } = document;
    loaded.open({ uri, headerPath: headerPath(uri, languageId, folders) }, document.getText());
  };

  documents.onDidOpen(({ document }) => {
    if (host.loaded !== undefined) openIn(host.loaded, document);
    host.touch();
  });
  documents.onDidChangeContent(() => {
    host.touch();
  });
  documents.onDidClose(({ document }) => {
    host.loaded?.close(document.uri);
  });

  connection.onInitialize((params: InitializeParams) => {
    settings = { ...defaultSettings, ...(params.initializationOptions as Partial<ServerSettings> | undefined) }; // ours
    folders = (params.workspaceFolders ?? []).map(({ uri }) => uri);
    return {
      serverInfo: { name: "rwkv-code" },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        inlineCompletionProvider: true,
      },
    };
  });
  connection.onNotification(settingsMethod, (next: ServerSettings) => {
    const old = settings;
    settings = { ...defaultSettings, ...next };
    if (needsReload(old, settings)) host.reload();
  });
  connection.onNotification(didFocusMethod, ({ textDocument }: DidFocusParams) => {
    focused = textDocument.uri;
    host.touch();
    host.loaded?.focus(focused);
  });
  connection.onRequest(statisticsMethod, () => statisticsOf({ status, counter, loaded: host.loaded }));
  connection.languages.inlineCompletion.on((params: InlineCompletionParams, cancellation: CancellationToken) => {
    const document = documents.get(params.textDocument.uri);
    host.touch();
    if (document === undefined || host.loaded === undefined) return [];
    priority.set("normal");
    return completions.answer(host.loaded, document, params, cancellation).catch(asResponse);
  });
  /** Work of somebody who asked for it and waits: the model is loaded first where it is not there. */
  const withModel = async <T>(
    cancellation: CancellationToken,
    work: (loaded: LoadedModel, cancellation: CancellationToken) => Promise<T>,
  ): Promise<T | ResponseError> => {
    try {
      const loaded = await orCancelled(host.whenLoaded(), cancellation);
      if (loaded === undefined) {
        const reason = status.kind === "failed" ? status.reason : "it is gone";
        return new ResponseError(LSPErrorCodes.RequestFailed, `the model could not be loaded: ${reason}`);
      }
      priority.set("normal");
      return await running.run(cancellation, (token) => work(loaded, token));
    } catch (error) {
      return asResponse(error);
    }
  };
  connection.onRequest(generateMethod, (params: GenerateParams, cancellation: CancellationToken) =>
    withModel(cancellation, async (loaded, token): Promise<GenerateResult> => {
      const document = documents.get(params.textDocument.uri);
      if (document === undefined) return { characters: 0 };
      const onPiece = (piece: GeneratePiece): void => {
        void connection.sendProgress(generateProgress, params.partialResultToken, piece); // as above
      };
      return generate(loaded, document, params, { onPiece, cancellation: token });
    }),
  );
  connection.onRequest(alternativesMethod, (params: AlternativesParams, cancellation: CancellationToken) =>
    withModel(cancellation, async (loaded, token) => {
      const document = documents.get(params.textDocument.uri);
      return document === undefined ? [] : alternatives(loaded, document, params, token);
    }),
  );
  connection.onRequest(chatMethod, (params: ChatParams, cancellation: CancellationToken) =>
    withModel(cancellation, async (loaded, token) => {
      const onPiece = (piece: ChatPiece): void => {
        host.touch(); // somebody reads along: not idle
        void connection.sendProgress(chatProgress, params.partialResultToken, piece); // as above
      };
      return answerChat(loaded, params, folders, { onPiece, cancellation: token });
    }),
  );
  connection.onRequest(modelMethod, (cancellation: CancellationToken) =>
    withModel(cancellation, async (loaded): Promise<ReadyModel> => loaded.status),
  );
  connection.onRequest(countTokensMethod, ({ texts }: CountTokensParams) =>
    host.loaded === undefined ? texts.map(() => 0) : countTokens(host.loaded.model, texts),
  );
  connection.onShutdown(() => host.dispose());

  documents.listen(connection);
  connection.listen();
}

/** The one place where an ended request becomes an answer of the protocol. */
function asResponse(error: unknown): ResponseError {
  if (error instanceof Cancelled) return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
  return new ResponseError(ErrorCodes.InternalError, errorMessage(error)); // the client logs it
}

function isSameStatus(a: ServerStatus, b: ServerStatus): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function needsReload(a: ServerSettings, b: ServerSettings): boolean {
  const fixed = ["modelPath", "threads", "engine", "checkpointMemoryMB"] as const;
  return fixed.some((name) => a[name] !== b[name]);
}
