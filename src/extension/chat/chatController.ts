import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { AnswerCost, ChatState, FromView, ModelLine, ToView } from "../../chatMessages.js";
import type { ReadyModel, ServerStatus } from "../../protocol.js";
import { KeptState, type KeptForm } from "../keptState.js";
import type { Server } from "../serverProcess.js";
import type { Settings } from "../settings.js";
import { Answering } from "./answering.js";
import { countsOf, withCounts } from "./attachments.js";
import { outsideOfChat } from "./codeActions.js";
import { Conversation, shownAttachment, type KeptAttachment } from "./conversation.js";
import type { ConversationStore } from "./conversationStore.js";
import { PendingAttachments } from "./pendingAttachments.js";

export interface ChatParts {
  readonly server: Server;
  readonly settings: () => Settings;
  readonly store: ConversationStore;
  /** Remembers whether to think. */
  readonly memento: vscode.Memento;
  readonly tell: (message: ToView) => void;
}

const thinkForm: KeptForm<boolean> = { name: "chat.think", version: 1, read: (value) => value === true };
/** An answer that is being written is kept each so often. */
const keptEachMs = 5_000;

/** What the user does in the sidebar, done; what is to be seen there, told. */
export class ChatController {
  readonly #parts: ChatParts;
  readonly #think: KeptState<boolean>;
  #conversation: Conversation;
  readonly #attachments: PendingAttachments;
  #answering: Answering | undefined;
  /** Resolves when the answer under way has ended. */
  #ended: Promise<void> = Promise.resolve();
  #cost: AnswerCost | undefined;
  /** The one that was ready last: it may have left memory. */
  #model: ReadyModel | undefined;
  #begun: Promise<void> | undefined;
  #problem: string | undefined;
  #isLoading = false;
  /** The conversation that was deleted last, while that can be undone. */
  #deleted: Conversation | undefined;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#think = new KeptState(parts.memento, thinkForm);
    this.#conversation = parts.store.create(languageAtHand());
    this.#attachments = new PendingAttachments(parts.server, () => {
      this.#show();
    });
  }

  /** The server said how it is. */
  status(status: ServerStatus): void {
    const before = JSON.stringify(this.#modelLine());
    if (status.kind === "ready") {
      this.#model = status;
      void this.#attachments.count(); // reports nothing: it shows what it counted
    }
    if (status.kind === "failed") this.#model = undefined;
    this.#problem = status.kind === "failed" ? status.reason : undefined;
    this.#isLoading = status.kind === "loading";
    if (JSON.stringify(this.#modelLine()) !== before) this.#show();
  }

  /** Sends a message that another command has made, in a conversation of its own. */
  async ask(text: string, attachments: readonly KeptAttachment[]): Promise<void> {
    await this.#begin();
    await this.#leave(this.#parts.store.create(languageAtHand()));
    await this.#send(text, withCounts(attachments, await countsOf(attachments, this.#parts.server)));
  }

  async received(message: FromView): Promise<void> {
    switch (message.kind) {
      case "ready":
        await this.#begin();
        this.#show();
        return;
      case "send":
        if (this.#answering !== undefined) return;
        return this.#send(message.text, this.#attachments.take());
      case "stop":
        this.#answering?.stop();
        return;
      case "regenerate":
        return this.#regenerate(message.messageId);
      case "edit":
        return this.#edit(message.messageId, message.text);
      case "showBranch":
        await this.#stopped();
        this.#conversation.showBranch(message.messageId, message.by);
        return this.#keep();
      case "delete":
        return this.#delete(message.messageId);
      case "newConversation":
        return this.#leave(this.#parts.store.create(languageAtHand()));
      case "openConversation": {
        const next = this.#parts.store.get(message.id);
        return next === undefined ? undefined : this.#leave(next);
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
        return outsideOfChat(message, this.#parts.server);
    }
  }

  /** Opens the conversation of last time, when the sidebar is first looked at. */
  #begin(): Promise<void> {
    this.#begun ??= this.#parts.store.load().then(() => {
      const [newest] = this.#parts.store.all;
      if (newest !== undefined) this.#conversation = newest;
    });
    return this.#begun;
  }

  async #send(text: string, attachments: readonly KeptAttachment[]): Promise<void> {
    if (this.#answering !== undefined || (text.trim() === "" && attachments.length === 0)) return;
    // What it is about is looked at now, not when it was opened.
    if (this.#conversation.isEmpty) this.#conversation = this.#parts.store.create(languageAtHand());
    const parent = this.#conversation.path().at(-1)?.id;
    const id = randomUUID();
    this.#conversation.put({ id, role: "user", parent, text, attachments });
    await this.#answer(id);
  }

  /** Answers anew, or a message that has no answer. */
  async #regenerate(messageId: string): Promise<void> {
    const message = this.#conversation.node(messageId);
    if (message === undefined) return;
    await this.#stopped();
    await this.#answer(message.role === "assistant" ? message.parent : message.id);
  }

  async #edit(messageId: string, text: string): Promise<void> {
    const message = this.#conversation.node(messageId);
    if (message?.role !== "user") return;
    await this.#stopped();
    const id = randomUUID();
    this.#conversation.put({ ...message, id, text });
    await this.#answer(id);
  }

  async #answer(messageId: string): Promise<void> {
    const { server, settings, store, tell } = this.#parts;
    // Of two that are asked for at once the later one is written.
    while (this.#answering !== undefined) await this.#stopped();
    this.#deleted = undefined;
    const conversation = this.#conversation;
    let keptMs = Date.now();
    const answering = new Answering(conversation, messageId, {
      think: this.#thinks,
      onPiece: (piece) => {
        tell(piece);
        if (Date.now() < keptMs + keptEachMs) return;
        keptMs = Date.now();
        void store.save(conversation); // reports its own errors
      },
      cancellation: new vscode.CancellationTokenSource(),
    });
    this.#answering = answering;
    this.#show();
    void store.save(conversation); // as above
    this.#ended = answering.write(server, settings().chatSystem).then(async (cost) => {
      this.#answering = undefined;
      this.#cost = cost;
      this.#show();
      await this.#countSent(conversation, messageId);
      await store.save(conversation);
    });
    await this.#ended;
  }

  /** Ends the answer under way. */
  async #stopped(): Promise<void> {
    this.#answering?.stop();
    await this.#ended;
  }

  async #leave(next: Conversation): Promise<void> {
    await this.#stopped();
    this.#conversation = next;
    this.#cost = undefined;
    this.#show();
  }

  async #keep(): Promise<void> {
    this.#show();
    await this.#parts.store.save(this.#conversation);
    this.#show();
  }

  /** Deletes a message and all that follows; what was there can be brought back where nothing is left. */
  async #delete(messageId: string): Promise<void> {
    await this.#stopped();
    const before = new Conversation(this.#conversation.stored());
    this.#conversation.delete(messageId);
    if (this.#conversation.isEmpty) this.#deleted = before;
    await this.#keep();
  }

  async #deleteConversation(id: string): Promise<void> {
    await this.#stopped();
    // One that has no message is nothing to bring back.
    this.#deleted = this.#parts.store.get(id) ?? this.#deleted;
    await this.#parts.store.delete(id);
    const next = this.#parts.store.all[0] ?? this.#parts.store.create(languageAtHand());
    const isOpen = id === this.#conversation.id;
    if (isOpen) this.#attachments.take();
    await this.#leave(isOpen ? next : this.#conversation);
  }

  async #undoDelete(): Promise<void> {
    const conversation = this.#deleted;
    if (conversation === undefined) return;
    this.#deleted = undefined;
    await this.#parts.store.save(conversation);
    await this.#leave(conversation);
  }

  /** Counts what went with a message: when it was sent there may have been no model. */
  async #countSent(conversation: Conversation, messageId: string): Promise<void> {
    const message = conversation.node(messageId);
    if (message?.role !== "user") return;
    const counts = await countsOf(message.attachments, this.#parts.server);
    if (counts.size === 0) return;
    conversation.put({ ...message, attachments: withCounts(message.attachments, counts) });
    this.#show();
  }

  /** Whether it is to think, where the model can. */
  get #thinks(): boolean {
    return this.#think.value;
  }

  #show(): void {
    this.#parts.tell({ kind: "state", state: this.#state() });
  }

  #state(): ChatState {
    const conversation = this.#conversation;
    const others = this.#parts.store.all.filter(({ id }) => id !== conversation.id);
    const entry = ({ id, title, changed }: Conversation) => ({ id, title, changed });
    return {
      conversation: entry(conversation),
      messages: conversation.messages(),
      conversations: [conversation, ...others].map(entry).sort((a, b) => b.changed - a.changed),
      deleted: this.#deleted?.title,
      attachments: this.#attachments.all.map(shownAttachment),
      model: this.#modelLine(),
      writing: this.#answering?.id,
      cost: this.#cost,
    };
  }

  #modelLine(): ModelLine {
    const chat = this.#model?.chat ?? "none";
    const think = chat !== "g1" ? "unavailable" : this.#thinks ? "on" : "off";
    return { name: this.#model?.model ?? "", chat, problem: this.#problem, think, isLoading: this.#isLoading };
  }
}

/** Of the editor that is looked at. */
function languageAtHand(): string {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  return editor?.document.languageId ?? "typescript";
}
