import {
  CancellationTokenSource,
  type CancellationToken,
  type InlineCompletionItem,
  type Position,
  type SelectedCompletionInfo,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import { contentModified } from "./contentModified.js";
import { engineRequest } from "./engineRequest.js";
import { Cancelled, orCancelled } from "../shared/cancellation.js";

/** A request for ghost text, or for the single entry of a completion list. */
export interface InlineRequest {
  readonly document: TextDocument;
  readonly position: Position;
  readonly trigger: "invoked" | "automatic";
  readonly selected: SelectedCompletionInfo | undefined;
  /** The engine, loaded first if it is worth waiting for; undefined if there is none. */
  readonly model: () => Promise<CompletionEngine | undefined> | CompletionEngine | undefined;
}

/**
 * Answers `textDocument/inlineCompletion`. A newer request for a document, or a change of it, cancels the older one.
 */
export class InlineCompletions {
  readonly #latest = new Map<string, CancellationTokenSource>();
  readonly #superseded = new WeakSet<CancellationTokenSource>();

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
      const engine = model instanceof Promise ? await orCancelled(model, source.token) : model;
      if (request.document.version !== version) throw contentModified(); // for example, closed and reopened
      return engine === undefined ? [] : await this.#completeWith(engine, request, source.token);
    } catch (error) {
      const isSuperseded = this.#superseded.has(source) && !client.isCancellationRequested;
      throw error instanceof Cancelled && isSuperseded ? contentModified() : error;
    } finally {
      if (this.#latest.get(uri) === source) this.#latest.delete(uri);
      source.dispose();
    }
  }

  async #completeWith(
    engine: CompletionEngine,
    { document, position, trigger, selected }: InlineRequest,
    cancellation: CancellationToken,
  ): Promise<InlineCompletionItem[]> {
    const request = engineRequest(document, position, selected);
    const options = { trigger, ...(trigger === "invoked" && { others }) };
    const completions = await engine.complete(request, options, cancellation);
    const { line } = request;
    return completions.map(({ start, end, text }) => ({
      insertText: text,
      range: { start: { line, character: start }, end: { line, character: end } },
    }));
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

/** Alternatives to an invoked completion, which the user can cycle through. The user waits for all of them. */
const others = { count: 4, maxTokens: 64, maxMs: 300 };
