import { randomInt, randomUUID } from "node:crypto";
import { l10n, type CancellationTokenSource } from "vscode";
import type { ReplyCost, ToView } from "../../shared/chatMessages.js";
import type { ChatDelta, ChatResult, ReadyModel } from "../../shared/protocol.js";
import type { CompletionClient } from "../completionClient.js";
import type { ReplyFormat, ReplyNode, Conversation } from "./conversation.js";
import { errorMessage } from "../../shared/errorMessage.js";

/** Longer than any run of backticks that code is likely to contain. */
const fence = "`````";

export interface PendingReplyOptions {
  /** Whether the model should think first, if it can. */
  readonly think: boolean;
  /** Whether a model that was not trained to chat may continue the text. */
  readonly isScratchpad: boolean;
  readonly onDelta: (delta: Extract<ToView, { kind: "delta" }>) => void;
  /** Disposed when the reply ends. */
  readonly cancellation: Cancellation;
}

type Cancellation = Pick<CancellationTokenSource, "token" | "cancel" | "dispose">;

/** The requests that a reply needs. */
export type ReplyClient = Pick<CompletionClient, "start" | "model" | "chat">;

/** A reply while it is being written. */
export class PendingReply {
  readonly id = randomUUID();
  readonly #parent: string;
  readonly #conversation: Conversation;
  readonly #think: boolean;
  readonly #isScratchpad: boolean;
  readonly #onDelta: PendingReplyOptions["onDelta"];
  readonly #cancellation: Cancellation;
  /** Known once the model is loaded. */
  #form: ReplyFormat | undefined;
  #written = "";
  #thinking = "";
  #text = "";

  /** Adds an empty reply to the conversation, as a child of the user's message `parent`. */
  constructor(conversation: Conversation, parent: string, options: PendingReplyOptions) {
    this.#conversation = conversation;
    this.#parent = parent;
    this.#think = options.think;
    this.#isScratchpad = options.isScratchpad;
    this.#onDelta = options.onDelta;
    this.#cancellation = options.cancellation;
    this.#put("stopped");
  }

  /** Ends the reply; the text so far is kept. */
  stop(): void {
    this.#cancellation.cancel();
  }

  /** Writes the reply. @returns the reply's cost; undefined if it was stopped or failed. */
  async write(client: ReplyClient, system: string): Promise<ReplyCost | undefined> {
    const { token } = this.#cancellation;
    try {
      const model = await Promise.race([loadedModel(client), cancelled(token)]);
      if (model === undefined) return undefined;
      if (model.chat === "none" && !this.#isScratchpad) throw new Error(notTrainedText());
      const form = { format: model.chat, think: model.chat === "g1" && this.#think };
      this.#form = form;
      this.#open();
      const result = await client.chat(
        {
          turns: this.#conversation.turnsUpTo(this.#parent, form),
          system,
          scratchLanguageId: this.#conversation.languageId,
          seed: randomInt(2 ** 31),
        },
        (delta) => {
          this.#add(delta);
        },
        token,
      );
      this.#close();
      this.#put(result === undefined ? "stopped" : endingOf(result));
      return result && costOf(result);
    } catch (error) {
      this.#close();
      this.#put("failed", errorMessage(error));
      return undefined;
    } finally {
      this.#cancellation.dispose();
    }
  }

  #add({ written, thinking, text }: ChatDelta): void {
    const isFirst = this.#written === "";
    this.#written += written;
    this.#thinking += thinking;
    this.#show(thinking, this.#form?.format === "none" && isFirst ? text.replace(/^\n+/, "") : text);
  }

  #show(thinking: string, text: string): void {
    this.#text += text;
    this.#put("stopped");
    this.#onDelta({ kind: "delta", messageId: this.id, thinking, text });
  }

  /** Opens a code fence for a model that was not trained to chat, because it writes code, not Markdown. */
  #open(): void {
    if (this.#form?.format === "none") this.#show("", `${fence}${this.#conversation.languageId}\n`);
  }

  #close(): void {
    if (this.#form?.format === "none") this.#show("", `\n${fence}`);
  }

  #put(ending: ReplyNode["ending"], problem?: string): void {
    const parts = { written: this.#written, form: this.#form, thinking: this.#thinking, text: this.#text };
    this.#conversation.put({ id: this.id, role: "assistant", parent: this.#parent, ...parts, ending, problem });
  }
}

function notTrainedText(): string {
  return l10n.t("The loaded model was not trained to talk. Get a model that was, or use this one as a scratchpad.");
}

/** The model that will reply. It may have been unloaded or changed since the last reply. */
async function loadedModel(client: ReplyClient): Promise<ReadyModel> {
  await client.start();
  return client.model();
}

/** Resolves when the token is cancelled, so that a stopped reply does not wait for the model to load. */
function cancelled(token: Cancellation["token"]): Promise<undefined> {
  return new Promise((resolve) => {
    token.onCancellationRequested(() => {
      resolve(undefined);
    });
  });
}

/** How a reply ended: "noReply" if the model ended it without any text, perhaps after thinking only. */
function endingOf({ stop, text }: ChatResult): ReplyNode["ending"] {
  return stop === "end" && text.trim() === "" ? "noReply" : endings[stop];
}

const endings = { end: "whole", limit: "limit", repetition: "repeats" } as const;

function costOf({ tokensRead, tokensFromCheckpoint, tokensDecoded, ms, msToFirstToken }: ChatResult): ReplyCost {
  const seconds = Math.max(1, ms - msToFirstToken) / 1000;
  return { tokensPerSecond: tokensDecoded / seconds, tokensRead, tokensFromCheckpoint };
}
