import { BackgroundReader } from "../src/core/states/backgroundReader.js";
import { CheckpointStore } from "../src/core/states/checkpointStore.js";
import type { InferenceContext } from "../src/core/states/checkpointedReader.js";
import { Completer } from "../src/core/completion/completer.js";
import { DocumentSession } from "../src/core/completion/documentSession.js";
import { toRequest } from "../src/core/completion/editorRequest.js";
import { OpenDocument } from "../src/core/tokens/openDocument.js";
import { emptyBlockHash } from "../src/core/tokens/tokenPrefix.js";
import { type Model } from "../src/core/model.js";
import { Scheduler } from "../src/core/states/scheduler.js";
import { CompletionCounter, type CompletionCost } from "../src/core/statistics.js";
import { neverCancelled } from "../src/shared/cancellation.js";

/** As the editor has it by default. */
const checkpointBytes = 256 * 2 ** 20;

/** Decoded for each answer, unless the model ends it sooner. */
export const completionTokens = 8;

/** Someone who types into a document at the end of its prefix. */
export class Typist {
  readonly session: DocumentSession;
  readonly inference: InferenceContext;
  readonly #counter = new CompletionCounter();
  readonly #completer: Completer;
  readonly #line: number;
  #typed = "";

  /** @param above text before the place, ends with a line end; `below` begins with one, or is empty. */
  constructor(model: Model, above: string, below: string) {
    const store = new CheckpointStore(checkpointBytes);
    this.inference = { model, scheduler: new Scheduler(), store };
    const limits = { timeBudgetMs: Infinity, maxTokens: completionTokens, threshold: 0 };
    this.#completer = new Completer(this.inference, this.#counter, () => limits);
    const origin = { uri: "file:///src/big.ts", headerPath: "src/big.ts" };
    const { tokenizer, prompt, id } = model;
    const document = new OpenDocument(origin, above + below, { tokenizer, prompt, emptyHash: emptyBlockHash(id) });
    this.session = new DocumentSession(document, store, () => Math.floor(checkpointBytes / model.stateBytes));
    this.#line = above.split("\n").length - 1;
    this.session.cursorToken = document.tokens.tokensEndingBy(document.lineStart(this.#line));
  }

  /** Lets the background reading read the document, as it does while nobody types. */
  readDocument(): Promise<void> {
    return new Promise((resolve, reject) => {
      const backgroundReader = new BackgroundReader(this.inference, {
        quietMs: 0,
        setTimer: () => () => undefined,
        onProgress: (session) => {
          if (session !== undefined) return;
          resolve(backgroundReader.dispose());
        },
        onError: reject,
      });
      backgroundReader.opened(this.session);
    });
  }

  /** One more character on the line, and the completion that is then asked for; undefined where it needed no run. */
  async key(character: string): Promise<CompletionCost | undefined> {
    const before = this.#counter.last;
    this.#typed += character;
    const isLast = this.#line === this.session.document.lineCount - 1;
    this.session.edit({ startLine: this.#line, endLine: this.#line + 1, text: this.#typed + (isLast ? "" : "\n") });
    const position = {
      session: this.session,
      line: this.#line,
      rawLine: this.#typed,
      character: this.#typed.length,
      selected: undefined,
    };
    const options = {
      trigger: "automatic",
      prefixMode: "window",
      neighbors: [],
      arrivedMs: performance.now(),
    } as const;
    const request = toRequest(position, options, this.inference.model.tokenizer.sentinelBytes);
    if (request !== undefined) await this.#completer.complete(request, neverCancelled);
    return this.#counter.last === before ? undefined : this.#counter.last;
  }
}
