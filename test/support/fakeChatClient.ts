import type { CancellationToken } from "vscode";
import type { ChatFormat, ChatParams, ChatDelta, ChatResult, ReadyModel } from "../../src/shared/protocol.js";

type Asked = Omit<ChatParams, "partialResultToken">;

/** A server whose replies the test writes, delta by delta. */
export class FakeChatClient {
  readonly documents = {
    blocker: () => undefined,
    ineligibility: ({ languageId }: { readonly languageId: string }) =>
      languageId === "markdown" ? "languageOff" : undefined,
  };
  format: ChatFormat = "world";
  /** Whether a model is loaded. Without one, all token counts are 0. */
  isLoaded = true;
  /** The requests so far. */
  readonly request: Asked[] = [];
  #onDelta: (delta: ChatDelta) => void = () => undefined;
  #end: (result: ChatResult | undefined) => void = () => undefined;
  #received: () => void = () => undefined;

  start(): Promise<void> {
    return Promise.resolve();
  }

  model(): Promise<ReadyModel> {
    this.isLoaded = true;
    return Promise.resolve(readyModel(this.format));
  }

  countTokens(texts: readonly string[]): Promise<readonly number[]> {
    return Promise.resolve(texts.map(({ length }) => (this.isLoaded ? length : 0)));
  }

  chat(
    request: Asked,
    onDelta: (delta: ChatDelta) => void,
    cancellation: CancellationToken,
  ): Promise<ChatResult | undefined> {
    this.request.push(request);
    this.#onDelta = onDelta;
    this.#received();
    return new Promise((resolve) => {
      this.#end = resolve;
      cancellation.onCancellationRequested(() => {
        resolve(undefined);
      });
    });
  }

  /** Resolves when the next request arrives. */
  isAsked(): Promise<void> {
    return new Promise((resolve) => {
      this.#received = resolve;
    });
  }

  writes(text: string, written = text): void {
    this.#onDelta({ written, thinking: "", text });
  }

  ends(stop: ChatResult["stop"] = "end"): void {
    this.#end({
      stop,
      tokensRead: 1,
      tokensFromCheckpoint: 0,
      tokensDecoded: 1,
      ms: 2,
      msToFirstToken: 1,
    } as ChatResult); // no other members are used
  }
}

export function readyModel(chat: ChatFormat): ReadyModel {
  return { kind: "ready", model: "fake", modelPath: "", engine: "none", chat, tokensPerSecond: 1 };
}
