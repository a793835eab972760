import * as vscode from "vscode";
import type { ReplyCost } from "../../shared/chatMessages.js";
import type { CompletionClient } from "../completionClient.js";
import type { Settings } from "../settings.js";
import { countSent } from "./attachments.js";
import type { ChatModel } from "./chatModel.js";
import type { Conversation } from "./conversation.js";
import type { ConversationStore } from "./conversationStore.js";
import { PendingReply, type PendingReplyOptions } from "./pendingReply.js";

export interface ReplyWriterOptions {
  readonly client: CompletionClient;
  readonly settings: () => Settings;
  readonly store: ConversationStore;
  readonly model: ChatModel;
  /** Called when a reply begins. @returns the conversation to write it in. */
  readonly onBegin: () => Conversation;
  readonly onDelta: PendingReplyOptions["onDelta"];
  /** Called when a reply has begun or ended, and when the tokens of sent attachments have been counted. */
  readonly onChange: () => void;
}

/** A reply that is being written is saved at this interval. */
const saveIntervalMs = 5_000;

/** Writes replies, one at a time, and saves their conversations. */
export class ReplyWriter {
  readonly #options: ReplyWriterOptions;
  #pending: PendingReply | undefined;
  /** Resolves when the pending reply has ended. */
  #ended: Promise<void> = Promise.resolve();
  #cost: ReplyCost | undefined;

  constructor(options: ReplyWriterOptions) {
    this.#options = options;
  }

  /** The id of the pending reply; undefined if there is none. */
  get writing(): string | undefined {
    return this.#pending?.id;
  }

  /** The cost of the last reply; undefined if the reply was stopped or failed, or after `forgetCost`. */
  get cost(): ReplyCost | undefined {
    return this.#cost;
  }

  forgetCost(): void {
    this.#cost = undefined;
  }

  /**
   * Writes a reply to a message. If another reply is pending, stops it first. If several calls wait for that, the last
   * one wins.
   */
  async write(messageId: string): Promise<void> {
    const { client, settings, store, model, onBegin, onDelta, onChange } = this.#options;
    while (this.#pending !== undefined) await this.stop();
    const conversation = onBegin();
    let savedAtMs = Date.now();
    const pending = new PendingReply(conversation, messageId, {
      think: model.thinks,
      isScratchpad: model.isScratchpad,
      onDelta: (delta) => {
        onDelta(delta);
        if (Date.now() < savedAtMs + saveIntervalMs) return;
        savedAtMs = Date.now();
        void store.save(conversation); // reports its own errors
      },
      cancellation: new vscode.CancellationTokenSource(),
    });
    this.#pending = pending;
    onChange();
    void store.save(conversation); // reports its own errors
    this.#ended = pending.write(client, settings().chatSystem).then(async (cost) => {
      this.#pending = undefined;
      this.#cost = cost;
      onChange();
      if (await countSent(conversation, messageId, client)) onChange();
      await store.save(conversation);
    });
    await this.#ended;
  }

  /** Stops the pending reply, if there is one. Resolves when the last reply has ended and is saved. */
  async stop(): Promise<void> {
    this.#pending?.stop();
    await this.#ended;
  }
}
