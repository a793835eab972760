import type {
  CancellationToken,
  CompletionList,
  CompletionParams,
  Connection,
  InlineCompletionItem,
  InlineCompletionParams,
  ResponseError,
} from "vscode-languageserver";
import type { NothingReason } from "../shared/nothingShown.js";
import type { ServerStatus } from "../shared/protocol.js";
import { completionListOf } from "./completionList.js";
import type { EngineOrReason, InlineRequest } from "./inlineCompletion.js";
import { asResponse, type RequestContext } from "./requests.js";
import { TriggerKinds } from "./triggerKinds.js";

type GhostTextRequest = Omit<InlineRequest, "engine">;

/** Registers ghost text, and the same as a completion list for clients that asked for it. */
export function answerGhostText(connection: Connection, context: RequestContext): void {
  const { documents, client } = context;
  let triggerKinds: TriggerKinds | undefined;
  const kindsOf = (): TriggerKinds => (triggerKinds ??= new TriggerKinds(client()?.knowsInlineCompletion === true));

  connection.languages.inlineCompletion.on(
    async ({ textDocument, position, context: asked }: InlineCompletionParams, cancellation) => {
      const trigger = kindsOf().triggerOf(asked.triggerKind);
      const waits = kindsOf().mayBeInvoked(asked.triggerKind);
      const document = documents.get(textDocument.uri);
      if (document === undefined) return nothing(context, "notOpen");
      const selected = asked.selectedCompletionInfo ?? undefined; // some clients send null
      const request = { document, position, trigger, selected };
      return answer(context, request, waits, cancellation).catch((error: unknown) => asResponse(error, cancellation));
    },
  );
  connection.onCompletion(
    async ({ textDocument, position }: CompletionParams, cancellation): Promise<CompletionList | ResponseError> => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return { isIncomplete: false, items: nothing(context, "notOpen") };
      try {
        // Editors ask at every key, and do not mark requests made by command.
        const request = { document, position, trigger: "automatic", selected: undefined } as const;
        return completionListOf(document, position, await answer(context, request, false, cancellation));
      } catch (error) {
        return asResponse(error, cancellation);
      }
    },
  );
}

/** @param waits whether the request may have been made by command: then it waits for the model. */
async function answer(
  context: RequestContext,
  request: GhostTextRequest,
  waits: boolean,
  cancellation: CancellationToken,
): Promise<InlineCompletionItem[]> {
  const { host, completions, whyNotAutomatic, status } = context;
  const isAutomatic = request.trigger === "automatic";
  if (!waits || (isAutomatic && host.loaded !== undefined)) {
    // The next key asks again, so an immediate empty response is better than a late one.
    const reason =
      whyNotAutomatic(request.document) ?? (host.loaded === undefined ? withoutModel(status()) : undefined);
    if (reason !== undefined) return nothing(context, reason);
  }
  return completions.complete({ ...request, engine: () => engineFor(context, request) }, cancellation);
}

/** The engine at once if the model is loaded and the document allowed; otherwise once it is. */
function engineFor(context: RequestContext, request: GhostTextRequest): Promise<EngineOrReason> | EngineOrReason {
  const { host, priority, configured, whyNotAutomatic, admitAsked, status } = context;
  // A request that may be automatic must not read a document that automatic completions are off for.
  const blocked = (): NothingReason | undefined =>
    request.trigger === "automatic" ? whyNotAutomatic(request.document) : admitAsked(request.document);
  const waited = async (): Promise<EngineOrReason> => {
    await configured;
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

function nothing({ onNothing }: RequestContext, reason: NothingReason): [] {
  onNothing({ reason });
  return [];
}
