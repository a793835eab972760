import assert from "node:assert/strict";
import test from "node:test";
import { parseReply } from "../../src/core/chat/parseReply.js";
import { sectionsOf } from "../../src/core/chat/replySections.js";
import { holdsTurns, paragraph, withoutTurns } from "../../src/core/chat/turnMarkers.js";

for (const [claim, written, thinking, text] of [
  ["thinking, then the reply", ">a\nb</think>\nc", "a\nb", "c"],
  ["thinking that is not over", ">a\nb", "a\nb", ""],
  ["text that may become the end of thinking is left out", ">a</thi", "a", ""],
  ["a single angle bracket is left out", ">a <", "a", ""],
  ["thinking may begin again", ">a</think>b\n<think>c</think>d", "a\n\nc", "b\n\nd"],
  ["a tag within a line is text", ">a</think>b <think>c", "a", "b <think>c"],
  ["an indented tag", ">a</think>b\n \t<think>c</think>", "a\n\nc", "b"],
  ["text that may become a tag is left out", ">a</think>b\n<th", "a", "b"],
  ["text that may become a tag is left out even if it is indented", ">a</think>b\n <", "a", "b"],
  ["text within a line cannot become a tag", ">a</think>b <th", "a", "b <th"],
  ["empty parts are left out", "></think>\n<think> </think>\nb", "", "b"],
  ["nothing", "", "", ""],
] as const) {
  test(`a reply that begins with thinking is split: ${claim}`, () => {
    assert.deepEqual(parseReply("g1", true, written), { thinking, text });
  });
}

test("a reply without thinking begins as text; only in the format g1 is a `>` at its start dropped", () => {
  assert.deepEqual(parseReply("g1", false, ">\nb"), { thinking: "", text: "b" });
  assert.deepEqual(parseReply("g1", false, "<think>a</think>b"), { thinking: "a", text: "b" });
  assert.deepEqual(parseReply("world", true, "> a"), { thinking: "", text: "> a" });
  assert.deepEqual(parseReply("world", false, "<think>a</think>b"), { thinking: "a", text: "b" });
  assert.deepEqual(parseReply("none", true, " >a</think>b\n<th"), { thinking: "", text: " >a</think>b\n<th" });
});

for (const [claim, written, open] of [
  ["a fence", "```\na", "fence"],
  ["a fence of tildes", "~~~ts\na", "fence"],
  ["an indented fence in a list", "1. ```\na", "fence"],
  ["a fence in a quotation", "> - ```\na", "fence"],
  ["a fence that ends", "```\na\n```", undefined],
  ["a fence that ends with more backticks", "```\na\n`````", undefined],
  ["a longer fence, which fewer backticks do not end", "````\na\n```", "fence"],
  ["a fence of backticks, which tildes do not end", "```\na\n~~~", "fence"],
  ["a fence in which another one names a language", "```\na\n```ts", "fence"],
  ["two backticks are no fence", "``\na", undefined],
  ["code within a line is no fence", "```a``` b", undefined],
  ["a fence of tildes that names backticks", "~~~ `a`\nb", "fence"],
  ["backticks within a line are no fence", "a ```\nb", undefined],
  ["the fence of Markdown after a block in it has ended", "```markdown\n```ts\na\n```", "fence"],
  ["no fence after the Markdown has ended", "```md\n```ts\na\n```\n```", undefined],
  ["no fence after a block in a language that begins like Markdown", "```mdx\n```ts\na\n```", undefined],
  ["a tag in a fence is code", "```\n<think>\n", "fence"],
  ["a tag after a fence opens thinking", "```\n```\n<think>a", "thinking"],
  ["no fence after thinking that contains one", "<think>\n```\n</think>a", undefined],
] as const) {
  test(`the block that is open at the end of a reply: ${claim}`, () => {
    assert.equal(sectionsOf(written, "text").open, open);
  });
}

test("the sections of a reply are its parts without the tags", () => {
  const written = "a</think>bc\n<think>d";
  const { sections, open } = sectionsOf(written, "thinking");
  assert.equal(open, "thinking");
  assert.deepEqual(
    sections.map(({ kind, start, end }) => [kind, written.slice(start, end)]),
    [
      ["thinking", "a"],
      ["text", "bc\n"],
      ["thinking", "d"],
    ],
  );
  assert.deepEqual(sectionsOf("", "text"), { sections: [{ kind: "text", start: 0, end: 0 }], open: undefined });
});

for (const [claim, text, isTurn, without = text] of [
  ["at the start of a text", "User: a", true, "User: a"],
  ["after a blank line", "a\n\nUser: b", true, "a\nUser: b"],
  ["after several blank lines", "a\n\n \n\u200b\nAssistant: b", true, "a\nAssistant: b"],
  ["with decoration", "a\n\n** System **: b", true, "a\n** System **: b"],
  ["in any case", "a\n\nuSER: b", true, "a\nuSER: b"],
  ["with a wide colon", "a\n\nUser\uff1a b", true, "a\nUser\uff1a b"],
  ["not after another line", "a\nUser: b", false],
  ["not without a colon", "a\n\nUser b", false],
  ["not with another word", "a\n\nThe user: b", false],
  ["not after much decoration", `a\n\n${"-".repeat(21)}User: b`, false],
  ["twice", "a\n\nUser: b\n\nUser: c", true, "a\nUser: b\nUser: c"],
] as const) {
  test(`a line looks like a turn: ${claim}`, () => {
    assert.equal(holdsTurns(text), isTurn);
    assert.equal(withoutTurns(text), without);
  });
}

test("a paragraph has no blank lines", () => {
  assert.equal(paragraph(" \n a\n\n  \n\u200b\nb \n"), "a\nb");
});
