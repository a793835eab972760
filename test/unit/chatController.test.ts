import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { active, fileUri } from "../support/vscodeStandIn.js";
import type { ChatState, FromView } from "../../src/shared/chatMessages.js";
import { ChatController, type ChatDependencies } from "../../src/extension/chat/chatController.js";
import type { Conversation } from "../../src/extension/chat/conversation.js";
import { ConversationStore } from "../../src/extension/chat/conversationStore.js";
import { FakeChatClient, readyModel } from "../support/fakeChatClient.js";
import { inTemporaryFolder } from "../support/temporary.js";

class WatchedStore extends ConversationStore {
  #saving: Promise<void> = Promise.resolve();

  override save(conversation: Conversation): Promise<void> {
    this.#saving = super.save(conversation);
    return this.#saving;
  }

  /** What a window would find that is opened now. */
  async found(folder: string): Promise<readonly string[]> {
    await this.#saving;
    const store = new ConversationStore(fileUri(folder), assert.ifError);
    await store.load();
    return store.all.flatMap((conversation) => conversation.path().map(({ text }) => text));
  }
}

/** A sidebar with nothing in it, and what is to be seen there. */
class Sidebar {
  readonly client = new FakeChatClient();
  readonly store: WatchedStore;
  readonly controller: ChatController;
  readonly #folder: string;
  state!: ChatState;
  #isThinking = false;
  #heard: () => void = () => undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.store = new WatchedStore(fileUri(folder), assert.ifError);
    const parts = {
      client: this.client,
      settings: () => ({ chatSystem: "" }),
      store: this.store,
      memento: {
        get: () => this.#isThinking,
        update: (_: string, isOn: boolean) => {
          this.#isThinking = isOn;
          return Promise.resolve();
        },
      },
      postMessage: (message: { kind: string; state?: ChatState }) => {
        if (message.state === undefined) return;
        this.state = message.state;
        this.#heard();
      },
    };
    this.controller = new ChatController(parts as unknown as ChatDependencies); // what is looked at is there
  }

  do(message: FromView): Promise<void> {
    return this.controller.received(message);
  }

  /** Begins what asks for an answer. @returns what resolves when that has ended. */
  async begin(message: FromView): Promise<{ readonly ended: Promise<void> }> {
    const asked = this.client.isAsked();
    const ended = this.do(message);
    await asked;
    return { ended };
  }

  /** A message and its whole answer. */
  async exchange(text: string, answer: string): Promise<void> {
    const { ended } = await this.begin({ kind: "send", text });
    this.client.writes(answer);
    this.client.ends();
    await ended;
  }

  /** Resolves when there is something else to be seen. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  get texts(): readonly string[] {
    return this.state.messages.map(({ text }) => text);
  }

  found(): Promise<readonly string[]> {
    return this.store.found(this.#folder);
  }
}

function sidebarTest(claim: string, run: (sidebar: Sidebar) => Promise<void>): void {
  test(claim, () =>
    inTemporaryFolder(async (folder) => {
      const sidebar = new Sidebar(folder);
      await sidebar.do({ kind: "ready" });
      await run(sidebar);
    }),
  );
}

sidebarTest("a message is kept when it is sent, its answer every few seconds and when it ends", async (sidebar) => {
  mock.timers.enable({ apis: ["Date"] });
  try {
    const { ended } = await sidebar.begin({ kind: "send", text: "Why?" });
    assert.deepEqual(await sidebar.found(), ["Why?", ""]);
    sidebar.client.writes("Because");
    assert.deepEqual(await sidebar.found(), ["Why?", ""]);
    mock.timers.tick(6_000);
    sidebar.client.writes(" of");
    assert.deepEqual(await sidebar.found(), ["Why?", "Because of"]);
    sidebar.client.writes(" that.");
    sidebar.client.ends();
    await ended;
    assert.deepEqual(await sidebar.found(), ["Why?", "Because of that."]);
  } finally {
    mock.timers.reset();
  }
});

sidebarTest("a message whose answer was deleted is answered anew", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  const [question, answer] = sidebar.state.messages;
  await sidebar.do({ kind: "delete", messageId: answer!.id });
  const { ended } = await sidebar.begin({ kind: "regenerate", messageId: question!.id });
  sidebar.client.writes("Therefore.");
  sidebar.client.ends();
  await ended;
  assert.deepEqual(sidebar.texts, ["Why?", "Therefore."]);
});

sidebarTest("deleting the first message deletes all, and that can be undone", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  await sidebar.do({ kind: "delete", messageId: sidebar.state.messages[0]!.id });
  assert.deepEqual([sidebar.texts, await sidebar.found(), sidebar.state.deleted], [[], [], "Why?"]);
  await sidebar.do({ kind: "undoDelete" });
  assert.deepEqual(sidebar.texts, ["Why?", "Because."]);
  assert.deepEqual(await sidebar.found(), ["Why?", "Because."]);
});

sidebarTest("asking again heeds the switch of now, as a message does that is sent", async (sidebar) => {
  sidebar.client.format = "g1";
  await sidebar.exchange("Why?", "Because.");
  await sidebar.do({ kind: "think", isOn: true });
  const { ended } = await sidebar.begin({ kind: "regenerate", messageId: sidebar.state.messages[1]!.id });
  sidebar.client.ends();
  await ended;
  assert.deepEqual(
    sidebar.client.request.map(({ turns }) => turns[0]!.think),
    [false, true],
  );
});

sidebarTest("what is attached without a model is counted when one is ready, or has answered", async (sidebar) => {
  const attached = () => [...sidebar.state.attachments, ...sidebar.state.messages.flatMap((one) => one.attachments)];
  active.text = "const a = 1;";
  sidebar.client.isLoaded = false;
  await sidebar.do({ kind: "attachFile" });
  assert.deepEqual(
    attached().map(({ tokens }) => tokens),
    [undefined],
  );
  const { ended } = await sidebar.begin({ kind: "send", text: "Why?" });
  assert.equal(attached()[0]!.tokens, undefined);
  sidebar.client.ends();
  await ended;
  assert.equal(attached()[0]!.tokens, active.text.length);

  sidebar.controller.status(readyModel("world"));
  sidebar.client.isLoaded = false;
  await sidebar.do({ kind: "attachFile" });
  sidebar.client.isLoaded = true;
  const counted = sidebar.changed();
  sidebar.controller.status(readyModel("world")); // it says nothing new
  await counted;
  assert.deepEqual(
    attached().map(({ tokens }) => tokens),
    [active.text.length, active.text.length],
  );
});

sidebarTest("what is attached goes along to another conversation, unless its own is deleted", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  await sidebar.do({ kind: "attachFile" });
  await sidebar.do({ kind: "newConversation" });
  assert.equal(sidebar.state.attachments.length, 1);
  const [older] = sidebar.store.all;
  await sidebar.do({ kind: "deleteConversation", id: older!.id });
  assert.equal(sidebar.state.attachments.length, 1);
  await sidebar.do({ kind: "deleteConversation", id: sidebar.state.conversation.id });
  assert.equal(sidebar.state.attachments.length, 0);
});

sidebarTest("a conversation is about the language that is looked at when it begins", async (sidebar) => {
  active.languageId = "python";
  await sidebar.exchange("def f():", " pass");
  active.languageId = "rust";
  await sidebar.exchange("def g():", " pass");
  assert.deepEqual(
    sidebar.client.request.map(({ scratchLanguageId }) => scratchLanguageId),
    ["python", "python"],
  );
});

sidebarTest("while a model is loaded the view is told so", async (sidebar) => {
  sidebar.controller.status({ kind: "loading", fraction: 0 });
  assert.equal(sidebar.state.model.isLoading, true);
  sidebar.controller.status(readyModel("world"));
  assert.equal(sidebar.state.model.isLoading, false);
});
