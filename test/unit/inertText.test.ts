import assert from "node:assert/strict";
import test from "node:test";
import { errorMessage } from "../../src/shared/errorMessage.js";
import { inertText, visibleText } from "../../src/shared/inertText.js";
import { randomFrom } from "../support/random.js";

/**
 * The pattern by which VS Code finds links in notifications (its linkedText.ts), and patterns for links in Markdown.
 */
const links = [/\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i, /\]\(/, /<command:\S/i];
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

for (const [raw, shown] of [
  ["emb.weight", "emb.weight"],
  ["C:\\models\\моя модель\\模型.pth", "C:\\models\\моя модель\\模型.pth"],
  ["a\n[Click here](command:x.y?%5B%5D)", "a\\n[Click here] (command: x.y?%5B%5D)"],
  ["[x](https://example.org)", "[x] (https://example.org)"],
  ["<Command:x.y>", "<Command: x.y>"],
  ["$(trash) Remove", "$ (trash) Remove"],
  ["\u001b[2J\u001b]0;pwned\u0007\u001b[31mEVIL", "\\u{1b}[2J\\u{1b}]0;pwned\\u{7}\\u{1b}[31mEVIL"],
  ["\u009b31m\u007f\u0085\r\t", "\\u{9b}31m\\u{7f}\\u{85}\\r\\t"],
  ["gpj.\u202egnp\u2066\u2069\u200f\u061c", "gpj.\\u{202e}gnp\\u{2066}\\u{2069}\\u{200f}\\u{61c}"],
  ["a\u200b\u200d\u2060\ufeff\u00ad\u3164b", "a\\u{200b}\\u{200d}\\u{2060}\\u{feff}\\u{ad}\\u{3164}b"],
  ["\u{e0041}\ufe0f\ud800\u2028\u2029", "\\u{e0041}\\u{fe0f}\\u{d800}\\u{2028}\\u{2029}"],
] as const) {
  test(`a text is inert when it is shown as ${shown}`, () => {
    assert.equal(inertText(raw), shown);
  });
}

test("the start and the end of a long text are kept", () => {
  const text = inertText(`/models/a.safetensors: ${"\u001b[".repeat(5_000_000)} is no tensor; download the file again`);
  assert.ok(text.length <= 1000);
  assert.match(text, /^\/models\/a\.safetensors: .*….* is no tensor; download the file again$/);
  assert.equal(inertText("x".repeat(1000)), "x".repeat(1000));
  assert.doesNotMatch(inertText("😀".repeat(1000)), unseen);
});

test("any text becomes one line without links, and is unchanged if it is made inert again", () => {
  const parts = [
    "[",
    "]",
    "(",
    ")",
    "$",
    "](",
    "command:",
    "a",
    " ",
    "\\",
    "<",
    "\n",
    "\u001b",
    "\u202e",
    "\u200b",
    "\ud83d",
  ];
  const random = randomFrom(17);
  for (let round = 0; round < 20_000; round++) {
    const length = round % 100 === 0 ? 2000 : 12;
    const shown = inertText(Array.from({ length }, () => random.pick(parts)).join(""));
    assert.ok(shown.length <= 1000);
    for (const pattern of [...links, unseen, /\$\(/]) assert.doesNotMatch(shown, pattern);
    assert.equal(inertText(shown), shown);
  }
});

test("an error is shown by its message, whatever was thrown", () => {
  assert.equal(errorMessage(new Error("a\n[b](command:c)")), "a\\n[b] (command: c)");
  assert.equal(errorMessage("\u001b[2J"), "\\u{1b}[2J");
});

test("code keeps characters that only messages must not contain", () => {
  assert.equal(visibleText("call[0](x) $(y)\u202e"), "call[0](x) $(y)\\u{202e}");
});
