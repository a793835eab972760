import { readLimits } from "../completion/readLimits.js";
import { DocumentSession, type Preamble } from "../completion/documentSession.js";
import { BackgroundReader } from "../states/backgroundReader.js";
import type { Packing } from "../states/packing.js";
import type { InferenceContext } from "../states/checkpointedReader.js";
import { OpenDocument, type DocumentIdentity, type LineEdit } from "../tokens/openDocument.js";
import { emptyBlockHash } from "../tokens/tokenPrefix.js";
import { DocumentArchive } from "./documentArchive.js";
import type { EngineOptions } from "./engineOptions.js";
import { RecentDocuments, type OpenNeighbor } from "./recentDocuments.js";

/** How much of an open document has been read. */
export interface DocumentProgress {
  readonly uri: string;
  readonly tokens: number;
  readonly tokensRead: number;
  readonly checkpoints: number;
}

/** The documents that are open for a model, by URI. They are kept tokenized, and read in the background. */
export class EngineDocuments {
  readonly #inference: InferenceContext;
  readonly #background: BackgroundReader<DocumentSession> | undefined;
  readonly #archive: DocumentArchive | undefined;
  readonly #sessions = new Map<string, DocumentSession>();
  readonly #recent = new RecentDocuments();
  readonly #packing: Packing;

  /**
   * @param background if absent, documents are read only as far as requests need them.
   * @param archive if absent, no states are kept across restarts.
   * @param timeBudgetMs time budget of a completion.
   */
  constructor(
    inference: InferenceContext,
    { background, archive }: Pick<EngineOptions, "background" | "archive">,
    timeBudgetMs: () => number,
  ) {
    this.#inference = inference;
    const maxGapTokens = (): number => readLimits(inference.model, timeBudgetMs()).maxTokens;
    const { packedStateBytes: packedBytes } = inference.model;
    this.#packing = { packedBytes, pack: (state) => inference.model.pack(state), maxGapTokens };
    if (archive !== undefined) this.#archive = new DocumentArchive(inference, archive, timeBudgetMs);
    if (background === undefined) return;
    const { onProgress } = background;
    this.#background = new BackgroundReader<DocumentSession>(inference, {
      ...background,
      maxGapTokens,
      // Restores archived states first, so that the text that they have read is not read again.
      prepare: (session) => this.#archive?.restored(session),
      onProgress: (session, fraction) => {
        onProgress(session?.document.uri, fraction);
      },
    });
  }

  /** Opens a document, replacing one that is open under the same URI. */
  open(identity: DocumentIdentity, text: string): void {
    this.close(identity.uri);
    const { tokenizer, prompt, id } = this.#inference.model;
    const document = new OpenDocument(identity, text, { tokenizer, prompt, emptyHash: emptyBlockHash(id) });
    const weight = (): number => this.#recent.weightOf(session);
    const session: DocumentSession = new DocumentSession(document, this.#inference.store, {
      weight,
      packing: this.#packing,
    });
    this.#sessions.set(identity.uri, session);
    this.#background?.opened(session);
  }

  close(uri: string): void {
    const session = this.#sessions.get(uri);
    if (session === undefined) return;
    this.#sessions.delete(uri);
    this.#recent.closed(session);
    this.#background?.closed(session);
    this.#archive?.closed(session);
    session.checkpoints.dispose();
  }

  isOpen(uri: string): boolean {
    return this.#sessions.has(uri);
  }

  /** Undefined if the document is not open. */
  lineCount(uri: string): number | undefined {
    return this.#sessions.get(uri)?.document.lineCount;
  }

  edit(uri: string, edit: LineEdit): void {
    const session = this.#sessions.get(uri);
    if (session === undefined) return;
    session.edit(edit);
    this.worked(session);
  }

  setText(uri: string, text: string): void {
    const session = this.#sessions.get(uri);
    if (session === undefined) return;
    session.setText(text);
    this.worked(session);
  }

  /** Sets text that is read before a document's own, such as the cells above in a notebook. */
  setPreamble(uri: string, preamble: Preamble): void {
    this.#sessions.get(uri)?.setPreamble(preamble);
  }

  /** Call when the user looks at a document, so that it is read first. */
  focus(uri: string): void {
    const session = this.#sessions.get(uri);
    if (session === undefined) return;
    this.#recent.touch(session);
    this.#background?.focused(session);
  }

  /** Call when there may be more to read in the background, for example because the settings have changed. */
  resumeReading(): void {
    this.#background?.resume();
  }

  /**
   * Call when a document was edited or a completion was requested. The background reader then reads up to the cursor
   * first.
   */
  worked(session: DocumentSession): void {
    if (this.session(session.document.uri) !== session) return; // it has been closed
    this.#recent.touch(session);
    this.#archive?.used(session);
    this.#background?.edited(session);
  }

  /**
   * Resolves once the archived state from which a request on a line can start is restored or given up, or the request
   * has waited long enough. Undefined if there is nothing to wait for.
   */
  restored(uri: string, line: number): Promise<void> | undefined {
    const session = this.session(uri);
    if (session === undefined || this.#archive === undefined) return undefined;
    this.#archive.used(session);
    const { document } = session;
    return this.#archive.restoring(session, document.tokens.tokensEndingBy(document.lineStart(line)));
  }

  session(uri: string): DocumentSession | undefined {
    return this.#sessions.get(uri);
  }

  /** Other open documents whose n-grams are used for completions in this one. */
  neighborsOf(session: DocumentSession): OpenNeighbor[] {
    return this.#recent.neighborsOf(session);
  }

  progress(): DocumentProgress[] {
    return [...this.#sessions.values()].map((session) => ({
      uri: session.document.uri,
      tokens: session.document.tokens.tokenCount,
      tokensRead: session.checkpoints.tokensRead,
      checkpoints: session.checkpoints.count,
    }));
  }

  /** Stops background reading and saves states to the archive. The checkpoints stay in the store. */
  async dispose(): Promise<void> {
    const readingEnded = this.#background?.dispose(); // may be waiting for archived states; the next line ends that
    await this.#archive?.dispose();
    await readingEnded;
    for (const { checkpoints } of this.#sessions.values()) checkpoints.dispose();
  }
}
