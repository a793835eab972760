import assert from "node:assert/strict";
import test from "node:test";
import { fileUri } from "./vscodeStandIn.js";
import type { ChatState, FromView } from "../../src/shared/chatMessages.js";
import { ChatController, type ChatDependencies } from "../../src/extension/chat/chatController.js";
import type { Conversation } from "../../src/extension/chat/conversation.js";
import { ConversationStore } from "../../src/extension/chat/conversationStore.js";
import { storedDraft, type StoredDraft } from "../../src/extension/chat/storedText.js";
import { FakeChatClient } from "./fakeChatClient.js";
import { inTemporaryFolder } from "./temporary.js";

class WatchedStore extends ConversationStore {
  #saving: Promise<void> = Promise.resolve();

  override save(conversation: Conversation): Promise<void> {
    this.#saving = super.save(conversation);
    return this.#saving;
  }

  /** The texts of all stored messages, as a newly opened window would load them. */
  async found(folder: string): Promise<readonly string[]> {
    await this.#saving;
    const store = new ConversationStore(fileUri(folder), assert.ifError);
    await store.load();
    return store.all.flatMap((conversation) => conversation.path().map(({ text }) => text));
  }
}

function memento(values: Map<string, unknown>): object {
  return {
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}

/**
 * A chat controller with a fake client and a storage folder that is empty at first. Records the messages to the view.
 */
export class Sidebar {
  readonly client = new FakeChatClient();
  readonly store: WatchedStore;
  readonly controller: ChatController;
  readonly #folder: string;
  readonly #stored: StoredDraft;
  state!: ChatState;
  readonly told: { kind: string }[] = [];
  readonly kept = new Map<string, unknown>();
  #heard: () => void = () => undefined;

  /** @param given replaces some of the controller's dependencies */
  constructor(folder: string, given: object = {}) {
    this.#folder = folder;
    this.store = new WatchedStore(fileUri(folder), assert.ifError);
    this.#stored = storedDraft(fileUri(folder), assert.ifError);
    const parts = {
      client: this.client,
      settings: () => ({ chatSystem: "", isExcluded: () => false }),
      store: this.store,
      memento: memento(this.kept),
      ...this.#stored,
      postMessage: (message: { kind: string; state?: ChatState }) => {
        this.told.push(message);
        if (message.state === undefined) return;
        this.state = message.state;
        this.#heard();
      },
      ...given,
    };
    this.controller = new ChatController(parts as unknown as ChatDependencies); // has all members that are used
  }

  /** Simulates a reload of the window. @returns the new sidebar. */
  async reloaded(given?: object): Promise<Sidebar> {
    await this.written();
    return new Sidebar(this.#folder, given);
  }

  do(message: FromView): Promise<void> {
    return this.controller.received(message);
  }

  /** Starts an action and waits until it has requested a reply. `ended` resolves when the action is complete. */
  async begin(message: FromView): Promise<{ readonly ended: Promise<void> }> {
    const asked = this.client.isAsked();
    const ended = this.do(message);
    await asked;
    return { ended };
  }

  /** Sends a message and receives its whole reply. */
  async exchange(text: string, answer: string): Promise<void> {
    const { ended } = await this.begin({ kind: "send", text });
    this.client.writes(answer);
    this.client.ends();
    await ended;
  }

  /** Resolves the next time the view is updated. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  /** Resolves when the attachments are on disk. */
  async written(): Promise<void> {
    await new Promise(setImmediate); // lets the write begin
    await this.#stored.attachments.read();
  }

  get texts(): readonly string[] {
    return this.state.messages.map(({ text }) => text);
  }

  found(): Promise<readonly string[]> {
    return this.store.found(this.#folder);
  }
}

/** Declares a test with a sidebar whose view is ready. */
export function sidebarTest(claim: string, run: (sidebar: Sidebar) => Promise<void>): void {
  test(claim, () =>
    inTemporaryFolder(async (folder) => {
      const sidebar = new Sidebar(folder);
      await sidebar.do({ kind: "ready" });
      await run(sidebar);
      await sidebar.written();
    }),
  );
}
