import assert from "node:assert/strict";
import test from "node:test";
import type { ChatFormat, TokenId, Tokenizer } from "../../src/core/model.js";
import { ReplyText } from "../../src/core/chat/replyText.js";

const bytesOnly = { bytesOf: (token: number) => Uint8Array.of(token) } as unknown as Tokenizer; // each byte is a token

/**
 * Passes a text to a `ReplyText` token by token.
 * @returns the part that is kept, and why it stopped; "end" if it did not.
 */
function replyOf(text: string, format: ChatFormat = "world", think = false): { written: string; stop: string } {
  const reply = new ReplyText(bytesOnly, format, think);
  for (const byte of new TextEncoder().encode(text)) {
    const step = reply.push(byte as TokenId); // each byte is its own token id
    if (step === "ended") return { written: reply.certain, stop: "turn" };
    if (step === "repeats") return { written: reply.certain, stop: "repetition" };
  }
  return { written: reply.certain, stop: "end" };
}

const rows = (row: string, count: number): string => row.repeat(count);
const repetitive: Readonly<Record<string, string>> = {
  "a matrix of zeros": ` \`\`\`js\nconst zeros = [\n${rows("  [0, 0, 0, 0, 0, 0, 0, 0, 0],\n", 9)}];\n\`\`\``,
  "sixteen bytes in a fence": ` \`\`\`c\nchar bytes[] = {${rows("0x00, ", 16)}};\n\`\`\``,
  "256 bytes in a fence": ` \`\`\`c\n${rows(`${"0x00, ".repeat(16)}\n`, 16)}};\n\`\`\``,
  "a matrix of 32 rows": ` \`\`\`py\n${rows(`[${"0, ".repeat(32)}],\n`, 32)}]\n\`\`\``,
  "sixteen bytes in a sentence": ` They are ${rows("0x00, ", 16)}and no more.`,
  "list items in a fence": ` \`\`\`html\n<ul>\n${rows("  <li>Item</li>\n", 12)}</ul>\n\`\`\``,
  "five equal lines": ` So:\n${rows("the same line as before\n", 5)}done.`,
  "rows of a table": ` | a | b |\n|---|---|\n${rows("| 0 | 0 |\n", 20)}\nThat is all.`,
};
for (const [what, reply] of Object.entries(repetitive)) {
  test(`repetition that belongs to the reply is not cut: ${what}`, () => {
    assert.deepEqual(replyOf(reply), { written: reply, stop: "end" });
  });
}

test("a loop within a fence is stopped too", () => {
  const { stop } = replyOf(` \`\`\`js\n${"console.log(value, index);\n".repeat(200)}`);
  assert.equal(stop, "repetition");
});

for (const [loop, maxRepeats] of [
  [" Vector2,", 6],
  ["value.toLowerCase() === 'valid' || ", 5],
  ["0, ", 14],
] as const) {
  test(`a loop of a model that was not trained to chat is stopped soon: ${loop}`, () => {
    const { written, stop } = replyOf(`import {${loop.repeat(100)}`, "none");
    assert.equal(stop, "repetition");
    assert.ok(written.split(loop.trim()).length - 1 <= maxRepeats, written);
  });
}

test("code of a model that was not trained to chat may repeat a line a few times", () => {
  const code = "  expect(value).toBe(1);\n".repeat(4);
  assert.equal(replyOf(`${code}});\n${"-".repeat(80)}\n${"  ".repeat(40)}x`, "none").stop, "end");
});

test("a turn that is quoted in a fence does not end the reply", () => {
  const reply = " The format:\n```text\nSystem: Be brief.\n\nUser: Hi\n\nAssistant: Hello\n```\nThat is it.";
  assert.deepEqual(replyOf(reply), { written: reply, stop: "end" });
});

test("a turn after the fence ends the reply", () => {
  const quoted = " So:\n```text\n\nUser: Hi\n```";
  assert.deepEqual(replyOf(`${quoted}\n\nUser: And`), { written: quoted, stop: "turn" });
  const whole = new ReplyText(
    { bytesOf: () => Buffer.from(`${quoted}\n\nUser: And`) } as unknown as Tokenizer,
    "world",
    false,
  );
  assert.deepEqual([whole.push(1 as TokenId), whole.certain], ["ended", quoted]); // all of it in a single token
  assert.deepEqual(replyOf(" ```js\nx\n```\n\nUser: And"), { written: " ```js\nx\n```", stop: "turn" });
  assert.deepEqual(replyOf(" Yes.\n\nUser: And"), { written: " Yes.", stop: "turn" });
});

test("a turn that is quoted while thinking does not end the reply; a turn after the thinking does", () => {
  const thought = ">They wrote:\n\nUser: Hi\n\nSo I greet.</think>\nHello.";
  assert.deepEqual(replyOf(`${thought}\n\nUser: And`, "g1", true), { written: thought, stop: "turn" });
});

/** A `ReplyText` that has received this text. */
function after(text: string, format: ChatFormat = "world", think = false): ReplyText {
  const reply = new ReplyText(bytesOnly, format, think);
  for (const byte of Buffer.from(text)) reply.push(byte as TokenId);
  return reply;
}

for (const [claim, text, certain] of [
  ["whitespace at the end, which may be dropped", "a b \n", "a b"],
  ["the beginning of a turn", "a\n\nUs", "a"],
  ["the beginning of another turn", "a\n\nSystem", "a"],
  ["nothing if the end only resembles the beginning of a turn", "a\n\nUse", "a"],
  ["nothing once the beginning of a turn has become another text", "a\n\nUsed: b", "a\n\nUsed: b"],
  ["nothing after a single newline before text", "a\nUser", "a\nUser"],
] as const) {
  test(`a reply is certain but for ${claim}`, () => {
    assert.equal(after(text).certain, certain);
  });
}

for (const [claim, text, format, think, isEnded] of [
  ["the start of a user's turn", "a\n\nUser:", "world", false, true],
  ["the start of a system's turn", "a\n\nSystem:", "g1", false, true],
  ["not a turn within a line", "a User:", "world", false, false],
  ["not a turn in a fence", "```\na\n\nUser:", "world", false, false],
  ["not a turn in thinking", "a\n\nUser:", "g1", true, false],
  ["a turn after thinking", "a</think>b\n\nUser:", "g1", true, true],
  ["a turn although thinking was requested, in a format without it", "a\n\nUser:", "world", true, true],
  ["not a turn for a model that was not trained to talk", "a\n\nUser:", "none", false, false],
] as const) {
  test(`what ends a reply: ${claim}`, () => {
    const reply = after(text.slice(0, -1), format, think);
    const step = reply.push(text.charCodeAt(text.length - 1) as TokenId);
    assert.equal(step, isEnded ? "ended" : "continues");
    if (isEnded) assert.equal(reply.certain, text.slice(0, text.lastIndexOf("\n\n")));
  });
}

test("the boundary is known only between characters", () => {
  for (const text of ["a", "é", "ࠀ", "한", "𐀀", "😀", "é한"]) {
    const bytes = Buffer.from(text);
    const reply = new ReplyText(bytesOnly, "world", false);
    let known = 0;
    for (const [i, byte] of bytes.entries()) {
      reply.push(byte as TokenId);
      const written = bytes.subarray(0, i + 1).toString();
      if (!written.includes("\ufffd")) known = written.length;
      assert.equal(reply.boundary, written.includes("\ufffd") ? undefined : known, `${text}, ${i}`);
    }
  }
});

test("bytes that are no text do not hide the boundary", () => {
  const reply = new ReplyText(bytesOnly, "world", false);
  for (const byte of [0x61, 0xbf, 0xbf, 0xbf]) reply.push(byte as TokenId);
  assert.notEqual(reply.boundary, undefined);
});

test("a reply is certain if its last character is complete and its end cannot begin another turn", () => {
  assert.deepEqual(
    ["a", "a ", "a\n\nUser", "é"].map((text) => after(text).isCertain),
    [true, false, false, true],
  );
});
