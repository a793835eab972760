import { CancellationTokenSource, type CancellationToken } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { requestAt } from "../core/completion/request.js";
import type { GenerateParams, GenerateResult } from "../protocol.js";
import { rawLine } from "./documents.js";
import type { LoadedModel } from "./loadedModel.js";

/** Who hears of the text, and who may end it. */
export interface GenerationListener {
  readonly onText: (text: string) => void;
  readonly cancellation: CancellationToken;
}

/** Answers `rwkv/generate`. */
export class Generations {
  readonly #running = new Set<CancellationTokenSource>();

  /** @throws Cancelled when the client cancels it, or the model goes. */
  async answer(
    loaded: LoadedModel,
    document: TextDocument,
    { position, maxLines }: GenerateParams,
    { onText, cancellation }: GenerationListener,
  ): Promise<GenerateResult> {
    const session = loaded.session(document.uri);
    if (session === undefined) return { characters: 0 };
    const line = Math.min(position.line, document.lineCount - 1);
    const { character } = position;
    const place = { session, line, rawLine: rawLine(document, line), character, selected: undefined };
    const neighbours = loaded.neighboursOf(session);
    const rest = { trigger: "invoked", longPrefix: "window", neighbours, arrivedMs: performance.now() } as const;
    const request = requestAt(place, rest, loaded.model.tokenizer.sentinelBytes);
    if (request === undefined) return { characters: 0 };

    const source = new CancellationTokenSource();
    this.#running.add(source);
    if (cancellation.isCancellationRequested) source.cancel();
    const subscription = cancellation.onCancellationRequested(() => {
      source.cancel();
    });
    try {
      const { text } = await loaded.generator.generate({ ...request, maxLines }, onText, source.token);
      return { characters: text.length };
    } finally {
      subscription.dispose();
      this.#running.delete(source);
      source.dispose();
    }
  }

  /** The model is about to go: ends all requests under way. */
  cancelAll(): void {
    for (const source of this.#running) source.cancel();
  }
}
