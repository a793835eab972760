import assert from "node:assert/strict";
import test from "node:test";
import {
  Conversation,
  type ReplyFormat,
  type ReplyNode,
  type ChatNode,
} from "../../src/extension/chat/conversation.js";

const world = { format: "world", think: false } as const;
const user = (id: string, parent?: string): ChatNode => ({
  id,
  role: "user",
  parent,
  text: `message ${id}`,
  attachments: [],
});
const answer = (id: string, parent: string): ReplyNode => ({
  id,
  role: "assistant",
  parent,
  written: ` answer ${id}`,
  form: world,
  thinking: "",
  text: `answer ${id}`,
  ending: "whole",
  problem: undefined,
});

/** u1 → a1 → u2 → a2, and a second reply b1 to u1, which is followed by u3. */
function tree(): Conversation {
  const conversation = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
  for (const node of [user("u1"), answer("a1", "u1"), user("u2", "a1"), answer("a2", "u2")]) conversation.put(node);
  for (const node of [answer("b1", "u1"), user("u3", "b1")]) conversation.put(node);
  return conversation;
}

const path = (conversation: Conversation): string =>
  conversation
    .path()
    .map(({ id }) => id)
    .join(" ");

test("the branch that was added last is shown, and another one on request", () => {
  const conversation = tree();
  assert.equal(path(conversation), "u1 b1 u3");
  conversation.showBranch("b1", 1); // there is no next branch
  assert.equal(path(conversation), "u1 b1 u3");
  conversation.showBranch("b1", -1);
  assert.equal(path(conversation), "u1 a1 u2 a2");
  assert.deepEqual(
    conversation.messages().map(({ branch }) => `${branch.number}/${branch.count}`),
    ["1/1", "1/2", "1/1", "1/1"],
  );
});

test("a request has the turns of one branch, with replies as the model wrote them", () => {
  assert.deepEqual(tree().turnsUpTo("u2", world), [
    { message: "message u1", attachments: [], think: false, answer: " answer a1" },
    { message: "message u2", attachments: [], think: false },
  ]);
  assert.deepEqual(
    tree()
      .turnsUpTo("u3", world)
      .map(({ answer: written }) => written),
    [" answer b1", undefined],
  );
});

test("earlier messages whose reply was deleted or is empty are left out", () => {
  const conversation = tree();
  for (const id of ["a1", "b1"]) conversation.delete(id);
  const silent = { ...answer("a6", "u6"), written: " ", text: "", ending: "stopped" } as const;
  conversation.put(user("u5", "u1")); // below the message whose replies were deleted
  for (const node of [answer("a5", "u5"), user("u6", "a5"), silent, user("u7", "a6")]) conversation.put(node);
  assert.deepEqual(
    conversation.turnsUpTo("u7", world).map(({ message, answer: written }) => [message, written]),
    [
      ["message u5", " answer a5"],
      ["message u7", undefined],
    ],
  );
});

test("a model of the same format reads a reply as it was written, another one only its text", () => {
  const asked = (form: ReplyFormat | undefined, written: string, format: ReplyFormat["format"]): unknown => {
    const conversation = tree();
    conversation.put({ ...answer("a1", "u1"), written, text: "Yes.", form });
    const [turn] = conversation.turnsUpTo("u2", { format, think: false });
    return [turn!.think, turn!.answer];
  };
  const thought = ">Is it?</think>\nYes.";
  assert.deepEqual(asked({ format: "g1", think: true }, thought, "g1"), [true, thought]);
  assert.deepEqual(asked({ format: "g1", think: true }, thought, "world"), [false, " Yes."]);
  assert.deepEqual(asked(world, " Yes.", "g1"), [false, ">\nYes."]);
  assert.deepEqual(asked(world, " Yes.", "none"), [false, "\nYes."]);
  assert.deepEqual(asked(undefined, thought, "g1"), [false, ">\nYes."]); // stored by an earlier version
});

test("deleting a message also deletes what follows, and another branch is shown", () => {
  const conversation = tree();
  conversation.delete("b1");
  assert.equal(path(conversation), "u1 a1 u2 a2");
  assert.equal(conversation.node("u3"), undefined);
  conversation.delete("u1");
  assert.ok(conversation.isEmpty);
  assert.deepEqual(conversation.stored().shown, {});
});

test("a conversation that was stored and read again is the same", () => {
  const conversation = tree();
  conversation.showBranch("b1", -1);
  const again = new Conversation(
    JSON.parse(JSON.stringify(conversation.stored())) as ReturnType<Conversation["stored"]>,
  );
  assert.equal(JSON.stringify(again.messages()), JSON.stringify(conversation.messages()));
  assert.equal(again.title, "message u1");
});

test("a conversation's title is the first line of its first message, cut after 59 characters if it has more than 60", () => {
  const titled = (text: string): string => {
    const conversation = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
    conversation.put({ ...user("u1"), text });
    return conversation.title;
  };
  const empty = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
  assert.deepEqual([empty.title, empty.isEmpty], ["", true]);
  assert.equal(titled(" \n Why?\nBecause."), "Why?");
  assert.equal(titled("a".repeat(60)), "a".repeat(60));
  assert.equal(titled("a".repeat(61)), `${"a".repeat(59)}…`);
});
