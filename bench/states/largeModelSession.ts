import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import type { Model, Reader } from "../../src/core/model.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { CompletionCounter, type CompletionSource } from "../../src/core/statistics.js";
import { Cancelled, neverCancelled, type CancellationToken } from "../../src/shared/cancellation.js";
import { StoredStates } from "../../src/storedStates/storedStates.js";
import { withFeed } from "../../src/rwkv/wrappedReader.js";

/** The kind of state that a completion started from, the tokens that were read and decoded, and the times. */
export interface Answer {
  readonly source: CompletionSource;
  readonly tokensRead: number;
  readonly tokensDecoded: number;
  readonly firstTokenMs: number;
  /** Time from the request to the completion. */
  readonly ms: number;
}

interface SessionOptions {
  readonly text: readonly string[];
  /** The folder in which states are stored. */
  readonly states: string;
  readonly checkpointBytes: number;
  /** Maximum number of tokens of a completion; the editor's default if absent. */
  readonly maxTokens?: number;
}

const identity = { uri: "file:///src/big.js", headerPath: "src/big.js" };
/** The editor's defaults, except that every completion is shown. */
const limits = { timeBudgetMs: 300, threshold: 0 } as const;
const quietMs = 1000;
const diskBytes = 512 * 2 ** 20;

/**
 * Simulates a user who edits a document. The completions come from a larger model, with background reading and an
 * archive.
 */
export class LargeModelSession {
  readonly #engine: CompletionEngine;
  readonly #counter = new CompletionCounter();
  readonly #model: CountingModel;
  #isReading = false;
  #onIdle = (): void => undefined;

  private constructor(model: Model, store: CheckpointStore, { text, states, maxTokens = 128 }: SessionOptions) {
    this.#model = new CountingModel(model);
    const onProgress = (uri: string | undefined): void => {
      this.#isReading = uri !== undefined;
      if (uri === undefined) this.#onIdle();
    };
    const onError = (error: unknown): void => {
      throw error;
    };
    const archive = new StoredStates({
      folder: states,
      model,
      maxBytes: () => diskBytes,
      isAllowed: () => true,
      onError,
    });
    this.#engine = new CompletionEngine({
      model: this.#model.counted,
      store,
      replyTokens: new ReplyTokenCache(),
      limits: () => ({ ...limits, maxTokens }),
      counter: this.#counter,
      background: { quietMs, onProgress, onError },
      archive,
    });
    this.#engine.documents.open(identity, text.join("\n"));
    this.#engine.documents.focus(identity.uri);
  }

  /**
   * @param fast a faster model with the same states. If it is given, it first reads the whole document, with the cursor
   *   at the end.
   */
  static async open(model: Model, fast: Model | undefined, options: SessionOptions): Promise<LargeModelSession> {
    const store = new CheckpointStore(options.checkpointBytes);
    if (fast !== undefined) {
      const first = new LargeModelSession(fast, store, options);
      first.moveTo(first.lineCount - 1);
      await first.readInBackground(Infinity);
      await first.end();
    }
    return new LargeModelSession(model, store, options);
  }

  get lineCount(): number {
    return this.#engine.documents.lineCount(identity.uri) ?? 0;
  }

  get lines(): string[] {
    return this.#document.lines(0, this.lineCount);
  }

  /** Moves the cursor to a line, so that background reading starts with the text above it. */
  moveTo(line: number): void {
    const text = this.#document.lines(line, line + 1)[0] ?? "";
    this.#write(line, `${text} `);
    this.#write(line, text);
  }

  /** Types text at the end of a line and requests a completion there. */
  async type(line: number, typed: string): Promise<Answer> {
    const rawLine = (this.#document.lines(line, line + 1)[0] ?? "") + typed;
    this.#write(line, rawLine);
    const start = performance.now();
    await this.#complete(line, rawLine, neverCancelled);
    const { last } = this.#counter;
    if (last === undefined) throw new Error("the request needed no run");
    const { source, tokensRead, tokensDecoded, msToFirstToken } = last;
    return { source, tokensRead, tokensDecoded, firstTokenMs: msToFirstToken, ms: performance.now() - start };
  }

  /**
   * Requests a completion and cancels the request after some time.
   * @returns milliseconds from the cancellation to the end of the request; undefined if the request ended earlier.
   */
  async cancelled(line: number, afterMs: number): Promise<number | undefined> {
    const rawLine = `${this.#document.lines(line, line + 1)[0] ?? ""} `;
    this.#write(line, rawLine);
    const listeners = new Set<() => void>();
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => void) => {
        listeners.add(listener);
        return { dispose: () => void listeners.delete(listener) };
      },
    };
    let start: number | undefined;
    const timer = setTimeout(() => {
      start = performance.now();
      token.isCancellationRequested = true;
      for (const listener of listeners) listener();
    }, afterMs);
    await this.#complete(line, rawLine, token).catch((error: unknown) => {
      if (!(error instanceof Cancelled)) throw error;
    });
    clearTimeout(timer);
    return start === undefined ? undefined : performance.now() - start;
  }

  replaceLines(change: (lines: readonly string[]) => string[]): void {
    this.#engine.documents.setText(identity.uri, change(this.lines).join("\n"));
  }

  /** Waits until background reading has read everything, but no longer than `maxMs`. */
  async readInBackground(maxMs: number): Promise<{ ms: number; tokens: number; busyMs: number }> {
    const start = performance.now();
    const { tokens, busyMs } = this.#model;
    const isOver = (): boolean => performance.now() - start > maxMs;
    // Background reading starts only after `quietMs` without an edit.
    const isPausing = (): boolean => performance.now() - start < quietMs + 100;
    while ((this.#isReading || isPausing()) && !isOver()) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        setTimeout(resolve, 50);
      });
    }
    const ms = performance.now() - start;
    return { ms, tokens: this.#model.tokens - tokens, busyMs: this.#model.busyMs - busyMs };
  }

  async end(): Promise<void> {
    await this.#engine.dispose();
  }

  async #complete(line: number, rawLine: string, cancellation: CancellationToken): Promise<void> {
    const request = { uri: identity.uri, line, rawLine, character: rawLine.length };
    await this.#engine.complete(request, { trigger: "invoked" }, cancellation);
  }

  #write(line: number, text: string): void {
    const isLast = line + 1 === this.lineCount;
    this.#engine.documents.edit(identity.uri, {
      startLine: line,
      endLine: line + 1,
      text: text + (isLast ? "" : "\n"),
    });
  }

  get #document() {
    const session = this.#engine.documents.session(identity.uri);
    if (session === undefined) throw new Error("the document was closed");
    return session.document;
  }
}

/** Counts the tokens that a model reads, and the time that its runs take. */
class CountingModel {
  tokens = 0;
  busyMs = 0;
  readonly counted: Model;

  constructor(model: Model) {
    this.counted = {
      ...model,
      get prefillTokensPerSecond() {
        return model.prefillTokensPerSecond; // a getter, because the value changes
      },
      open: (from) => this.#counting(model.open(from)),
    };
  }

  #counting(reader: Reader): Reader {
    return withFeed(reader, async (tokens, want, cancellation) => {
      const start = performance.now();
      const logits = await reader.feed(tokens, want, cancellation);
      this.busyMs += performance.now() - start;
      this.tokens += tokens.length;
      return logits;
    });
  }
}
