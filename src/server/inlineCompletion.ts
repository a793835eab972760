import {
  CancellationTokenSource,
  InlineCompletionTriggerKind,
  type CancellationToken,
  type InlineCompletionItem,
  type InlineCompletionParams,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionRequest } from "../core/completion/completer.js";
import type { Insertion } from "../core/structure/insertionPoint.js";
import { editorAnswer, requestAt, type EditorPlace } from "../core/completion/request.js";
import { Cancelled } from "../core/model.js";
import type { CompletionCounter } from "../core/statistics.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

/** Answers `textDocument/inlineCompletion`; a newer request for a document cancels the older one. */
export class InlineCompletions {
  readonly #counter: CompletionCounter;
  readonly #latest = new Map<string, CancellationTokenSource>();

  constructor(counter: CompletionCounter) {
    this.#counter = counter;
  }

  /** @throws Cancelled when the client or a newer request cancels it. */
  async answer(
    loaded: LoadedModel,
    document: TextDocument,
    params: InlineCompletionParams,
    clientCancellation: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const arrivedMs = performance.now();
    const session = loaded.session(document.uri);
    if (session === undefined) return [];
    const place = placeOf(document, session, params);
    const { sentinelBytes } = loaded.model.tokenizer;
    const isInvoked = params.context.triggerKind === InlineCompletionTriggerKind.Invoked;
    const trigger = isInvoked ? "invoked" : "automatic";
    const neighbours = loaded.neighboursOf(session);
    const request = requestAt(place, { trigger, longPrefix: "window", neighbours, arrivedMs }, sentinelBytes);
    if (request === undefined) return [];

    const superseding = this.#supersede(document.uri, clientCancellation);
    this.#counter.asked();
    const text = session.document.tokens;
    const { edits } = text;
    try {
      const first = await loaded.completer.complete(request, superseding.token);
      // A place in a text that has changed meanwhile is no place any more.
      const hasOthers = isInvoked && first !== undefined && text.edits === edits;
      const others = hasOthers ? await othersAt(loaded, request, superseding.token) : [];
      if (loaded.session(document.uri) === session) loaded.worked(session); // it may have been closed meanwhile
      this.#counter.ended(first === undefined ? "empty" : "shown");
      const shown = first === undefined ? [] : [first, ...others.filter((one) => one.text !== first.text)];
      return shown.map((one) => itemOf(place, editorAnswer(place, one, sentinelBytes)));
    } catch (error) {
      this.#counter.ended(error instanceof Cancelled ? "cancelled" : "failed");
      throw error;
    } finally {
      if (this.#latest.get(document.uri) === superseding) this.#latest.delete(document.uri);
      superseding.dispose();
    }
  }

  /** True while someone waits for an answer. */
  get isBusy(): boolean {
    return this.#latest.size > 0;
  }

  /** The model is about to go: ends all requests under way. */
  cancelAll(): void {
    for (const source of this.#latest.values()) source.cancel();
  }

  /** A token that is set by the client's cancellation or by the next request for the document. */
  #supersede(uri: string, client: CancellationToken): CancellationTokenSource {
    this.#latest.get(uri)?.cancel();
    const source = new CancellationTokenSource();
    this.#latest.set(uri, source);
    if (client.isCancellationRequested) source.cancel();
    client.onCancellationRequested(() => {
      source.cancel();
    });
    return source;
  }
}

const mostAlternatives = 4;
const alternativeTokens = 64;
/** Whoever asks waits for all of them: together they take no longer than this. */
const alternativesMs = 300;

/** Other texts that the user may go through with the editor's keys, where a completion was asked for. */
function othersAt(
  { alternatives }: LoadedModel,
  request: CompletionRequest,
  cancellation: CancellationToken,
): Promise<Insertion[]> {
  const end = performance.now() + alternativesMs;
  return alternatives.at(request, {
    count: mostAlternatives,
    maxTokens: alternativeTokens,
    isOverdue: () => performance.now() > end,
    cancellation,
  });
}

function placeOf(
  document: TextDocument,
  session: EditorPlace["session"],
  { position, context }: InlineCompletionParams,
): EditorPlace {
  const line = Math.min(position.line, document.lineCount - 1);
  const selected = context.selectedCompletionInfo;
  return {
    session,
    line,
    rawLine: rawLine(document, line),
    character: position.character,
    selected: selected && {
      start: selected.range.start.character,
      end: selected.range.end.character,
      text: selected.text,
    },
  };
}

function itemOf({ line }: EditorPlace, answer: ReturnType<typeof editorAnswer>): InlineCompletionItem {
  const { start, end, text } = answer;
  return { insertText: text, range: { start: { line, character: start }, end: { line, character: end } } };
}
