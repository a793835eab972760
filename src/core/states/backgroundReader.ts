import { CheckpointedReader, type InferenceContext, type SavePolicy } from "./checkpointedReader.js";
import { setTimer } from "../platform.js";
import type { OpenDocument } from "../tokens/openDocument.js";
import { blockTokens, emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { Cancelled, type CancellationToken } from "../../shared/cancellation.js";

/** An open document as far as reading it is concerned. */
export interface BackgroundDocument {
  readonly document: OpenDocument;
  /** The number of tokens before the position where the user last worked. */
  readonly cursorToken: number;
  readonly checkpoints: SavePolicy;
}

export interface BackgroundReaderOptions<D> {
  /**
   * Idle time after the last edit before text below the cursor is read. Each edit above would invalidate its states.
   */
  readonly quietMs: number;
  /** The timer of platform.ts if absent. */
  readonly setTimer?: typeof setTimer;
  /** Reports the document being read and the fraction read so far; undefined once there is nothing left to read. */
  readonly onProgress: (session: D | undefined, fraction: number) => void;
  /** Reports a failed run. Reading stops until the next event resumes it. */
  readonly onError: (error: unknown) => void;
}

/**
 * Reads open documents and saves checkpoints while nothing more urgent runs. The focused document comes first, and in
 * each document the text up to the cursor. Progress is identified by tokens, so after an edit reading resumes where the
 * text still agrees with them; no edit has to be reported.
 */
export class BackgroundReader<D extends BackgroundDocument> {
  readonly #inference: InferenceContext;
  readonly #options: BackgroundReaderOptions<D>;
  readonly #reader: CheckpointedReader;
  readonly #sessions = new Set<D>();
  readonly #cancellation = { isCancellationRequested: false };
  /**
   * How far each document has been read. A text that still begins with these tokens is not read again, even after
   * eviction.
   */
  readonly #progress = new WeakMap<D, DocumentProgress>();
  #focus: D | undefined;
  /** True once the client has reported a focused document. From then on, documents that are only open are not read. */
  #isFocusKnown = false;
  /** The document that `#reader` is in. */
  #current: D | undefined;
  #isRunning = false;
  /** The current or the last call of #run, which handles its own errors. */
  #running: Promise<void> = Promise.resolve();
  #isQuiet = true;
  #cancelTimer = (): void => undefined;

  constructor(inference: InferenceContext, options: BackgroundReaderOptions<D>) {
    this.#inference = inference;
    this.#options = options;
    this.#reader = new CheckpointedReader(
      inference,
      "background",
      new TokenPrefix(emptyBlockHash(inference.model.id), 0, []),
    );
  }

  opened(session: D): void {
    if (this.#isFocusKnown) return;
    this.#sessions.add(session);
    this.#wake();
  }

  closed(session: D): void {
    this.#sessions.delete(session);
    if (this.#focus === session) this.#focus = undefined;
  }

  /** Call when the user looks at a document. */
  focused(session: D): void {
    if (!this.#isFocusKnown) this.#sessions.clear();
    this.#isFocusKnown = true;
    this.#sessions.add(session);
    this.#focus = session;
    this.#wake();
  }

  /** Call when the user typed, or requested a completion far from the text read so far. */
  edited(session: D): void {
    this.#sessions.add(session);
    this.#focus = session;
    this.#isQuiet = false;
    this.#cancelTimer();
    this.#cancelTimer = (this.#options.setTimer ?? setTimer)(this.#options.quietMs, () => {
      this.#isQuiet = true;
      this.#wake();
    });
    this.#wake();
  }

  /** The number of tokens at the start of a document that have been read without a gap. */
  tokensRead(session: D): number {
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

  /** Stops reading. Resolves after the current run. */
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

  /** The next document to read and the token to read up to; undefined if everything has been read. */
  #nextWork(): BackgroundWork<D> | undefined {
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

  /** Reads up to the end of the next block, from the reader's position or from the nearest checkpoint. */
  async #readBlock({ session, target }: BackgroundWork<D>, cancellation: CancellationToken): Promise<void> {
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
    // If the text has changed meanwhile, tokensRead determines what is still valid.
    if (text.edits === edits) this.#recordProgress(session);
  }

  /** Records the reader's progress in a text that has not changed. */
  #recordProgress(session: D): void {
    const { prefix } = this.#reader;
    if (prefix.tokenCount <= this.tokensRead(session)) return;
    this.#progress.set(session, { prefix: prefix.copy(), edits: session.document.tokens.edits });
  }
}

interface DocumentProgress {
  /** The tokens that have been read. */
  readonly prefix: TokenPrefix;
  /** The text's edit count when `prefix` was determined. */
  readonly edits: number;
}

interface BackgroundWork<D> {
  readonly session: D;
  readonly target: number;
}

/** The number of tokens in the full blocks of `tokens` tokens. */
function wholeBlocks(tokens: number): number {
  return Math.floor(tokens / blockTokens) * blockTokens;
}
