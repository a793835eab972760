import { randomUUID } from "node:crypto";
import type * as vscode from "vscode";
import type { FromView, ToView } from "../../shared/chatMessages.js";
import type { ServerStatus } from "../../shared/protocol.js";
import type { CompletionClient } from "../completionClient.js";
import type { Settings } from "../settings.js";
import { ReplyWriter } from "./replyWriter.js";
import { countTokens, withCounts } from "./attachments.js";
import { runViewCommand } from "./viewCommands.js";
import { Conversation, shownAttachment, type KeptAttachment } from "./conversation.js";
import type { ConversationStore } from "./conversationStore.js";
import { PendingAttachments } from "./pendingAttachments.js";
import { chatState } from "./chatState.js";
import { ChatModel } from "./chatModel.js";
import type { OfferChange } from "./applyCode.js";
import type { AttachmentSource } from "./attachmentSources.js";
import { openAsMarkdown } from "./conversationExport.js";
import { pickConversation } from "./conversationSearch.js";
import { ScratchpadLanguage } from "./scratchpadLanguage.js";
import type { StoredDraft } from "./storedText.js";

export interface ChatDependencies extends StoredDraft {
  readonly client: CompletionClient;
  readonly settings: () => Settings;
  readonly store: ConversationStore;
  /** Stores whether the model should think, and whether a model that was not trained to chat may continue text. */
  readonly memento: vscode.Memento;
  readonly offerChange: OfferChange;
  readonly postMessage: (message: ToView) => void;
}

/** Carries out what the user does in the chat view and sends the view its state. */
export class ChatController {
  readonly #dependencies: ChatDependencies;
  readonly #model: ChatModel;
  #conversation: Conversation;
  readonly #attachments: PendingAttachments;
  readonly #language: ScratchpadLanguage;
  readonly #replies: ReplyWriter;
  #loaded: Promise<void> | undefined;
  /** The last conversation that was deleted or emptied; undefined once this can no longer be undone. */
  #deleted: Conversation | undefined;

  constructor(dependencies: ChatDependencies) {
    this.#dependencies = dependencies;
    this.#model = new ChatModel(dependencies.memento);
    this.#language = new ScratchpadLanguage(dependencies.client.documents);
    this.#conversation = this.#newConversation();
    const { client, settings, store, attachments, postMessage } = dependencies;
    const onChange = (): void => {
      this.#show();
    };
    this.#attachments = new PendingAttachments({ client, settings, stored: attachments, onChange });
    this.#replies = new ReplyWriter({
      client,
      settings,
      store,
      model: this.#model,
      onBegin: () => {
        this.#deleted = undefined;
        return this.#conversation;
      },
      onDelta: postMessage,
      onChange,
    });
  }

  /** Call with each status of the server. */
  status(status: ServerStatus): void {
    if (this.#model.status(status)) this.#show();
    if (status.kind === "ready") void this.#attachments.count(); // never rejects, and updates the view
  }

  /**
   * Sends a message on behalf of another command, in a new conversation. If the model was not trained to chat, the
   * user has chosen Continue Anyway in that command.
   */
  async ask(text: string, attachments: readonly KeptAttachment[]): Promise<void> {
    if (this.#model.info.chat === "none") await this.#model.useScratchpad();
    await this.#loadOnce();
    await this.#switchTo(this.#newConversation());
    await this.#send(text, withCounts(attachments, await countTokens(attachments, this.#dependencies.client)));
  }

  async received(message: FromView): Promise<void> {
    switch (message.kind) {
      case "ready":
        await this.#loadOnce();
        this.#dependencies.postMessage({ kind: "draft", text: await this.#dependencies.draft.read() });
        this.#show();
        // Only the status of a loaded model shows whether the model can chat. If the server cannot start, the status
        // has the reason.
        await Promise.all([this.#dependencies.client.start().catch(() => undefined), this.#attachments.restore()]);
        return;
      case "draft":
        return this.#dependencies.draft.save(message.text);
      case "send":
        if (this.#replies.writing !== undefined) return;
        await this.#attachments.addMentioned(message.text);
        return this.#send(message.text, this.#attachments.all);
      case "stop":
        return this.#replies.stop();
      case "regenerate":
        return this.#regenerate(message.messageId);
      case "edit":
        return this.#edit(message.messageId, message.text);
      case "showBranch":
        await this.#replies.stop();
        this.#conversation.showBranch(message.messageId, message.by);
        return this.#saveAndShow();
      case "delete":
        return this.#delete(message.messageId);
      case "newConversation":
        return this.#switchTo(this.#newConversation());
      case "openConversation": {
        const next = this.#dependencies.store.get(message.id);
        return next === undefined ? undefined : this.#switchTo(next);
      }
      case "deleteConversation":
        return this.#deleteConversation(message.id);
      case "undoDelete":
        return this.#undoDelete();
      case "searchConversations":
        return this.search();
      case "exportConversation":
        return this.export();
      case "attach":
      case "attachUris":
      case "attachFile":
      case "attachSelection":
      case "detach": {
        const isAttached = await this.#attachments.received(message);
        if (message.kind === "attach") this.#dependencies.postMessage({ kind: "focus", isAttached });
        return;
      }
      case "scratchpadLanguage":
        if (await this.#language.pick(this.#conversation)) await this.#saveAndShow();
        return;
      case "scratchpad":
      case "think":
        await this.#model.received(message);
        this.#show();
        return;
      default:
        return runViewCommand(message, this.#dependencies.client, this.#dependencies.offerChange);
    }
  }

  /** Call after the active editor has changed. */
  editorChanged(): void {
    if (this.#model.continuesCode && this.#conversation.isEmpty) this.#show();
  }

  /** Attaches sources to the next message. */
  async attach(sources: readonly AttachmentSource[]): Promise<void> {
    await this.#attachments.add(sources);
  }

  /** Lets the user search all conversations and opens the one that is picked. */
  async search(): Promise<void> {
    await this.#loadOnce();
    const picked = await pickConversation(this.#dependencies.store.all);
    if (picked !== undefined) await this.#switchTo(picked);
  }

  /** Opens the conversation as a new Markdown document. */
  async export(): Promise<void> {
    await this.#loadOnce();
    await openAsMarkdown(this.#conversation);
  }

  /** Reads the stored conversations and opens the newest. Later calls only wait for the first call. */
  #loadOnce(): Promise<void> {
    this.#loaded ??= this.#dependencies.store.load().then(() => {
      const [newest] = this.#dependencies.store.all;
      if (newest !== undefined) this.#conversation = newest;
    });
    return this.#loaded;
  }

  async #send(text: string, attachments: readonly KeptAttachment[]): Promise<void> {
    if (this.#replies.writing !== undefined || (text.trim() === "" && attachments.length === 0)) return;
    this.#language.follow(this.#conversation);
    const id = this.#conversation.append(text, attachments);
    this.#attachments.remove(attachments);
    await this.#replies.write(id);
  }

  /** Writes another reply. @param messageId the reply to regenerate, or the user's message to reply to. */
  async #regenerate(messageId: string): Promise<void> {
    const message = this.#conversation.node(messageId);
    if (message === undefined) return;
    await this.#replies.stop();
    await this.#replies.write(message.role === "assistant" ? message.parent : message.id);
  }

  async #edit(messageId: string, text: string): Promise<void> {
    const message = this.#conversation.node(messageId);
    if (message?.role !== "user") return;
    await this.#replies.stop();
    const id = randomUUID();
    this.#conversation.put({ ...message, id, text });
    await this.#replies.write(id);
  }

  async #switchTo(next: Conversation): Promise<void> {
    await this.#replies.stop();
    this.#conversation = next;
    this.#replies.forgetCost();
    this.#show();
  }

  async #saveAndShow(): Promise<void> {
    this.#show();
    await this.#dependencies.store.save(this.#conversation);
    this.#show();
  }

  /** Deletes a message and all that follow. If no message is left, the user can restore the conversation. */
  async #delete(messageId: string): Promise<void> {
    await this.#replies.stop();
    const before = new Conversation(this.#conversation.stored());
    this.#conversation.delete(messageId);
    if (this.#conversation.isEmpty) this.#deleted = before;
    await this.#saveAndShow();
  }

  async #deleteConversation(id: string): Promise<void> {
    await this.#replies.stop();
    // A conversation without messages need not be restored.
    this.#deleted = this.#dependencies.store.get(id) ?? this.#deleted;
    await this.#dependencies.store.delete(id);
    const next = this.#dependencies.store.all[0] ?? this.#newConversation();
    const isOpen = id === this.#conversation.id;
    if (isOpen) this.#attachments.remove(this.#attachments.all);
    await this.#switchTo(isOpen ? next : this.#conversation);
  }

  async #undoDelete(): Promise<void> {
    const conversation = this.#deleted;
    if (conversation === undefined) return;
    this.#deleted = undefined;
    await this.#dependencies.store.save(conversation);
    await this.#switchTo(conversation);
  }

  #newConversation(): Conversation {
    return this.#dependencies.store.create(this.#language.ofCode());
  }

  #show(): void {
    this.#language.follow(this.#conversation);
    const state = chatState({
      conversation: this.#conversation,
      all: this.#dependencies.store.all,
      deleted: this.#deleted?.title,
      attachments: this.#attachments.all.map(shownAttachment),
      model: this.#model.info,
      writing: this.#replies.writing,
      cost: this.#replies.cost,
    });
    this.#dependencies.postMessage({ kind: "state", state });
  }
}
