import type {
  CancellationToken,
  CompletionList,
  CompletionParams,
  Connection,
  InlineCompletionItem,
  InlineCompletionParams,
  Position,
  ResponseError,
  SelectedCompletionInfo,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { EditorCompletion } from "../core/completion/editorRequest.js";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import { Cancelled, orCancelled } from "../shared/cancellation.js";
import type { NothingReason } from "../shared/nothingShown.js";
import type { ServerStatus } from "../shared/protocol.js";
import { completionListOf } from "./completionList.js";
import { contentModified } from "./contentModified.js";
import { engineRequest } from "./engineRequest.js";
import type { LatestRequest } from "./latestRequests.js";
import { asResponse, type RequestContext } from "./requests.js";
import { TriggerKinds } from "./triggerKinds.js";

/** A request for ghost text, or for the single entry of a completion list. */
interface GhostTextRequest {
  readonly document: TextDocument;
  readonly position: Position;
  readonly trigger: "invoked" | "automatic";
  readonly selected: SelectedCompletionInfo | undefined;
}

type EngineOrReason = CompletionEngine | NothingReason;

/**
 * Registers the handlers for ghost text and for completion lists, which show ghost text in clients without inline
 * completion.
 */
export function answerGhostText(connection: Connection, context: RequestContext): void {
  const { documents, session } = context;
  let triggerKinds: TriggerKinds | undefined;
  const kindsOf = (): TriggerKinds =>
    (triggerKinds ??= new TriggerKinds(session.client?.knowsInlineCompletion === true));

  connection.languages.inlineCompletion.on(
    async ({ textDocument, position, context: asked }: InlineCompletionParams, cancellation) => {
      const trigger = kindsOf().triggerOf(asked.triggerKind);
      const waits = kindsOf().mayBeInvoked(asked.triggerKind);
      const document = documents.get(textDocument.uri);
      if (document === undefined) return nothing(context, textDocument.uri, "notOpen");
      const selected = asked.selectedCompletionInfo ?? undefined; // some clients send null
      const request = { document, position, trigger, selected };
      return answer(context, request, waits, cancellation).catch((error: unknown) => asResponse(error, cancellation));
    },
  );
  connection.onCompletion(
    async ({ textDocument, position }: CompletionParams, cancellation): Promise<CompletionList | ResponseError> => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return { isIncomplete: false, items: nothing(context, textDocument.uri, "notOpen") };
      try {
        // Editors ask after every keystroke and do not mark invoked requests, so all count as automatic.
        const request = { document, position, trigger: "automatic", selected: undefined } as const;
        return completionListOf(document, position, await answer(context, request, false, cancellation));
      } catch (error) {
        return asResponse(error, cancellation);
      }
    },
  );
}

/**
 * @param waits whether the user may have invoked the request, so that it must wait for the model.
 * @throws Cancelled if the client cancels the request, or the model is unloaded.
 * @throws ResponseError "content modified" if the document changes or a newer request arrives first.
 */
async function answer(
  context: RequestContext,
  request: GhostTextRequest,
  waits: boolean,
  client: CancellationToken,
): Promise<InlineCompletionItem[]> {
  const reason = reasonNow(context, request, waits);
  if (reason !== undefined) return nothing(context, request.document.uri, reason);
  const latest = context.completions.begin(request.document.uri, client);
  try {
    return await itemsFor(context, request, latest);
  } catch (error) {
    const isCancelled = error instanceof Cancelled;
    const end = client.isCancellationRequested ? "cancelled" : "modelUnloaded";
    nothing(context, request.document.uri, isCancelled ? (latest.outdated ?? end) : "failed");
    throw isCancelled && latest.outdated !== undefined ? contentModified() : error;
  } finally {
    latest.end();
  }
}

/**
 * Why a request gets an empty response at once; undefined if it proceeds. An automatic request does not wait for the
 * model, because the next keystroke sends another one.
 */
function reasonNow(
  { host, admission, status }: RequestContext,
  { document, trigger }: GhostTextRequest,
  waits: boolean,
): NothingReason | undefined {
  if (waits && (trigger === "invoked" || host.loaded === undefined)) return undefined;
  return admission.whyNotAutomatic(document) ?? (host.loaded === undefined ? withoutModel(status()) : undefined);
}

/** If the model is loaded, nothing is awaited before the document is read, so no edit can come in between. */
async function itemsFor(
  context: RequestContext,
  request: GhostTextRequest,
  latest: LatestRequest,
): Promise<InlineCompletionItem[]> {
  const { document, position, trigger, selected } = request;
  const { version } = document;
  const found = engineFor(context, request);
  const engine = found instanceof Promise ? await orCancelled(found, latest.token) : found;
  if (document.version !== version) {
    latest.outdate("textChanged"); // for example, the document was closed and reopened
    throw new Cancelled();
  }
  if (typeof engine === "string") return nothing(context, document.uri, engine);
  context.notebooks.used(document.uri);
  const asked = engineRequest(document, position, selected);
  const options = { trigger, ...(trigger === "invoked" && { others }) };
  const outcome = await engine.complete(asked, options, latest.token);
  if (outcome.kind === "shown") return outcome.completions.map((one) => itemAt(asked.line, one));
  context.onNothing(document.uri, outcome.nothing);
  return [];
}

/** Limits for the alternatives that an invoked request also returns. They are low, because the user waits for all. */
const others = { count: 4, maxTokens: 64, maxMs: 300 };

function itemAt(line: number, { start, end, text }: EditorCompletion): InlineCompletionItem {
  return { insertText: text, range: { start: { line, character: start }, end: { line, character: end } } };
}

/**
 * Returns the engine itself if the model is loaded and the document is not blocked. Otherwise returns a promise of the
 * engine, or of the reason why the response is empty.
 */
function engineFor(context: RequestContext, request: GhostTextRequest): Promise<EngineOrReason> | EngineOrReason {
  const { host, priority, session, admission, status } = context;
  // A request that counts as automatic must not read a document for which automatic completions are off.
  const blocked = (): NothingReason | undefined =>
    request.trigger === "automatic"
      ? admission.whyNotAutomatic(request.document)
      : admission.admitAsked(request.document);
  const waited = async (): Promise<EngineOrReason> => {
    await session.configured;
    const reason = blocked();
    if (reason !== undefined) return reason;
    const loaded = await host.whenLoaded();
    priority.set("normal");
    return loaded?.engine ?? withoutModel(status());
  };
  if (host.loaded === undefined || blocked() !== undefined) return waited();
  host.touch();
  priority.set("normal");
  return host.loaded.engine;
}

function withoutModel({ kind }: ServerStatus): NothingReason {
  if (kind === "failed") return "modelFailed";
  return kind === "loading" ? "loading" : "noModel";
}

function nothing({ onNothing }: RequestContext, uri: string, reason: NothingReason): [] {
  onNothing(uri, { reason });
  return [];
}
