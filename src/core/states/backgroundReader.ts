import { CheckpointedReader, type InferenceContext } from "./checkpointedReader.js";
import type { DocumentSession } from "../completion/documentSession.js";
import { blockTokens, emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { Cancelled, type CancellationToken } from "../../shared/cancellation.js";

export interface BackgroundReaderOptions {
  /** How long nobody must have typed before text below the cursor is read: it changes with every key above it. */
  readonly quietMs: number;
  /** Calls back after some time; returns what stops the clock. */
  readonly setTimer: (ms: number, callback: () => void) => () => void;
  /** A document is being read, by this fraction; undefined once there is nothing to read. */
  readonly onProgress: (session: DocumentSession | undefined, fraction: number) => void;
  /** A run failed: reading has ended until something wakes it again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Reads open documents while nothing more urgent runs, leaving checkpoints: the one in focus first, up to the cursor
 * first. What it has read is known by its tokens, so an edit needs no message: it goes on where the text still agrees.
 */
export class BackgroundReader {
  readonly #inference: InferenceContext;
  readonly #options: BackgroundReaderOptions;
  readonly #reader: CheckpointedReader;
  readonly #sessions = new Set<DocumentSession>();
  readonly #cancellation = { isCancellationRequested: false };
  /** How far each document has been read: a text that still begins so is not read again, whatever was evicted. */
  readonly #progress = new WeakMap<DocumentSession, DocumentProgress>();
  #focus: DocumentSession | undefined;
  /** True once someone said which document is looked at: the others that are open then need not be read. */
  #isFocusKnown = false;
  /** The document that the reading stands in. */
  #current: DocumentSession | undefined;
  #isRunning = false;
  /** The reading under way, or the last one; its errors end in #run itself. */
  #running: Promise<void> = Promise.resolve();
  #isQuiet = true;
  #cancelTimer = (): void => undefined;

  constructor(inference: InferenceContext, options: BackgroundReaderOptions) {
    this.#inference = inference;
    this.#options = options;
    this.#reader = new CheckpointedReader(
      inference,
      "background",
      new TokenPrefix(emptyBlockHash(inference.model.id), 0, []),
    );
  }

  opened(session: DocumentSession): void {
    if (this.#isFocusKnown) return;
    this.#sessions.add(session);
    this.#wake();
  }

  closed(session: DocumentSession): void {
    this.#sessions.delete(session);
    if (this.#focus === session) this.#focus = undefined;
  }

  /** Someone looks at a document. */
  focused(session: DocumentSession): void {
    if (!this.#isFocusKnown) this.#sessions.clear();
    this.#isFocusKnown = true;
    this.#sessions.add(session);
    this.#focus = session;
    this.#wake();
  }

  /** Someone typed, or asked for a completion far from what is read. */
  edited(session: DocumentSession): void {
    this.#sessions.add(session);
    this.#focus = session;
    this.#isQuiet = false;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.setTimer(this.#options.quietMs, () => {
      this.#isQuiet = true;
      this.#wake();
    });
    this.#wake();
  }

  /** Tokens of a document that have been read in one stretch from its start. */
  tokensRead(session: DocumentSession): number {
    const text = session.document.tokens;
    const known = this.#progress.get(session);
    if (known?.edits === text.edits) return known.prefix.tokenCount;
    const nearest = text.prefixAt(this.#inference.store.nearest(text, text.tokenCount)?.tokenCount ?? 0);
    const isKnownValid =
      known !== undefined && known.prefix.tokenCount >= nearest.tokenCount && text.startsWith(known.prefix);
    const prefix = isKnownValid ? known.prefix : nearest;
    this.#progress.set(session, { prefix, edits: text.edits });
    return prefix.tokenCount;
  }

  /** Resolves when the run under way has ended. */
  async dispose(): Promise<void> {
    this.#cancellation.isCancellationRequested = true;
    this.#cancelTimer();
    await this.#running;
    this.#reader.dispose();
  }

  #wake(): void {
    if (this.#isRunning || this.#cancellation.isCancellationRequested) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      for (let work = this.#nextWork(); work !== undefined; work = this.#nextWork()) {
        await this.#readBlock(work, this.#cancellation);
      }
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#options.onError(error);
    } finally {
      this.#isRunning = false;
      this.#options.onProgress(undefined, 1);
    }
  }

  /** The document to go on with, and up to which token. */
  #nextWork(): BackgroundWork | undefined {
    const sessions = [...this.#sessions];
    if (this.#focus !== undefined) sessions.unshift(this.#focus);
    for (const session of sessions) {
      const { tokenCount } = session.document.tokens;
      const toCursor = wholeBlocks(Math.min(session.cursorToken, tokenCount));
      const target = this.#isQuiet ? wholeBlocks(tokenCount) : toCursor;
      const read = this.tokensRead(session);
      if (read < toCursor) return { session, target: toCursor };
      if (read < target) return { session, target };
    }
    return undefined;
  }

  /** Reads up to the next block's end, from where this reading stands or from the nearest checkpoint. */
  async #readBlock({ session, target }: BackgroundWork, cancellation: CancellationToken): Promise<void> {
    const text = session.document.tokens;
    const canContinue = this.#current === session && text.startsWith(this.#reader.prefix);
    if (!canContinue || this.#reader.prefix.tokenCount > target) {
      const near = this.#inference.store.nearest(text, target);
      this.#reader.restore(text.prefixAt(near?.tokenCount ?? 0), near?.state);
      this.#current = session;
    }
    const { edits } = text;
    const from = this.#reader.prefix.tokenCount;
    const to = Math.min(target, (Math.floor(from / blockTokens) + 1) * blockTokens);
    this.#options.onProgress(session, to / Math.max(1, text.tokenCount));
    await this.#reader.read(text.tokens(from, to), { want: "none", cancellation, savePolicy: session.checkpoints });
    if (to === target && to > 0) this.#reader.save();
    // Where the text changed meanwhile, tokensRead looks anew what still holds.
    if (text.edits === edits) this.#recordProgress(session);
  }

  /** Takes over how far the reading came in a text that is still the same. */
  #recordProgress(session: DocumentSession): void {
    const { prefix } = this.#reader;
    if (prefix.tokenCount <= this.tokensRead(session)) return;
    this.#progress.set(session, { prefix: prefix.copy(), edits: session.document.tokens.edits });
  }
}

interface DocumentProgress {
  /** What has been read, and how often the text had been edited when that was looked at. */
  readonly prefix: TokenPrefix;
  readonly edits: number;
}

interface BackgroundWork {
  readonly session: DocumentSession;
  readonly target: number;
}

function wholeBlocks(tokens: number): number {
  return Math.floor(tokens / blockTokens) * blockTokens;
}
