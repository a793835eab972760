import { randomInt } from "node:crypto";
import * as vscode from "vscode";
import type { ChatFormat, ChatResult, ReadyModel } from "../../shared/protocol.js";
import { replyLeadIn } from "../chat/conversation.js";
import type { CompletionClient } from "../completionClient.js";
import { KeptState, type KeptForm } from "../keptState.js";
import {
  textPart,
  type ChatProvider,
  type ModelInformation,
  type RequestMessage,
  type ResponseRequest,
} from "./api.js";
import { textOf, turnsOf } from "./requestTurns.js";

/** Limit reported to VS Code. The model itself has none, but reading takes time, and training texts were shorter. */
const maxInputTokens = 32_768;
/** Equal to the server's limit for a reply. */
const maxOutputTokens = 2_048;
/** Number of replies whose exact text is remembered; more than a conversation is likely to have. */
const maxReplies = 500;
/** Used to estimate the number of tokens while no model is loaded. */
const charactersPerToken = 4;

/** The last model that was ready and can chat. It is stored, so that it can be offered before the server runs. */
interface KnownModel {
  readonly modelPath: string;
  readonly name: string;
}

const knownForm: KeptForm<KnownModel | undefined> = {
  name: "languageModel.talking",
  version: 1,
  read: (value) => {
    const { modelPath, name } = (value ?? {}) as Partial<KnownModel>; // checked below
    return typeof modelPath === "string" && typeof name === "string" ? { modelPath, name } : undefined;
  },
};

type ReadingCost = Pick<ChatResult, "tokensRead" | "tokensFromCheckpoint">;

export interface ModelChatProviderOptions {
  readonly client: Pick<CompletionClient, "start" | "model" | "chat" | "countTokens">;
  /** The folder of the model in the current settings. */
  readonly modelPath: () => string;
  readonly memento: vscode.Memento;
}

/** Offers the model in VS Code's own chat, if it was trained to chat. It calls no tools. */
export class ModelChatProvider implements ChatProvider, vscode.Disposable {
  readonly #options: ModelChatProviderOptions;
  readonly #known: KeptState<KnownModel | undefined>;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Replies exactly as the model wrote them, keyed by the chat format and the text that was shown. */
  readonly #written = new Map<string, string>();
  readonly onDidChangeLanguageModelChatInformation = this.#changed.event;
  #lastCost: ReadingCost | undefined;

  constructor(options: ModelChatProviderOptions) {
    this.#options = options;
    this.#known = new KeptState(options.memento, knownForm);
  }

  /** How many tokens of the last request the model read, and how many a checkpoint covered. */
  get lastCost(): ReadingCost | undefined {
    return this.#lastCost;
  }

  /** Call whenever a model is ready. */
  async ready({ chat, model, modelPath }: ReadyModel): Promise<void> {
    const before = this.#known.value;
    const known = chat === "none" ? undefined : { modelPath, name: model };
    if (before?.modelPath === known?.modelPath && before?.name === known?.name) return;
    await this.#known.update(known);
    this.#changed.fire();
  }

  /** Call when another model is selected in the settings. */
  modelChanged(): void {
    this.#changed.fire();
  }

  async provideLanguageModelChatInformation(): Promise<readonly ModelInformation[]> {
    const known = this.#known.value;
    if (known?.modelPath !== this.#options.modelPath()) return [];
    return [
      {
        id: "rwkv",
        name: known.name,
        family: "rwkv",
        version: "1",
        detail: vscode.l10n.t("on this machine"),
        maxInputTokens,
        maxOutputTokens,
        capabilities: { imageInput: false, toolCalling: false },
      },
    ];
  }

  /** @throws Error if no chat model can be loaded. */
  async provideLanguageModelChatResponse(...request: ResponseRequest): Promise<void> {
    const [, messages, , progress, token] = request;
    const { client } = this.#options;
    await client.start();
    const { chat } = await client.model();
    if (chat === "none") throw new Error(vscode.l10n.t("The loaded model was not trained to talk."));
    const { system, turns } = turnsOf(messages, (reply) => this.#writtenOf(reply, chat));
    const result = await client.chat(
      { turns, system, scratchLanguageId: "", seed: randomInt(2 ** 31) },
      ({ text }) => {
        if (text !== "") progress.report(textPart(text));
      },
      token,
    );
    if (result === undefined) return;
    const { tokensRead, tokensFromCheckpoint } = result;
    this.#lastCost = { tokensRead, tokensFromCheckpoint };
    this.#remember(result, chat);
  }

  async provideTokenCount(_model: ModelInformation, text: string | RequestMessage): Promise<number> {
    const counted = typeof text === "string" ? text : textOf(text.content);
    const [tokens = 0] = await this.#options.client.countTokens([counted]);
    return tokens > 0 ? tokens : Math.ceil(counted.length / charactersPerToken);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #writtenOf(reply: string, format: ChatFormat): string {
    return this.#written.get(keyOf(reply, format)) ?? replyLeadIn[format] + reply;
  }

  #remember({ text, written }: ChatResult, format: ChatFormat): void {
    const key = keyOf(text, format);
    this.#written.delete(key);
    this.#written.set(key, written);
    const [oldest] = this.#written.keys();
    if (this.#written.size > maxReplies && oldest !== undefined) this.#written.delete(oldest);
  }
}

/**
 * The key of a reply. It contains the chat format, because a model with another format must not read the markup that
 * this format puts around the text.
 */
function keyOf(reply: string, format: ChatFormat): string {
  return `${format} ${reply.trim()}`;
}
