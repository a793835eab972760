import assert from "node:assert/strict";
import test from "node:test";
import { ReplyText } from "../../src/core/chat/replyText.js";
import type { ChatFormat, TokenId, Tokenizer } from "../../src/core/model.js";

const bytesOnly = { bytesOf: (token: number) => Uint8Array.of(token) } as unknown as Tokenizer; // a token is a byte

/** A reply after the model has written a text. */
function after(text: string, format: ChatFormat = "world", think = false): ReplyText {
  const reply = new ReplyText(bytesOnly, format, think);
  for (const byte of Buffer.from(text)) reply.push(byte as TokenId);
  return reply;
}

for (const [claim, text, certain] of [
  ["whitespace at the end, which may be dropped", "a b \n", "a b"],
  ["the beginning of a turn", "a\n\nUs", "a"],
  ["the beginning of another turn", "a\n\nSystem", "a"],
  ["not what only resembles one", "a\n\nUse", "a"],
  ["no longer when it becomes another text", "a\n\nUsed: b", "a\n\nUsed: b"],
  ["not a single newline before text", "a\nUser", "a\nUser"],
] as const) {
  test(`a reply is certain but for ${claim}`, () => {
    assert.equal(after(text).certain, certain);
  });
}

for (const [claim, text, format, think, isEnded] of [
  ["the start of a user's turn", "a\n\nUser:", "world", false, true],
  ["the start of a system's turn", "a\n\nSystem:", "g1", false, true],
  ["not within a line", "a User:", "world", false, false],
  ["not in a fence", "```\na\n\nUser:", "world", false, false],
  ["not in thinking", "a\n\nUser:", "g1", true, false],
  ["but after thinking", "a</think>b\n\nUser:", "g1", true, true],
  ["not in thinking of a format without it", "a\n\nUser:", "world", true, true],
  ["not in a model that was not trained to talk", "a\n\nUser:", "none", false, false],
] as const) {
  test(`a reply ends with ${claim}`, () => {
    const reply = after(text.slice(0, -1), format, think);
    const step = reply.push(text.charCodeAt(text.length - 1) as TokenId);
    assert.equal(step, isEnded ? "ended" : "continues");
    if (isEnded) assert.equal(reply.certain, text.slice(0, text.lastIndexOf("\n\n")));
  });
}

test("the boundary is known between characters only", () => {
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

test("a reply may end where all of it is certain", () => {
  assert.deepEqual(
    ["a", "a ", "a\n\nUser", "é"].map((text) => after(text).isCertain),
    [true, false, false, true],
  );
});
