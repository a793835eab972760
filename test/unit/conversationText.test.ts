import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { Conversation } from "../../src/extension/chat/conversation.js";
import { conversationMarkdown } from "../../src/extension/chat/conversationMarkdown.js";
import { searchConversations } from "../../src/extension/chat/conversationSearch.js";

function conversation(id: string, message: string, reply: string, thinking = ""): Conversation {
  const made = new Conversation({ id, languageId: "typescript", changed: 0, nodes: [], shown: {} });
  const attachment = { id: "a", label: "a.ts:1-2", uri: "", languageId: "", text: "x", isWholeFile: false, tokens: 1 };
  made.put({ id: "u", role: "user", parent: undefined, text: message, attachments: [attachment] });
  const ending = "whole" as const;
  const rest = { written: reply, form: undefined, thinking, text: reply, ending, problem: undefined };
  made.put({ id: "r", role: "assistant", parent: "u", ...rest });
  return made;
}

test("an exported conversation has all messages, attachments and thoughts", () => {
  const { title, ...one } = {
    title: "Why?",
    messages: conversation("c", "Why?", "Because:\n```js\nx\n```", "Hm ``` hm").messages(),
  };
  const names = { you: "You", assistant: "RWKV", thoughts: "Thoughts", attachments: "Attachments" };
  assert.equal(
    conversationMarkdown(title, one.messages, names),
    "# Why?\n\n## You\n\nAttachments: `a.ts:1-2`\n\nWhy?\n\n## RWKV\n\nThoughts:\n\n````text\nHm ``` hm\n````\n\nBecause:\n```js\nx\n```\n",
  );
});

test("the name of an attachment is within more backticks than it has in a row", () => {
  for (const [label, expected] of [
    ["a`b", "`` a`b ``"],
    ["`a``b`", "``` `a``b` ```"],
  ] as const) {
    const [message] = conversation("c", "", "").messages();
    const attachments = message!.attachments.map((attachment) => ({ ...attachment, label }));
    const names = { you: "You", assistant: "RWKV", thoughts: "Thoughts", attachments: "Attachments" };
    const exported = conversationMarkdown("t", [{ ...message!, attachments }], names);
    assert.equal(exported, `# t\n\n## You\n\nAttachments: ${expected}\n`);
  }
});

test("an exported message closes the fence that it leaves open, which another kind of fence does not", () => {
  const messages = conversation("c", "```\n~~~\nx", "~~~~\n~~~\nx\n~~~~").messages();
  const names = { you: "You", assistant: "RWKV", thoughts: "Thoughts", attachments: "Attachments" };
  const exported = conversationMarkdown("t", messages, names);
  assert.ok(exported.includes("\n\n```\n~~~\nx\n```\n\n## RWKV\n\n~~~~\n~~~\nx\n~~~~\n"), exported);
});

test("a search finds conversations with all words, in messages and replies, and shows the matching text", () => {
  const all = [
    conversation("c1", "How do I sort?", "Use a **stable** sort."),
    conversation("c2", "Why?", "x ".repeat(200) + "Sorted."),
  ];
  const found = (query: string): string[] => searchConversations(query, all).map((match) => match.conversation.id);
  assert.deepEqual(found("SORT"), ["c1", "c2"]);
  assert.deepEqual(found("stable sort"), ["c1"]);
  assert.deepEqual(found("nowhere"), []);
  assert.match(searchConversations("how", all)[0]!.excerpt, /^How do I sort\?/);
  assert.match(searchConversations("sorted", all)[0]!.excerpt, /^….*Sorted\.$/);
});
