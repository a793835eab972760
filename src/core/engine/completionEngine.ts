import { Chat, type ChatReply, type ChatRequest } from "../chat/chat.js";
import { AlternativeGenerator } from "../completion/alternatives.js";
import { codeInsertion, type CodeInsertion, type InsertedText } from "../completion/codeInsertion.js";
import { Completer, type CompletionRequest } from "../completion/completer.js";
import type { DocumentSession } from "../completion/documentSession.js";
import { toEditorCompletion, toRequest, type EditorCompletion } from "../completion/editorRequest.js";
import { Generator } from "../completion/generator.js";
import { pointAt } from "../completion/pointAt.js";
import type { Model } from "../model.js";
import { now } from "../platform.js";
import { Scheduler } from "../states/scheduler.js";
import type { CompletionCounter } from "../statistics.js";
import { missingBlockEnd } from "../structure/blockEnd.js";
import type { Insertion } from "../structure/insertionPoint.js";
import { documentPath } from "../tokens/headerPath.js";
import { tokenize } from "../tokens/healing.js";
import { normalizedBytes, rawUnits } from "../tokens/normalize.js";
import type { WorkspaceIndex } from "../workspace/workspaceIndex.js";
import { Cancelled, orCancelled, type CancellationToken } from "../../shared/cancellation.js";
import type { NothingShown } from "../../shared/nothingShown.js";
import { EngineDocuments } from "./engineDocuments.js";
import type {
  CompleteOptions,
  CompletionOutcome,
  EngineOptions,
  EngineRequest,
  GenerateOptions,
  OthersOptions,
} from "./engineOptions.js";

/**
 * One model and the documents that are open for it; handles every kind of request. Each method takes the data it needs
 * from its document before its first await, and later only if the document has not changed. It throws Cancelled at most
 * one model run after cancellation is requested. Only `complete` may first wait for stored states; an edit during that
 * wait must cancel the request.
 */
export class CompletionEngine {
  readonly model: Model;
  readonly documents: EngineDocuments;
  /** Other files whose n-grams are used; undefined if there is no workspace or it must not be read. */
  workspace: WorkspaceIndex | undefined;
  readonly #scheduler = new Scheduler();
  readonly #counter: CompletionCounter;
  readonly #completer: Completer;
  readonly #alternatives: AlternativeGenerator;
  readonly #generator: Generator;
  readonly #chat: Chat;

  constructor({ model, store, replyTokens, limits, counter, ...kept }: EngineOptions) {
    const inference = { model, scheduler: this.#scheduler, store };
    this.model = model;
    this.documents = new EngineDocuments(inference, kept, () => limits().timeBudgetMs);
    this.#counter = counter;
    this.#completer = new Completer(inference, counter, limits);
    this.#alternatives = new AlternativeGenerator(inference);
    this.#generator = new Generator(inference);
    this.#chat = new Chat(inference, replyTokens);
  }

  /** What to show at a position, or why nothing is shown. @throws Cancelled */
  async complete(
    request: EngineRequest,
    options: CompleteOptions,
    cancellation: CancellationToken,
  ): Promise<CompletionOutcome> {
    const arrivedMs = now();
    const restored = this.documents.restored(request.uri, request.line);
    if (restored !== undefined) {
      // A document that was just opened is lexed up to the cursor while the states are restored.
      this.documents.session(request.uri)?.document.structureAt(request.line);
      await orCancelled(restored, cancellation); // an edit meanwhile cancels the request
    }
    const context = this.#contextOf(request, options, arrivedMs);
    if ("reason" in context) return { kind: "nothing", nothing: context };
    this.#counter.asked();
    try {
      const { others } = options;
      const isOutdated = outdatedCheck(context.session);
      const first = await this.#completer.complete(context, cancellation);
      const hasOthers = others !== undefined && !("reason" in first) && !isOutdated();
      const more = hasOthers ? await this.#draw(context, others, cancellation) : [];
      this.documents.worked(context.session);
      this.#counter.ended("reason" in first ? "empty" : "shown");
      if ("reason" in first) return { kind: "nothing", nothing: first };
      return { kind: "shown", completions: this.#toEditor(request, context, [first, ...more]) };
    } catch (error) {
      this.#counter.ended(error instanceof Cancelled ? "cancelled" : "failed");
      throw error;
    }
  }

  /**
   * Several completions for a position: the most likely one first, then samples in no particular order. None if the
   * document changes before the first one is ready. @throws Cancelled
   */
  async alternatives(
    request: EngineRequest,
    { maxMs, ...options }: OthersOptions,
    cancellation: CancellationToken,
  ): Promise<EditorCompletion[]> {
    const startMs = now();
    const context = this.#contextOf(request, { trigger: "invoked" });
    if ("reason" in context) return [];
    const isOutdated = outdatedCheck(context.session);
    const first = await this.#completer.complete(context, cancellation);
    if (isOutdated()) return [];
    const others = await this.#draw(context, { ...options, maxMs: maxMs - (now() - startMs) }, cancellation);
    const all = "reason" in first ? others : [first, ...others];
    return this.#toEditor(request, context, all).slice(0, options.count);
  }

  /**
   * Generates text, at most up to the end of the cursor's block. @returns its length in UTF-16 code units. @throws
   * Cancelled
   */
  async generate(
    request: EngineRequest,
    { maxLines, indentUnit, onText }: GenerateOptions,
    cancellation: CancellationToken,
  ): Promise<number> {
    const context = this.#contextOf(request, { trigger: "invoked" });
    if ("reason" in context) return 0;
    const { sentinelBytes } = this.model.tokenizer;
    let afterCursor = request.rawLine.slice(request.character);
    const onInsertion = (more: Insertion): void => {
      const replaced = rawUnits(afterCursor, more.replaced, sentinelBytes);
      afterCursor = afterCursor.slice(replaced);
      onText(more.text, replaced);
    };
    const { text } = await this.#generator.generate({ ...context, maxLines, indentUnit }, onInsertion, cancellation);
    return text.length;
  }

  /** Adapts code from elsewhere to a position in a document; undefined if the document is not open. */
  insertion(uri: string, insertion: CodeInsertion): InsertedText | undefined {
    const session = this.documents.session(uri);
    return session && codeInsertion(session, insertion, this.model.tokenizer.sentinelBytes);
  }

  /** The missing closers of the block that is opened right before a position; undefined if none is missing. */
  missingBlockEnd(request: EngineRequest): string | undefined {
    const context = this.#contextOf(request, { trigger: "invoked" });
    return "reason" in context ? undefined : missingBlockEnd(pointAt(context));
  }

  /**
   * Replies to the last turn of a conversation. @param onText receives the reply so far whenever it has grown.
   * @throws Cancelled
   */
  reply(request: ChatRequest, onText: (written: string) => void, cancellation: CancellationToken): Promise<ChatReply> {
    return this.#chat.reply(request, onText, cancellation);
  }

  /** Runs a short task when nothing more urgent is waiting. @throws Cancelled */
  runInBackground<T>(work: () => T, cancellation: CancellationToken): Promise<T> {
    return this.#scheduler.run("background", cancellation, () => Promise.resolve(work()));
  }

  countTokens(text: string): number {
    const bytes = normalizedBytes(text, this.model.tokenizer.sentinelBytes);
    return tokenize(this.model.tokenizer, bytes, 0, bytes.length).length;
  }

  /**
   * Resolves when all requests and background reading have ended; cancel the requests first. Disposing of the model is
   * left to its owner.
   */
  async dispose(): Promise<void> {
    await this.documents.dispose();
    await this.#completer.dispose();
    await this.#alternatives.dispose();
    await this.#generator.dispose();
    await this.#chat.dispose();
  }

  /** Converts a request from the editor's units. If that is impossible, returns the reason why nothing is shown. */
  #contextOf(
    request: EngineRequest,
    { trigger, prefixMode = "window" }: CompleteOptions,
    arrivedMs = now(),
  ): CompletionRequest | NothingShown {
    const session = this.documents.session(request.uri);
    if (session === undefined) return { reason: "notOpen" };
    const neighbors = this.documents.neighborsOf(session);
    const open = new Set(neighbors.map(({ uri }) => documentPath(uri)));
    const workspace = this.workspace?.sourceFor(documentPath(request.uri), (path) => open.has(path));
    const options = { trigger, prefixMode, neighbors, workspace, arrivedMs };
    const context = toRequest({ ...request, session }, options, this.model.tokenizer.sentinelBytes);
    return context ?? { reason: "insideCharacter" };
  }

  #draw(
    context: CompletionRequest,
    { count, maxTokens, maxMs }: OthersOptions,
    cancellation: CancellationToken,
  ): Promise<Insertion[]> {
    const endMs = now() + maxMs;
    return this.#alternatives.generate(context, { count, maxTokens, isOverdue: () => now() > endMs, cancellation });
  }

  /** Converts completions to the editor's units and removes duplicates. */
  #toEditor(
    request: EngineRequest,
    { session }: CompletionRequest,
    insertions: readonly Insertion[],
  ): EditorCompletion[] {
    const distinct = insertions.filter(({ text }, i) => insertions.findIndex((one) => one.text === text) === i);
    const { sentinelBytes } = this.model.tokenizer;
    return distinct.map((one) => toEditorCompletion({ ...request, session }, one, sentinelBytes));
  }
}

/**
 * @returns a function that returns true once the document has been edited: then positions in it are no longer valid.
 */
function outdatedCheck({ document: { tokens } }: DocumentSession): () => boolean {
  const { edits } = tokens;
  return () => tokens.edits !== edits;
}
