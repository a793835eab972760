import assert from "node:assert/strict";
import test from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { Sidebar, sidebarTest } from "../support/chatSidebar.js";
import { readyModel } from "../support/fakeChatClient.js";
import { inTemporaryFolder } from "../support/temporary.js";

sidebarTest("text is shown while it is written, and a stopped reply keeps what was written", async (sidebar) => {
  const { ended } = await sidebar.begin({ kind: "send", text: "Why?" });
  assert.equal(sidebar.state.writing, sidebar.state.messages[1]!.id);
  sidebar.client.writes("Because");
  assert.deepEqual(sidebar.told.at(-1), {
    kind: "delta",
    messageId: sidebar.state.writing,
    thinking: "",
    text: "Because",
  });
  await sidebar.do({ kind: "stop" });
  await ended;
  assert.deepEqual([sidebar.texts, sidebar.state.messages[1]!.ending], [["Why?", "Because"], "stopped"]);
  assert.equal(sidebar.state.writing, undefined);
  await sidebar.do({ kind: "stop" }); // does nothing, because nothing is being written
});

sidebarTest("an edited message begins a branch, and the other branch can be shown", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  const { ended } = await sidebar.begin({ kind: "edit", messageId: sidebar.state.messages[0]!.id, text: "How?" });
  sidebar.client.writes("Thus.");
  sidebar.client.ends();
  await ended;
  assert.deepEqual(sidebar.texts, ["How?", "Thus."]);
  assert.deepEqual(sidebar.state.messages[0]!.branch, { number: 2, count: 2 });
  await sidebar.do({ kind: "showBranch", messageId: sidebar.state.messages[0]!.id, by: -1 });
  assert.deepEqual(sidebar.texts, ["Why?", "Because."]);
  assert.deepEqual(await sidebar.found(), ["Why?", "Because."]);
});

sidebarTest("a reply is not edited, and an unknown message neither edited nor answered", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  await sidebar.do({ kind: "edit", messageId: sidebar.state.messages[1]!.id, text: "How?" });
  await sidebar.do({ kind: "edit", messageId: "unknown", text: "How?" });
  await sidebar.do({ kind: "regenerate", messageId: "unknown" });
  assert.deepEqual([sidebar.texts, sidebar.client.request.length], [["Why?", "Because."], 1]);
});

sidebarTest("another conversation can be opened, which ends a reply", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  const { id } = sidebar.state.conversation;
  await sidebar.do({ kind: "newConversation" });
  assert.deepEqual(sidebar.texts, []);
  const { ended } = await sidebar.begin({ kind: "send", text: "How?" });
  await sidebar.do({ kind: "openConversation", id });
  await ended;
  assert.deepEqual([sidebar.texts, sidebar.state.writing], [["Why?", "Because."], undefined]);
  await sidebar.do({ kind: "openConversation", id: "unknown" });
  assert.equal(sidebar.state.conversation.id, id);
});

sidebarTest("a conversation that is found is opened, and nothing changes if none is picked", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  const { id, title } = sidebar.state.conversation;
  await sidebar.do({ kind: "newConversation" });
  dialogs.reset("nothing of the list");
  await sidebar.do({ kind: "searchConversations" });
  assert.notEqual(sidebar.state.conversation.id, id);
  dialogs.reset(title);
  await sidebar.do({ kind: "searchConversations" });
  assert.equal(sidebar.state.conversation.id, id);
});

sidebarTest(
  "when another conversation is deleted, the open one stays, and the deleted one can be restored",
  async (sidebar) => {
    await sidebar.exchange("Why?", "Because.");
    const { id } = sidebar.state.conversation;
    await sidebar.do({ kind: "newConversation" });
    await sidebar.exchange("How?", "Thus.");
    await sidebar.do({ kind: "deleteConversation", id });
    assert.deepEqual([sidebar.texts, sidebar.state.deleted], [["How?", "Thus."], "Why?"]);
    await sidebar.do({ kind: "undoDelete" });
    assert.deepEqual([sidebar.texts, sidebar.state.deleted], [["Why?", "Because."], undefined]);
    const told = sidebar.told.length;
    await sidebar.do({ kind: "undoDelete" }); // does nothing, because nothing is left to restore
    assert.equal(sidebar.told.length, told);
  },
);

sidebarTest("when the open conversation is deleted, the newest one is shown", async (sidebar) => {
  await sidebar.exchange("Why?", "Because.");
  await sidebar.do({ kind: "newConversation" });
  await sidebar.exchange("How?", "Thus.");
  await sidebar.do({ kind: "deleteConversation", id: sidebar.state.conversation.id });
  assert.deepEqual(sidebar.texts, ["Why?", "Because."]);
});

sidebarTest("after the list of attachments is closed, the input box has the focus", async (sidebar) => {
  dialogs.reset("nothing of the list");
  await sidebar.do({ kind: "attach" });
  assert.deepEqual(sidebar.told.at(-1), { kind: "focus", isAttached: false });
  await sidebar.do({ kind: "attachFile" });
  assert.equal(sidebar.told.at(-1)!.kind, "state");
});

sidebarTest("a question of another command is asked in a new conversation", async (sidebar) => {
  sidebar.controller.status(readyModel("world"));
  await sidebar.exchange("Why?", "Because.");
  const asked = sidebar.client.isAsked();
  const ended = sidebar.controller.ask("How?", []);
  await asked;
  sidebar.client.writes("Thus.");
  sidebar.client.ends();
  await ended;
  assert.deepEqual([sidebar.texts, sidebar.state.model.isScratchpad], [["How?", "Thus."], false]);
  assert.equal(sidebar.state.conversations.length, 2);
});

sidebarTest("a question of another command is asked even if the model was not trained to talk", async (sidebar) => {
  sidebar.client.format = "none";
  sidebar.controller.status(readyModel("none"));
  const asked = sidebar.client.isAsked();
  const ended = sidebar.controller.ask("const a", []);
  await asked;
  sidebar.client.ends();
  await ended;
  assert.equal(sidebar.state.model.isScratchpad, true);
});

test("a sidebar that opens shows the newest conversation", () =>
  inTemporaryFolder(async (folder) => {
    const first = new Sidebar(folder);
    await first.do({ kind: "ready" });
    await first.exchange("Why?", "Because.");
    const second = new Sidebar(folder);
    await second.do({ kind: "ready" });
    assert.deepEqual(second.texts, ["Why?", "Because."]);
  }));
