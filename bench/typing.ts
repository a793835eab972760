import { ReplyTokenCache } from "../src/core/chat/replyTokenCache.js";
import type { DocumentSession } from "../src/core/completion/documentSession.js";
import { CompletionEngine } from "../src/core/engine/completionEngine.js";
import type { BackgroundOptions } from "../src/core/engine/engineOptions.js";
import { type Model } from "../src/core/model.js";
import { CheckpointStore } from "../src/core/states/checkpointStore.js";
import { CompletionCounter, type CompletionCost } from "../src/core/statistics.js";
import { neverCancelled } from "../src/shared/cancellation.js";

/** The default of `rwkvCode.checkpointMemoryMB`. */
const checkpointBytes = 256 * 2 ** 20;

/** Maximum number of tokens decoded per completion. */
export const completionTokens = 8;

const identity = { uri: "file:///src/big.ts", headerPath: "src/big.ts" };

/** Simulates a user who types into a document after the text `above`. */
export class Typist {
  readonly engine: CompletionEngine;
  readonly #model: Model;
  readonly #text: string;
  readonly store = new CheckpointStore(checkpointBytes);
  readonly #counter = new CompletionCounter();
  readonly #line: number;
  #typed = "";

  /**
   * @param above text before the cursor; ends with a newline.
   * @param below text after the cursor; empty, or starts with a newline.
   */
  constructor(model: Model, above: string, below: string) {
    this.#model = model;
    this.#text = above + below;
    this.#line = above.split("\n").length - 1;
    this.engine = this.#engine();
    this.#open(this.engine);
  }

  get session(): DocumentSession {
    const session = this.engine.documents.session(identity.uri);
    if (session === undefined) throw new Error("the document was closed");
    return session;
  }

  /**
   * Reads the document in the background. Another engine with the same store does this and is then disposed of, so that
   * no background reading runs while keystrokes are measured.
   */
  async readDocument(): Promise<void> {
    let engine: CompletionEngine | undefined;
    await new Promise<void>((resolve, reject) => {
      const onProgress = (uri: string | undefined): void => {
        if (uri === undefined) resolve();
      };
      engine = this.#engine({ quietMs: 0, onProgress, onError: reject });
      this.#open(engine);
    });
    await engine?.dispose();
  }

  /** Types a character and requests a completion. @returns its cost; undefined if the model did not run. */
  async key(character: string): Promise<CompletionCost | undefined> {
    const before = this.#counter.last;
    const { uri } = identity;
    const line = this.#line;
    this.#typed += character;
    this.#write(this.engine);
    const request = { uri, line, rawLine: this.#typed, character: this.#typed.length };
    await this.engine.complete(request, { trigger: "automatic" }, neverCancelled);
    return this.#counter.last === before ? undefined : this.#counter.last;
  }

  /** Opens the document in an engine, with the cursor after the text that was typed. */
  #open({ documents }: Pick<CompletionEngine, "documents">): void {
    documents.open(identity, this.#text);
    this.#write({ documents });
  }

  #write({ documents }: Pick<CompletionEngine, "documents">): void {
    const isLast = this.#line + 1 === documents.lineCount(identity.uri);
    const text = this.#typed + (isLast ? "" : "\n");
    documents.edit(identity.uri, { startLine: this.#line, endLine: this.#line + 1, text });
  }

  #engine(background?: BackgroundOptions): CompletionEngine {
    return new CompletionEngine({
      model: this.#model,
      store: this.store,
      replyTokens: new ReplyTokenCache(),
      limits: () => ({ timeBudgetMs: Infinity, maxTokens: completionTokens, threshold: 0 }),
      counter: this.#counter,
      ...(background !== undefined && { background }),
    });
  }
}
