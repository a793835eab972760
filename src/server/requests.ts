import {
  ErrorCodes,
  LSPErrorCodes,
  ProgressType,
  ResponseError,
  type CancellationToken,
  type Connection,
  type TextDocuments,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  alternativesMethod,
  chatMethod,
  countTokensMethod,
  generateMethod,
  modelMethod,
  type ChatParams,
  type ChatDelta,
  type CountTokensParams,
  type GenerateParams,
  type GenerateDelta,
  type GenerateResult,
  type ReadyModel,
  type ServerStatus,
  type DocumentPosition,
} from "../shared/protocol.js";
import {
  blockEndMethod,
  insertionMethod,
  type InsertionParams,
  type InsertionResult,
} from "../shared/structureRequests.js";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import type { Blocker } from "../shared/eligibility.js";
import type { NothingShown } from "../shared/nothingShown.js";
import { errorMessage } from "../shared/errorMessage.js";
import { alternatives } from "./alternatives.js";
import { replyTo } from "./chat.js";
import type { Admission } from "./admission.js";
import type { NotebookCells } from "./notebookCells.js";
import type { ClientSession } from "./clientSession.js";
import { engineRequest } from "./engineRequest.js";
import { generate } from "./generation.js";
import { insertion } from "./insertion.js";
import type { LatestRequests } from "./latestRequests.js";
import type { LoadedModel, ModelHost } from "./modelHost.js";
import type { ProcessPriority } from "./priority.js";
import type { RunningRequests } from "./runningRequests.js";
import { Cancelled, orCancelled } from "../shared/cancellation.js";

/** The parts of the server that request handlers use. */
export interface RequestContext {
  readonly host: ModelHost;
  readonly documents: TextDocuments<TextDocument>;
  readonly completions: LatestRequests;
  readonly running: RunningRequests;
  readonly priority: ProcessPriority;
  readonly session: ClientSession;
  readonly admission: Admission;
  readonly notebooks: Pick<NotebookCells, "used">;
  readonly onNothing: (uri: string, nothing: NothingShown) => void;
  readonly status: () => ServerStatus;
}

const generateProgress = new ProgressType<GenerateDelta>();
const chatProgress = new ProgressType<ChatDelta>();

/** Registers the handlers of requests that use the model. The gate has validated their parameters. */
export function answerRequests(connection: Connection, context: RequestContext): void {
  const { host, documents } = context;
  const withModel = modelWaiter(context);
  // Call before a document is used. @throws ResponseError if it is blocked.
  const prepare = (document: TextDocument): void => {
    const blocker = context.admission.admitAsked(document);
    if (blocker !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, blockerReasons[blocker]);
    context.notebooks.used(document.uri);
  };
  connection.onRequest(generateMethod, (params: GenerateParams, cancellation: CancellationToken) =>
    withModel(cancellation, async ({ engine }, token): Promise<GenerateResult> => {
      const document = documents.get(params.textDocument.uri);
      if (document === undefined) return { characters: 0 };
      prepare(document);
      const onDelta = (delta: GenerateDelta): void => {
        // Sending fails only if the connection is lost, which ends the process.
        void connection.sendProgress(generateProgress, params.partialResultToken, delta);
      };
      return generate(engine, document, params, { onDelta, cancellation: token });
    }),
  );
  connection.onRequest(alternativesMethod, (params: DocumentPosition, cancellation: CancellationToken) =>
    withModel(
      cancellation,
      async ({ engine }, token) => {
        const document = documents.get(params.textDocument.uri);
        if (document === undefined) return [];
        prepare(document);
        return alternatives(engine, document, params, token);
      },
      params.textDocument.uri,
    ),
  );
  /** Answers without waiting for the model; null if it is not loaded, or the document is blocked or not open. */
  const ofDocument = <T>(uri: string, answer: (engine: CompletionEngine, document: TextDocument) => T): T | null => {
    const document = documents.get(uri);
    if (document === undefined || host.loaded === undefined || context.admission.admitAsked(document) !== undefined)
      return null;
    context.notebooks.used(uri);
    return answer(host.loaded.engine, document);
  };
  connection.onRequest(insertionMethod, (params: InsertionParams): InsertionResult | null =>
    ofDocument(params.textDocument.uri, (engine, document) => insertion(engine, document, params)),
  );
  connection.onRequest(blockEndMethod, ({ textDocument, position }: DocumentPosition): string | null =>
    ofDocument(
      textDocument.uri,
      (engine, document) => engine.missingBlockEnd(engineRequest(document, position)) ?? null,
    ),
  );
  connection.onRequest(chatMethod, async (params: ChatParams, cancellation: CancellationToken) => {
    await context.session.configured;
    if (params.turns.some(({ attachments }) => attachments.some(({ uri }) => context.admission.isExcluded(uri)))) {
      const reason = "an attached file is excluded by the setting rwkvCode.exclude";
      return new ResponseError(LSPErrorCodes.RequestFailed, reason);
    }
    return withModel(cancellation, async ({ engine }, token) => {
      const onDelta = (delta: ChatDelta): void => {
        host.touch(); // not idle: the user is reading the reply
        void connection.sendProgress(chatProgress, params.partialResultToken, delta);
      };
      return replyTo(engine, params, context.session.folders, { onDelta, cancellation: token });
    });
  });
  // This method has no parameters, but if a client sends some, the library passes them before the token.
  connection.onRequest(modelMethod, (...given: unknown[]) =>
    withModel(given.at(-1) as CancellationToken, async (loaded): Promise<ReadyModel> => loaded.status),
  );
  connection.onRequest(countTokensMethod, ({ texts }: CountTokensParams) =>
    texts.map((text) => host.loaded?.engine.countTokens(text) ?? 0),
  );
}

const blockerReasons: Readonly<Record<Blocker, string>> = {
  excluded: "the file is excluded by the setting rwkvCode.exclude",
  tooLarge: "the file has more lines than the setting rwkvCode.maxLines allows, or is larger than 5 MB",
  notEditable: "the document cannot be edited",
};

type Work<T> = (loaded: LoadedModel, cancellation: CancellationToken) => Promise<T>;

/** Returns a function that loads the model if necessary, runs a task with it, and converts errors to responses. */
function modelWaiter({ host, running, priority, session, status }: RequestContext) {
  return async <T>(client: CancellationToken, work: Work<T>, uri?: string): Promise<T | ResponseError> => {
    try {
      const loaded = await orCancelled(
        session.configured.then(() => host.whenLoaded()),
        client,
      );
      if (loaded === undefined) {
        const last = status();
        const reason = last.kind === "failed" ? last.reason : "it was unloaded";
        return new ResponseError(LSPErrorCodes.RequestFailed, `the model cannot be loaded: ${reason}`);
      }
      priority.set("normal");
      return await running.run(client, (token) => work(loaded, token), uri);
    } catch (error) {
      return asResponse(error, client);
    }
  };
}

/** Converts an error thrown by a handler to an LSP error response. */
export function asResponse(error: unknown, client: CancellationToken): ResponseError {
  if (error instanceof ResponseError) return new ResponseError(error.code, error.message);
  if (!(error instanceof Cancelled)) return new ResponseError(ErrorCodes.InternalError, errorMessage(error));
  return client.isCancellationRequested
    ? new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled")
    : new ResponseError(LSPErrorCodes.ServerCancelled, "the model was replaced or unloaded");
}
