import { BackgroundReader } from "../core/states/backgroundReader.js";
import type { Neighbor } from "../core/decoding/documentNgrams.js";
import type { InferenceContext } from "../core/states/checkpointedReader.js";
import type { ReplyTokenCache } from "../core/chat/replyTokenCache.js";
import { Chat } from "../core/chat/chat.js";
import type { CheckpointStore } from "../core/states/checkpointStore.js";
import { AlternativeGenerator } from "../core/completion/alternatives.js";
import { Completer } from "../core/completion/completer.js";
import { Generator } from "../core/completion/generator.js";
import { DocumentSession } from "../core/completion/documentSession.js";
import { RecentDocuments } from "../core/completion/recentDocuments.js";
import { OpenDocument, type DocumentIdentity } from "../core/tokens/openDocument.js";
import { emptyBlockHash } from "../core/tokens/tokenPrefix.js";
import type { Model } from "../core/model.js";
import { Scheduler } from "../core/states/scheduler.js";
import type { CompletionCounter } from "../core/statistics.js";
import type { DocumentStatistics, ReadyModel, ServerSettings } from "../shared/protocol.js";
import { inertText } from "../shared/inertText.js";

export interface LoadedModelOptions {
  readonly settings: () => ServerSettings;
  readonly counter: CompletionCounter;
  readonly onReading: (uri: string | undefined, fraction: number) => void;
  readonly onError: (error: unknown) => void;
}

/** What a model is loaded with. */
export interface ModelResources {
  /** The setting that names the model. */
  readonly modelPath: string;
  /** Both outlive the model: if it is loaded again, its checkpoints and the tokens of its replies are found again. */
  readonly store: CheckpointStore;
  readonly replyTokens: ReplyTokenCache;
}

const minStates = 8;

/** Minimum expected correctness of an automatic completion, by setting. Chosen from the curve in docs/QUALITY.md. */
const thresholds: Readonly<Record<ServerSettings["confidence"], number>> = {
  careful: 0.8,
  balanced: 0.65,
  eager: 0.4,
  always: 0,
};
const quietMs = 1000;

/**
 * A loaded model together with everything that lives only as long as it does: sessions, readers, background reading.
 */
export class LoadedModel {
  readonly model: Model;
  readonly store: CheckpointStore;
  readonly completer: Completer;
  readonly alternatives: AlternativeGenerator;
  readonly generator: Generator;
  readonly chat: Chat;
  readonly #modelPath: string;
  readonly #backgroundReader: BackgroundReader;
  readonly #sessions = new Map<string, DocumentSession>();
  readonly #recent = new RecentDocuments();

  constructor(
    model: Model,
    { modelPath, store, replyTokens }: ModelResources,
    { settings, counter, onReading, onError }: LoadedModelOptions,
  ) {
    this.model = model;
    this.store = store;
    this.#modelPath = modelPath;
    const inference: InferenceContext = { model, scheduler: new Scheduler(), store };
    this.completer = new Completer(inference, counter, () => ({
      timeBudgetMs: settings().timeBudgetMs,
      maxTokens: 128,
      threshold: thresholds[settings().confidence],
      otherThresholds: Object.values(thresholds),
    }));
    this.alternatives = new AlternativeGenerator(inference);
    this.generator = new Generator(inference);
    this.chat = new Chat(inference, replyTokens);
    this.#backgroundReader = new BackgroundReader(inference, {
      quietMs,
      setTimer: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => {
          clearTimeout(timer);
        };
      },
      onProgress: (session, fraction) => {
        onReading(session?.document.uri, fraction);
      },
      onError,
    });
  }

  session(uri: string): DocumentSession | undefined {
    return this.#sessions.get(uri);
  }

  /** Opens a document. Replaces a session that is open under the same URI. */
  open(origin: DocumentIdentity, text: string): void {
    this.close(origin.uri);
    const emptyHash = emptyBlockHash(this.model.id);
    const { tokenizer, prompt } = this.model;
    const document = new OpenDocument(origin, text, { tokenizer, prompt, emptyHash });
    const maxStates = () =>
      Math.max(minStates, Math.floor(this.store.maxBytes / this.model.stateBytes / Math.max(1, this.#sessions.size)));
    const session = new DocumentSession(document, this.store, maxStates);
    this.#sessions.set(origin.uri, session);
    this.#backgroundReader.opened(session);
  }

  close(uri: string): void {
    const session = this.#sessions.get(uri);
    if (session === undefined) return;
    this.#sessions.delete(uri);
    this.#recent.closed(session);
    this.#backgroundReader.closed(session);
  }

  focus(uri: string): void {
    const session = this.#sessions.get(uri);
    if (session === undefined) return;
    this.#recent.touch(session);
    this.#backgroundReader.focused(session);
  }

  /** The status that is sent to the client. */
  get status(): ReadyModel {
    const { name, engine, chat, tokensPerSecond } = this.model;
    // Both texts may quote a file and are displayed.
    const shown = { model: inertText(name), engine: inertText(engine) };
    return { kind: "ready", ...shown, modelPath: this.#modelPath, chat, tokensPerSecond };
  }

  /** A document was edited, or a completion was requested: background reading continues toward the cursor first. */
  edited(session: DocumentSession): void {
    this.#recent.touch(session);
    this.#backgroundReader.edited(session);
  }

  /** Other open documents whose n-grams are used for completions in this one. */
  neighborsOf(session: DocumentSession): Neighbor[] {
    return this.#recent.neighborsOf(session);
  }

  documentStatistics(): DocumentStatistics[] {
    return [...this.#sessions.values()].map((session) => ({
      uri: session.document.uri,
      tokens: session.document.tokens.tokenCount,
      tokensRead: this.#backgroundReader.tokensRead(session),
      checkpoints: session.checkpoints.count,
    }));
  }

  async dispose(): Promise<void> {
    await this.#backgroundReader.dispose();
    await this.completer.dispose();
    await this.alternatives.dispose();
    await this.generator.dispose();
    await this.chat.dispose();
    await this.model.dispose();
  }
}
