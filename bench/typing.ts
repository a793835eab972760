import { BackgroundReading } from "../src/core/backgroundReading.js";
import { CheckpointStore } from "../src/core/checkpoints/store.js";
import type { ReadingRoom } from "../src/core/checkpoints/reading.js";
import { Completer } from "../src/core/completion/completer.js";
import { DocumentSession } from "../src/core/completion/documentSession.js";
import { requestAt } from "../src/core/completion/request.js";
import { OpenDocument } from "../src/core/document/openDocument.js";
import { emptyBlockHash } from "../src/core/document/tokenChain.js";
import { neverCancelled, type Model } from "../src/core/model.js";
import { Scheduler } from "../src/core/scheduler.js";
import { CompletionCounter, type CompletionCost } from "../src/core/statistics.js";

/** As the editor has it by default. */
const checkpointBytes = 256 * 2 ** 20;

/** Decoded for each answer, unless the model ends it sooner. */
export const answerTokens = 8;

/** Someone who types into a document at the end of its prefix. */
export class Typist {
  readonly session: DocumentSession;
  readonly room: ReadingRoom;
  readonly #counter = new CompletionCounter();
  readonly #completer: Completer;
  readonly #line: number;
  #typed = "";

  /** @param above text before the place, ends with a line end; `below` begins with one, or is empty. */
  constructor(model: Model, above: string, below: string) {
    const store = new CheckpointStore(checkpointBytes);
    this.room = { model, scheduler: new Scheduler(), store };
    const limits = { timeBudgetMs: Infinity, maxTokens: answerTokens, threshold: 0 };
    this.#completer = new Completer(this.room, this.#counter, () => limits);
    const origin = { uri: "file:///src/big.ts", headerPath: "src/big.ts" };
    const { tokenizer, prompt, id } = model;
    const document = new OpenDocument(origin, above + below, { tokenizer, prompt, emptyHash: emptyBlockHash(id) });
    this.session = new DocumentSession(document, store, () => Math.floor(checkpointBytes / model.stateBytes));
    this.#line = above.split("\n").length - 1;
    this.session.cursor = document.tokens.tokensEndingBy(document.lineStart(this.#line));
  }

  /** Lets the background reading read the document, as it does while nobody types. */
  readAll(): Promise<void> {
    return new Promise((resolve, reject) => {
      const reading = new BackgroundReading(this.room, {
        quietMs: 0,
        after: () => () => undefined,
        onProgress: (session) => {
          if (session !== undefined) return;
          resolve(reading.dispose());
        },
        onError: reject,
      });
      reading.opened(this.session);
    });
  }

  /** One more character on the line, and the completion that is then asked for; undefined where it needed no run. */
  async key(character: string): Promise<CompletionCost | undefined> {
    const before = this.#counter.last;
    this.#typed += character;
    const isLast = this.#line === this.session.document.lineCount - 1;
    this.session.edit({ startLine: this.#line, endLine: this.#line + 1, text: this.#typed + (isLast ? "" : "\n") });
    const place = {
      session: this.session,
      line: this.#line,
      rawLine: this.#typed,
      character: this.#typed.length,
      selected: undefined,
    };
    const options = {
      trigger: "automatic",
      longPrefix: "window",
      neighbours: [],
      arrivedMs: performance.now(),
    } as const;
    const request = requestAt(place, options, this.room.model.tokenizer.sentinelBytes);
    if (request !== undefined) await this.#completer.complete(request, neverCancelled);
    return this.#counter.last === before ? undefined : this.#counter.last;
  }
}
