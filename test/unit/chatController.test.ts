import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { active, dialogs, fileUri } from "../support/vscodeStandIn.js";
import type { ChatState, FromView } from "../../src/shared/chatMessages.js";
import { ChatController, type ChatDependencies } from "../../src/extension/chat/chatController.js";
import type { Conversation } from "../../src/extension/chat/conversation.js";
import { Draft } from "../../src/extension/chat/draft.js";
import { ConversationStore } from "../../src/extension/chat/conversationStore.js";
import { FakeChatClient, readyModel } from "../support/fakeChatClient.js";
import { inTemporaryFolder } from "../support/temporary.js";

class WatchedStore extends ConversationStore {
  #saving: Promise<void> = Promise.resolve();

  override save(conversation: Conversation): Promise<void> {
    this.#saving = super.save(conversation);
    return this.#saving;
  }

  /** The texts of the messages that a newly opened window would find. */
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

/** A sidebar, empty at first, and what it shows. */
class Sidebar {
  readonly client = new FakeChatClient();
  readonly store: WatchedStore;
  readonly controller: ChatController;
  readonly #folder: string;
  state!: ChatState;
  readonly told: { kind: string }[] = [];
  readonly kept = new Map<string, unknown>();
  #heard: () => void = () => undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.store = new WatchedStore(fileUri(folder), assert.ifError);
    const parts = {
      client: this.client,
      settings: () => ({ chatSystem: "", isExcluded: () => false }),
      store: this.store,
      memento: memento(this.kept),
      draft: new Draft(fileUri(folder), assert.ifError),
      postMessage: (message: { kind: string; state?: ChatState }) => {
        this.told.push(message);
        if (message.state === undefined) return;
        this.state = message.state;
        this.#heard();
      },
    };
    this.controller = new ChatController(parts as unknown as ChatDependencies); // has the members that are used
  }

  do(message: FromView): Promise<void> {
    return this.controller.received(message);
  }

  /** Starts an action and waits until it has requested a reply. `ended` resolves when the action has ended. */
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

sidebarTest("a message is saved when it is sent, and its reply every few seconds and when it ends", async (sidebar) => {
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

sidebarTest("a message whose reply was deleted gets a new one", async (sidebar) => {
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

sidebarTest("a regenerated reply follows the thinking switch as it is now", async (sidebar) => {
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

sidebarTest("attachments added without a model are counted when one is ready or has replied", async (sidebar) => {
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
  sidebar.controller.status(readyModel("world")); // the status itself has not changed
  await counted;
  assert.deepEqual(
    attached().map(({ tokens }) => tokens),
    [active.text.length, active.text.length],
  );
});

sidebarTest("attachments move to another conversation unless their own is deleted", async (sidebar) => {
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

sidebarTest("a conversation has the language of the active editor when it begins", async (sidebar) => {
  active.languageId = "python";
  await sidebar.exchange("def f():", " pass");
  active.languageId = "rust";
  await sidebar.exchange("def g():", " pass");
  assert.deepEqual(
    sidebar.client.request.map(({ scratchLanguageId }) => scratchLanguageId),
    ["python", "python"],
  );
});

sidebarTest("the view shows that a model is loading", async (sidebar) => {
  sidebar.controller.status({ kind: "loading", fraction: 0 });
  assert.equal(sidebar.state.model.isLoading, true);
  sidebar.controller.status(readyModel("world"));
  assert.equal(sidebar.state.model.isLoading, false);
});

sidebarTest("a file that is already attached is not attached again, and the user is notified", async (sidebar) => {
  dialogs.reset();
  await sidebar.do({ kind: "attachFile" });
  await sidebar.do({ kind: "attachFile" });
  await sidebar.do({ kind: "attachUris", uris: ["file:///a.ts"] });
  assert.deepEqual(
    sidebar.state.attachments.map(({ label, kind }) => [label, kind]),
    [["a.ts", "file"]],
  );
  assert.deepEqual(dialogs.shown, Array(2).fill("RWKV Code: a.ts is attached already."));
});

sidebarTest("a message that names a file attaches it; a missing one is reported", async (sidebar) => {
  dialogs.reset();
  const { ended } = await sidebar.begin({ kind: "send", text: "Is @file like @src/gone.py?" });
  sidebar.client.ends();
  await ended;
  assert.deepEqual(
    sidebar.state.messages[0]!.attachments.map(({ label }) => label),
    ["a.ts"],
  );
  assert.deepEqual(dialogs.shown, ["RWKV Code: The workspace has no file src/gone.py."]);
});

sidebarTest("a view that opens receives the last draft", async (sidebar) => {
  const first = sidebar.do({ kind: "draft", text: "half a" });
  await sidebar.do({ kind: "draft", text: "half a thought" });
  await first;
  await sidebar.do({ kind: "ready" });
  assert.deepEqual(sidebar.told.at(-2), { kind: "draft", text: "half a thought" });
});

sidebarTest("the scratchpad can be chosen, and the choice is stored", async (sidebar) => {
  sidebar.client.format = "none";
  sidebar.controller.status(readyModel("none"));
  assert.equal(sidebar.state.model.isScratchpad, false);
  await sidebar.do({ kind: "send", text: "const a" });
  assert.deepEqual([sidebar.state.messages.at(-1)!.ending, sidebar.client.request], ["failed", []]);
  await sidebar.do({ kind: "scratchpad" });
  assert.equal(sidebar.state.model.isScratchpad, true);
  const { ended } = await sidebar.begin({ kind: "send", text: "const a" });
  sidebar.client.ends();
  await ended;
});

sidebarTest("an empty message is not sent, unless it has attachments", async (sidebar) => {
  await sidebar.do({ kind: "send", text: " \n" });
  assert.deepEqual([sidebar.client.request.length, sidebar.texts], [0, []]);
  active.text = "let a = 1;\n";
  await sidebar.do({ kind: "attachFile" });
  await sidebar.exchange("", "One.");
  assert.equal(sidebar.client.request.length, 1);
});

sidebarTest("while a reply is written, no other message is sent", async (sidebar) => {
  const { ended } = await sidebar.begin({ kind: "send", text: "Why?" });
  await sidebar.do({ kind: "send", text: "And?" });
  sidebar.client.writes("Because.");
  sidebar.client.ends();
  await ended;
  assert.deepEqual(sidebar.texts, ["Why?", "Because."]);
});
