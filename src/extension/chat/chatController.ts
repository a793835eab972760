import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { ReplyCost, ChatState, FromView, ModelInfo, ToView } from "../../shared/chatMessages.js";
import type { ReadyModel, ServerStatus } from "../../shared/protocol.js";
import { KeptState, type KeptForm } from "../keptState.js";
import type { CompletionClient } from "../completionClient.js";
import type { Settings } from "../settings.js";
import { PendingReply } from "./pendingReply.js";
import { countTokens, withCounts } from "./attachments.js";
import { runViewCommand } from "./viewCommands.js";
import { Conversation, shownAttachment, type KeptAttachment } from "./conversation.js";
import type { ConversationStore } from "./conversationStore.js";
import { PendingAttachments } from "./pendingAttachments.js";

export interface ChatDependencies {
  readonly client: CompletionClient;
  readonly settings: () => Settings;
  readonly store: ConversationStore;
  /** Keeps whether the model should think. */
  readonly memento: vscode.Memento;
  readonly postMessage: (message: ToView) => void;
}

const thinkForm: KeptForm<boolean> = { name: "chat.think", version: 1, read: (value) => value === true };
/** A reply that is being written is saved at this interval. */
const saveIntervalMs = 5_000;

/** Carries out what the user does in the chat view and sends the view its state. */
export class ChatController {
  readonly #dependencies: ChatDependencies;
  readonly #think: KeptState<boolean>;
  #conversation: Conversation;
  readonly #attachments: PendingAttachments;
  #pendingReply: PendingReply | undefined;
  /** Resolves when the pending reply has ended. */
  #replyEnded: Promise<void> = Promise.resolve();
  #cost: ReplyCost | undefined;
  /** The last model that was ready; it may have been unloaded since. */
  #model: ReadyModel | undefined;
  #loaded: Promise<void> | undefined;
  #problem: string | undefined;
  #isLoading = false;
  /** The conversation that was deleted last, as long as that can be undone. */
  #deleted: Conversation | undefined;

  constructor(dependencies: ChatDependencies) {
    this.#dependencies = dependencies;
    this.#think = new KeptState(dependencies.memento, thinkForm);
    this.#conversation = dependencies.store.create(activeLanguageId());
    this.#attachments = new PendingAttachments(dependencies.client, () => {
      this.#show();
    });
  }

  /** Call it with every status of the server. */
  status(status: ServerStatus): void {
    const before = JSON.stringify(this.#modelInfo());
    if (status.kind === "ready") {
      this.#model = status;
      void this.#attachments.count(); // never rejects; it shows the counts
    }
    if (status.kind === "failed") this.#model = undefined;
    this.#problem = status.kind === "failed" ? status.reason : undefined;
    this.#isLoading = status.kind === "loading";
    if (JSON.stringify(this.#modelInfo()) !== before) this.#show();
  }

  /** Sends a message on behalf of another command, in a new conversation. */
  async ask(text: string, attachments: readonly KeptAttachment[]): Promise<void> {
    await this.#loadOnce();
    await this.#switchTo(this.#dependencies.store.create(activeLanguageId()));
    await this.#send(text, withCounts(attachments, await countTokens(attachments, this.#dependencies.client)));
  }

  async received(message: FromView): Promise<void> {
    switch (message.kind) {
      case "ready":
        await this.#loadOnce();
        this.#show();
        return;
      case "send":
        if (this.#pendingReply !== undefined) return;
        return this.#send(message.text, this.#attachments.take());
      case "stop":
        this.#pendingReply?.stop();
        return;
      case "regenerate":
        return this.#regenerate(message.messageId);
      case "edit":
        return this.#edit(message.messageId, message.text);
      case "showBranch":
        await this.#stopReply();
        this.#conversation.showBranch(message.messageId, message.by);
        return this.#saveAndShow();
      case "delete":
        return this.#delete(message.messageId);
      case "newConversation":
        return this.#switchTo(this.#dependencies.store.create(activeLanguageId()));
      case "openConversation": {
        const next = this.#dependencies.store.get(message.id);
        return next === undefined ? undefined : this.#switchTo(next);
      }
      case "deleteConversation":
        return this.#deleteConversation(message.id);
      case "undoDelete":
        return this.#undoDelete();
      case "attachFile":
      case "attachSelection":
        return this.#attachments.add(message.kind === "attachFile" ? "file" : "selection");
      case "detach":
        this.#attachments.remove(message.attachmentId);
        return;
      case "think":
        await this.#think.update(message.isOn);
        this.#show();
        return;
      default:
        return runViewCommand(message, this.#dependencies.client);
    }
  }

  /** Opens the newest conversation when the view is first shown. */
  #loadOnce(): Promise<void> {
    this.#loaded ??= this.#dependencies.store.load().then(() => {
      const [newest] = this.#dependencies.store.all;
      if (newest !== undefined) this.#conversation = newest;
    });
    return this.#loaded;
  }

  async #send(text: string, attachments: readonly KeptAttachment[]): Promise<void> {
    if (this.#pendingReply !== undefined || (text.trim() === "" && attachments.length === 0)) return;
    // The language is that of the editor now, not when the conversation was opened.
    if (this.#conversation.isEmpty) this.#conversation = this.#dependencies.store.create(activeLanguageId());
    const parent = this.#conversation.path().at(-1)?.id;
    const id = randomUUID();
    this.#conversation.put({ id, role: "user", parent, text, attachments });
    await this.#reply(id);
  }

  /** Writes another reply, or the reply of a message that has none. */
  async #regenerate(messageId: string): Promise<void> {
    const message = this.#conversation.node(messageId);
    if (message === undefined) return;
    await this.#stopReply();
    await this.#reply(message.role === "assistant" ? message.parent : message.id);
  }

  async #edit(messageId: string, text: string): Promise<void> {
    const message = this.#conversation.node(messageId);
    if (message?.role !== "user") return;
    await this.#stopReply();
    const id = randomUUID();
    this.#conversation.put({ ...message, id, text });
    await this.#reply(id);
  }

  async #reply(messageId: string): Promise<void> {
    const { client, settings, store, postMessage } = this.#dependencies;
    // If two are requested at once, the later one is written.
    while (this.#pendingReply !== undefined) await this.#stopReply();
    this.#deleted = undefined;
    const conversation = this.#conversation;
    let savedAtMs = Date.now();
    const pendingReply = new PendingReply(conversation, messageId, {
      think: this.#thinks,
      onDelta: (delta) => {
        postMessage(delta);
        if (Date.now() < savedAtMs + saveIntervalMs) return;
        savedAtMs = Date.now();
        void store.save(conversation); // reports its own errors
      },
      cancellation: new vscode.CancellationTokenSource(),
    });
    this.#pendingReply = pendingReply;
    this.#show();
    void store.save(conversation); // as above
    this.#replyEnded = pendingReply.write(client, settings().chatSystem).then(async (cost) => {
      this.#pendingReply = undefined;
      this.#cost = cost;
      this.#show();
      await this.#countSent(conversation, messageId);
      await store.save(conversation);
    });
    await this.#replyEnded;
  }

  /** Ends the pending reply. */
  async #stopReply(): Promise<void> {
    this.#pendingReply?.stop();
    await this.#replyEnded;
  }

  async #switchTo(next: Conversation): Promise<void> {
    await this.#stopReply();
    this.#conversation = next;
    this.#cost = undefined;
    this.#show();
  }

  async #saveAndShow(): Promise<void> {
    this.#show();
    await this.#dependencies.store.save(this.#conversation);
    this.#show();
  }

  /** Deletes a message and all that follow. If none is left, the conversation can be restored. */
  async #delete(messageId: string): Promise<void> {
    await this.#stopReply();
    const before = new Conversation(this.#conversation.stored());
    this.#conversation.delete(messageId);
    if (this.#conversation.isEmpty) this.#deleted = before;
    await this.#saveAndShow();
  }

  async #deleteConversation(id: string): Promise<void> {
    await this.#stopReply();
    // A conversation without messages need not be restored.
    this.#deleted = this.#dependencies.store.get(id) ?? this.#deleted;
    await this.#dependencies.store.delete(id);
    const next = this.#dependencies.store.all[0] ?? this.#dependencies.store.create(activeLanguageId());
    const isOpen = id === this.#conversation.id;
    if (isOpen) this.#attachments.take();
    await this.#switchTo(isOpen ? next : this.#conversation);
  }

  async #undoDelete(): Promise<void> {
    const conversation = this.#deleted;
    if (conversation === undefined) return;
    this.#deleted = undefined;
    await this.#dependencies.store.save(conversation);
    await this.#switchTo(conversation);
  }

  /** Counts the tokens of a sent message's attachments: there may have been no model when it was sent. */
  async #countSent(conversation: Conversation, messageId: string): Promise<void> {
    const message = conversation.node(messageId);
    if (message?.role !== "user") return;
    const counts = await countTokens(message.attachments, this.#dependencies.client);
    if (counts.size === 0) return;
    conversation.put({ ...message, attachments: withCounts(message.attachments, counts) });
    this.#show();
  }

  /** Whether the model should think, if it can. */
  get #thinks(): boolean {
    return this.#think.value;
  }

  #show(): void {
    this.#dependencies.postMessage({ kind: "state", state: this.#state() });
  }

  #state(): ChatState {
    const conversation = this.#conversation;
    const others = this.#dependencies.store.all.filter(({ id }) => id !== conversation.id);
    const entry = ({ id, title, changed }: Conversation) => ({ id, title, changed });
    return {
      conversation: entry(conversation),
      messages: conversation.messages(),
      conversations: [conversation, ...others].map(entry).sort((a, b) => b.changed - a.changed),
      deleted: this.#deleted?.title,
      attachments: this.#attachments.all.map(shownAttachment),
      model: this.#modelInfo(),
      writing: this.#pendingReply?.id,
      cost: this.#cost,
    };
  }

  #modelInfo(): ModelInfo {
    const chat = this.#model?.chat ?? "none";
    const think = chat !== "g1" ? "unavailable" : this.#thinks ? "on" : "off";
    return { name: this.#model?.model ?? "", chat, problem: this.#problem, think, isLoading: this.#isLoading };
  }
}

/** The language of the active or visible editor. */
function activeLanguageId(): string {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  return editor?.document.languageId ?? "typescript";
}
