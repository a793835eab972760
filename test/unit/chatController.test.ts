import assert from "node:assert/strict";
import { mock } from "node:test";
import { active, dialogs, fileUri } from "../support/vscodeStandIn.js";
import { sidebarTest } from "../support/chatSidebar.js";
import { readyModel } from "../support/fakeChatClient.js";
import { FakeEditor } from "../support/fakeEditor.js";

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
  sidebar.controller.status(readyModel("world")); // same status, but the tokens can be counted now
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

sidebarTest("the view shows the language of a scratchpad, which can be picked", async (sidebar) => {
  sidebar.client.format = "none";
  sidebar.controller.status(readyModel("none"));
  await sidebar.do({ kind: "scratchpad" });
  active.languageId = "rust";
  sidebar.controller.editorChanged();
  assert.equal(sidebar.state.scratchpadLanguage, "rust");
  dialogs.reset("python");
  await sidebar.do({ kind: "scratchpadLanguage" });
  assert.equal(sidebar.state.scratchpadLanguage, "python");
  await sidebar.exchange("def f():", " pass");
  assert.equal(sidebar.client.request[0]!.scratchLanguageId, "python");
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

sidebarTest("a view that opens shows what the last session had attached", async (sidebar) => {
  active.editor = new FakeEditor("a║");
  Object.assign(active.editor.document, { uri: fileUri("/Untitled-1", "untitled") });
  await sidebar.do({ kind: "attachFile" });
  active.editor = undefined;
  const next = await sidebar.reloaded();
  await next.do({ kind: "ready" });
  assert.deepEqual(next.state.attachments, sidebar.state.attachments);
  assert.equal(next.state.attachments.length, 1);
});

sidebarTest("a view that opens shows the newest conversation before its attachments are known", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  const next = await sidebar.reloaded({ attachments: { read: () => new Promise(() => undefined) } });
  const shown = next.changed();
  void next.do({ kind: "ready" });
  await shown;
  assert.deepEqual(next.texts, ["Why?", "Because."]);
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

sidebarTest("of two messages that are sent at once, only the first is sent, with the attachments", async (sidebar) => {
  await sidebar.do({ kind: "attachFile" });
  const asked = sidebar.client.isAsked();
  const sent = ["Why?", "And?"].map((text) => sidebar.do({ kind: "send", text }));
  await asked;
  sidebar.client.ends();
  await Promise.all(sent);
  assert.deepEqual(sidebar.texts, ["Why?", ""]);
  assert.deepEqual([sidebar.state.messages[0]!.attachments.length, sidebar.state.attachments.length], [1, 0]);
});

sidebarTest("a file that is attached after a message was sent is not attached to that message", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  await sidebar.do({ kind: "attachFile" });
  assert.deepEqual([sidebar.state.messages[0]!.attachments.length, sidebar.state.attachments.length], [0, 1]);
});
