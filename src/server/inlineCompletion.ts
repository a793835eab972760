import {
  CancellationTokenSource,
  type CancellationToken,
  type InlineCompletionItem,
  type Position,
  type SelectedCompletionInfo,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionRequest } from "../core/completion/completer.js";
import type { Insertion } from "../core/structure/insertionPoint.js";
import { toEditorCompletion, toRequest, type EditorPosition } from "../core/completion/editorRequest.js";
import type { CompletionCounter } from "../core/statistics.js";
import { contentModified } from "./contentModified.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";
import { Cancelled, orCancelled } from "../shared/cancellation.js";

/** A request for ghost text, or for the single entry of a completion list. */
export interface InlineRequest {
  readonly document: TextDocument;
  readonly position: Position;
  readonly trigger: "invoked" | "automatic";
  readonly selected: SelectedCompletionInfo | undefined;
  /** The model, loaded first if it is worth waiting for; undefined if there is none. */
  readonly model: () => Promise<LoadedModel | undefined> | LoadedModel | undefined;
}

/**
 * Answers `textDocument/inlineCompletion`. A newer request for a document, or a change of it, cancels the older one.
 */
export class InlineCompletions {
  readonly #counter: CompletionCounter;
  readonly #latest = new Map<string, CancellationTokenSource>();
  readonly #superseded = new WeakSet<CancellationTokenSource>();

  constructor(counter: CompletionCounter) {
    this.#counter = counter;
  }

  /**
   * @throws Cancelled if the client cancels the request, or the model is unloaded.
   * @throws ResponseError "content modified" if the document changed or a newer request arrived in the meantime.
   */
  async complete(request: InlineRequest, client: CancellationToken): Promise<InlineCompletionItem[]> {
    const { uri, version } = request.document;
    const source = this.#supersede(uri, client);
    try {
      const model = request.model();
      // If the model is loaded, do not await it: the request must take its data from the document before the next edit.
      const loaded = model instanceof Promise ? await orCancelled(model, source.token) : model;
      if (request.document.version !== version) throw contentModified(); // for example, closed and reopened
      return loaded === undefined ? [] : await this.#answerWith(loaded, request, source.token);
    } catch (error) {
      const isSuperseded = this.#superseded.has(source) && !client.isCancellationRequested;
      throw error instanceof Cancelled && isSuperseded ? contentModified() : error;
    } finally {
      if (this.#latest.get(uri) === source) this.#latest.delete(uri);
      source.dispose();
    }
  }

  async #answerWith(
    loaded: LoadedModel,
    { document, position, trigger, selected }: InlineRequest,
    cancellation: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const arrivedMs = performance.now();
    const session = loaded.session(document.uri);
    if (session === undefined) return [];
    const editorPosition = toEditorPosition({ document, session, position, selected });
    const { sentinelBytes } = loaded.model.tokenizer;
    const neighbors = loaded.neighborsOf(session);
    const request = toRequest(editorPosition, { trigger, prefixMode: "window", neighbors, arrivedMs }, sentinelBytes);
    if (request === undefined) return [];

    this.#counter.asked();
    const text = session.document.tokens;
    const { edits } = text;
    try {
      const first = await loaded.completer.complete(request, cancellation);
      // After a change the position is no longer valid.
      const hasOthers = trigger === "invoked" && first !== undefined && text.edits === edits;
      const others = hasOthers ? await alternativesTo(loaded, request, cancellation) : [];
      if (loaded.session(document.uri) === session) loaded.edited(session); // it may have been closed in the meantime
      this.#counter.ended(first === undefined ? "empty" : "shown");
      const shown = first === undefined ? [] : [first, ...others.filter((one) => one.text !== first.text)];
      return shown.map((one) =>
        toInlineCompletionItem(editorPosition, toEditorCompletion(editorPosition, one, sentinelBytes)),
      );
    } catch (error) {
      this.#counter.ended(error instanceof Cancelled ? "cancelled" : "failed");
      throw error;
    }
  }

  /** True while a request is in progress. */
  get isBusy(): boolean {
    return this.#latest.size > 0;
  }

  /** The model is about to be unloaded: cancels all requests. */
  cancelAll(): void {
    for (const source of this.#latest.values()) source.cancel();
  }

  /** A document has changed: cancels the request for it. */
  changed(uri: string): void {
    const source = this.#latest.get(uri);
    if (source === undefined) return;
    this.#superseded.add(source);
    source.cancel();
  }

  /** A source that is cancelled by the client, by the next request for the document, or by a change of it. */
  #supersede(uri: string, client: CancellationToken): CancellationTokenSource {
    this.changed(uri);
    const source = new CancellationTokenSource();
    this.#latest.set(uri, source);
    if (client.isCancellationRequested) source.cancel();
    client.onCancellationRequested(() => {
      source.cancel();
    });
    return source;
  }
}

const maxAlternatives = 4;
const alternativeTokens = 64;
/** The user waits for all alternatives, so together they take at most this long. */
const alternativesMs = 300;

/** Alternatives to an invoked completion, which the user can cycle through. */
function alternativesTo(
  { alternatives }: LoadedModel,
  request: CompletionRequest,
  cancellation: CancellationToken,
): Promise<Insertion[]> {
  const end = performance.now() + alternativesMs;
  return alternatives.generate(request, {
    count: maxAlternatives,
    maxTokens: alternativeTokens,
    isOverdue: () => performance.now() > end,
    cancellation,
  });
}

interface ItemPosition extends Pick<InlineRequest, "document" | "position" | "selected"> {
  readonly session: EditorPosition["session"];
}

function toEditorPosition({ document, session, position, selected }: ItemPosition): EditorPosition {
  const line = Math.min(position.line, document.lineCount - 1);
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

function toInlineCompletionItem(
  { line }: EditorPosition,
  completion: ReturnType<typeof toEditorCompletion>,
): InlineCompletionItem {
  const { start, end, text } = completion;
  return { insertText: text, range: { start: { line, character: start }, end: { line, character: end } } };
}
