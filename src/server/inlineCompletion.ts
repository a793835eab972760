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
import type { NothingReason, NothingShown } from "../shared/nothingShown.js";

/** A request for ghost text, or for the single entry of a completion list. */
export interface InlineRequest {
  readonly document: TextDocument;
  readonly position: Position;
  readonly trigger: "invoked" | "automatic";
  readonly selected: SelectedCompletionInfo | undefined;
  /** The engine, loaded first if it is worth waiting for, or why there is none. */
  readonly engine: () => Promise<EngineOrReason> | EngineOrReason;
}

export type EngineOrReason = CompletionEngine | NothingReason;

/**
 * Answers `textDocument/inlineCompletion`. A newer request for a document, or a change of it, cancels the older one.
 */
export class InlineCompletions {
  readonly #onNothing: (nothing: NothingShown) => void;
  readonly #latest = new Map<string, CancellationTokenSource>();
  readonly #outdated = new WeakMap<CancellationTokenSource, NothingReason>();

  /** @param onNothing is called once for each request that shows nothing, however it ends. */
  constructor(onNothing: (nothing: NothingShown) => void) {
    this.#onNothing = onNothing;
  }

  /**
   * @throws Cancelled if the client cancels the request, or the model is unloaded.
   * @throws ResponseError "content modified" if the document changed or a newer request arrived in the meantime.
   */
  async complete(request: InlineRequest, client: CancellationToken): Promise<InlineCompletionItem[]> {
    const { uri, version } = request.document;
    const source = this.#supersede(uri, client);
    try {
      const found = request.engine();
      // If the model is loaded, do not await it: the request must take its data from the document before the next edit.
      const engine = found instanceof Promise ? await orCancelled(found, source.token) : found;
      if (request.document.version !== version) {
        this.#outdated.set(source, "textChanged"); // for example, closed and reopened
        throw new Cancelled();
      }
      if (typeof engine === "string") return this.#nothing({ reason: engine });
      return await this.#completeWith(engine, request, source.token);
    } catch (error) {
      const isCancelled = error instanceof Cancelled;
      const outdated = client.isCancellationRequested ? undefined : this.#outdated.get(source);
      const end = client.isCancellationRequested ? "cancelled" : "modelUnloaded";
      this.#nothing({ reason: isCancelled ? (outdated ?? end) : "failed" });
      throw isCancelled && outdated !== undefined ? contentModified() : error;
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
    const outcome = await engine.complete(request, options, cancellation);
    if (outcome.kind === "nothing") return this.#nothing(outcome.nothing);
    const { line } = request;
    return outcome.completions.map(({ start, end, text }) => ({
      insertText: text,
      range: { start: { line, character: start }, end: { line, character: end } },
    }));
  }

  #nothing(nothing: NothingShown): [] {
    this.#onNothing(nothing);
    return [];
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
    this.#outdate(uri, "textChanged");
  }

  #outdate(uri: string, reason: NothingReason): void {
    const source = this.#latest.get(uri);
    if (source === undefined) return;
    if (!source.token.isCancellationRequested) this.#outdated.set(source, reason);
    source.cancel();
  }

  /** A source that is cancelled by the client, by the next request for the document, or by a change of it. */
  #supersede(uri: string, client: CancellationToken): CancellationTokenSource {
    this.#outdate(uri, "superseded");
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
