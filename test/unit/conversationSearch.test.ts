import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation } from "../../src/extension/chat/conversation.js";
import { searchConversations } from "../../src/extension/chat/conversationSearch.js";

/** A conversation with these messages. It has only the members that the search uses. */
function conversation(...texts: readonly string[]): Conversation {
  return { path: () => texts.map((text) => ({ text })), title: texts[0], changed: 0 } as unknown as Conversation;
}

const found = (query: string, ...texts: readonly string[]): string[] =>
  searchConversations(query, [conversation(...texts)]).map(({ excerpt }) => excerpt);

const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ["a word in any case", "WORLD", ["Hello world"], ["Hello world"]],
  ["all words, in any message and order", "two one", ["one", "two"], ["one two"]],
  ["one of two words", "one three", ["one", "two"], []],
  ["blanks around the words", "  one  ", ["one"], ["one"]],
  ["no words", " ", ["anything"], ["anything"]],
  ["a text of 120 characters", "a", ["a".repeat(120)], ["a".repeat(120)]],
  ["a text of 121 characters", "a", ["a".repeat(121)], [`${"a".repeat(120)}…`]],
  ["a word 40 characters from the start", "x", [`${"a".repeat(40)}x${"b".repeat(79)}`], [`${"a".repeat(40)}x${"b".repeat(79)}`]],
  ["a word 41 characters from the start", "x", [`${"a".repeat(41)}x${"b".repeat(79)}`], [`…${"a".repeat(40)}x${"b".repeat(79)}`]],
  ["a word far from both ends", "x y", [`${"a".repeat(200)} x ${"b".repeat(200)} y`], [`…${"a".repeat(39)} x ${"b".repeat(78)}…`]],
]; // prettier-ignore

for (const [what, query, texts, expected] of cases) {
  test(`search for ${what}`, () => {
    assert.deepEqual(found(query, ...texts), expected);
  });
}

test("each conversation with all words is found", () => {
  const all = ["a", "b", "ab"].map((text) => conversation(text));
  assert.deepEqual(
    searchConversations("b", all).map((match) => match.conversation.title),
    ["b", "ab"],
  );
});
