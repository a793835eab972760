import assert from "node:assert/strict";
import test from "node:test";
import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import { conversationTokens } from "../../src/core/chat/conversation.js";
import { turnOpening } from "../../src/core/chat/template.js";
import { parseReply } from "../../src/core/chat/parseReply.js";
import type { ChatTurn } from "../../src/core/chat/turn.js";
import type { ChatFormat } from "../../src/core/model.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { sharedPlace } from "../support/paths.js";

const turn = (message: string, rest: Partial<ChatTurn> = {}): ChatTurn => ({
  message,
  attachments: [],
  think: false,
  reply: undefined,
  ...rest,
});

const vocabulary = sharedPlace("fixtures", "tokenizer-world", "rwkv_vocab_v20230424.txt");

/** The tokens of a conversation in the World vocabulary. The ids that tests expect were looked up by hand. */
const tokensOf = (chat: ChatFormat, turns: readonly ChatTurn[], system = ""): readonly number[] => {
  const tokenizer = new GreedyTrieTokenizer(readVocabularyFile(vocabulary.path, 65536), 65536);
  const none = undefined;
  const prompt = {
    form: "prefix",
    endOfDocument: none,
    header: none,
    suffix: none,
    middle: none,
    endOfMiddle: none,
    textSentinels: none,
  } as const;
  const model = { tokenizer, prompt, id: "world", chat };
  return conversationTokens({ turns, system, scratchPath: "a.ts" }, model, new ReplyTokenCache()).tokens;
};

const user = [24281, 59]; // "User" ":"
const assistant = [261, 5585, 41693, 59]; // "\n\n" "Ass" "istant" ":"

test("World: a system prompt, newlines within a message, two turns", { skip: vocabulary.skip }, () => {
  const system = [40812, 59, 3673, 37909, 47, 261]; // "System" ":" " Be" " brief" "." "\n\n"
  const first = [...system, ...user, 3880, 11, 35755, ...assistant]; // " Hi" "\n" "there"
  assert.deepEqual(tokensOf("world", [turn("Hi\n\nthere\r\n\r\n")], " Be brief. \n"), first);
  const turns = [turn("Hi\nthere", { reply: " Because." }), turn("Why?")];
  const second = [261, ...user, 21152, 64, ...assistant]; // "\n\n" … " Why" "?"
  assert.deepEqual(tokensOf("world", turns, "Be brief."), [...first, 50003, 47, ...second]); // " Because" "."
});

test("G1: thinking on and off", { skip: vocabulary.skip }, () => {
  const open = [...user, 3880, ...assistant, 295, 35762]; // " <" "think"
  assert.deepEqual(tokensOf("g1", [turn("Hi", { think: true })]), open);
  assert.deepEqual(tokensOf("g1", [turn("Hi")]), [...open, 63, 11, 754, 35762]); // ">" "\n" "</" "think"
});

test("an attachment is quoted in a fence that its text cannot close", () => {
  const attachment = {
    label: "a.md:1-3",
    headerPath: "a.md",
    languageId: "markdown",
    text: "```ts\nx\n```",
    isWholeFile: false,
  };
  const place = { isFirst: true, system: "", attachmentsRead: 0 };
  assert.equal(
    turnOpening("world", turn("What is it?", { attachments: [attachment] }), place),
    "User: a.md:1-3\n````markdown\n```ts\nx\n```\n````\nWhat is it?\n\nAssistant:",
  );
});

test("a fence is found for text with any number of runs of backticks", () => {
  const attachment = { label: "a", headerPath: "a", languageId: "", text: "`a``b".repeat(200_000), isWholeFile: false };
  const place = { isFirst: true, system: "", attachmentsRead: 0 };
  assert.match(turnOpening("world", turn("?", { attachments: [attachment] }), place), /^User: a\n```\n/);
});

test("a reply is split into thinking and text, even while it is being written", () => {
  assert.deepEqual(parseReply("world", false, " Yes."), { thinking: "", text: "Yes." });
  assert.deepEqual(parseReply("g1", false, ">\n\nYes."), { thinking: "", text: "Yes." });
  assert.deepEqual(parseReply("g1", true, ">So it is</th"), { thinking: "So it is", text: "" });
  assert.deepEqual(parseReply("g1", true, ">So it is.</think>\n\nYes."), { thinking: "So it is.", text: "Yes." });
});

const tagged: readonly (readonly [
  claim: string,
  format: "world" | "g1",
  think: boolean,
  written: string,
  string,
  string,
])[] = [
  ["G1 thinks although it was told not to", "g1", false, ">\n<think>\nHm.\n</think>\n# Yes", "Hm.", "# Yes"],
  ["G1 thinks twice", "g1", true, ">One.</think>\nYes.\n<think>Two.</think>\nSure.", "One.\n\nTwo.", "Yes.\n\nSure."],
  ["a World model thinks", "world", false, " <think>Hm.</think>\n\n- Yes", "Hm.", "- Yes"],
  ["a World model never stops thinking", "world", false, " <think>Hm", "Hm", ""],
  ["the tag is code", "world", false, " It writes `<think>` first:\n```\n<think>\n</think>\n```", "", ""],
  ["the tag is within a line", "g1", false, ">\nThe tag <think> opens.", "", "The tag <think> opens."],
];
for (const [claim, format, think, written, thinking, text] of tagged) {
  test(`thinking is distinguished from text: ${claim}`, () => {
    assert.deepEqual(parseReply(format, think, written), {
      thinking,
      text: text === "" && thinking === "" ? written.trim() : text,
    });
    let before = { thinking: "", text: "" };
    for (let length = 1; length <= written.length; length++) {
      const now = parseReply(format, think, written.slice(0, length).trimEnd());
      assert.ok(now.thinking.startsWith(before.thinking) && now.text.startsWith(before.text), JSON.stringify(now));
      before = now;
    }
  });
}
