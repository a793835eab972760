import assert from "node:assert/strict";
import test from "node:test";
import { buildPrompt, type Prompt, type PromptContext } from "../../src/core/completion/prompt.js";
import type { PromptFormat, TokenId } from "../../src/core/model.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";
import { prefixFormat, starterTokenizer, suffixFormat, textFormat, textOf } from "../support/tokenizer.js";

const inference = testInference(new FakeModel());
const suffix = [100, 101] as TokenId[];

interface Built {
  readonly prompt: Prompt;
  /** The three parts of the prompt as text: base, tail and line prefix. */
  readonly base: string;
  readonly tail: string;
  readonly linePrefix: string;
}

/**
 * Builds the prompt for a cursor in the last line of a document. The returned texts do not include the document's
 * header.
 */
function built(
  text: string,
  format: PromptFormat,
  context: Partial<PromptContext> & { readonly typed?: string } = {},
): Built {
  const { document } = openSession(inference, text);
  const line = document.lineCount - 1;
  const { typed = text.slice(text.lastIndexOf("\n") + 1), ...others } = context;
  const frozen = { line, suffix: [], maxWindowTokens: 64, document, linePrefix: Buffer.from(typed), ...others };
  const prompt = buildPrompt(frozen, starterTokenizer, format); // has all members that are used
  const header = document.headerTokens;
  return {
    prompt,
    base: textOf(starterTokenizer, document.tokens.tokens(header, prompt.baseTokens)),
    tail: textOf(starterTokenizer, prompt.tail),
    linePrefix: textOf(starterTokenizer, prompt.linePrefix) + Buffer.from(prompt.forcedBytes).toString(),
  };
}

const words = (bytes: number): string => "word 12, ".repeat(bytes).slice(0, bytes);

for (const [bytes, anchor] of [
  [512, 0],
  [513, 256],
  [767, 256],
  [768, 512],
  [1023, 512],
  [1024, 768],
] as const) {
  test(`a keystroke after a line prefix of ${bytes} bytes reads the line from byte ${anchor} on`, () => {
    for (const format of [prefixFormat, suffixFormat]) {
      if (format === suffixFormat && anchor === 0) continue;
      const text = `let a;\n${words(bytes)}`;
      const { prompt, base, linePrefix } = built(text, format, { suffix });
      assert.equal(base + linePrefix, text);
      const readAgain = linePrefix.length - (bytes - anchor);
      assert.ok(readAgain >= 0 && readAgain < 16, `${readAgain} bytes before the anchor`);
      assert.deepEqual([prompt.suffix, prompt.tail, prompt.sentinelPrefix], [[], [], undefined]);
      assert.equal(prompt.cursorToken, prompt.baseTokens);
    }
  });
}

test("if the line prefix is not that of the document, the part that is the same counts", () => {
  const typed = `${words(600)}${"z".repeat(400)}`;
  const { base, linePrefix } = built(`let a;\n${words(1000)}`, prefixFormat, { typed });
  assert.equal(base + linePrefix, `let a;\n${typed}`);
  const readAgain = linePrefix.length - (1000 - 256);
  assert.ok(readAgain >= 0 && readAgain < 16, `${readAgain} bytes before the anchor`);
});

test("in the line-aligned form, suffix and sentinels are between the lines above and the line", () => {
  const { prompt, base, linePrefix } = built(`let a;\n${words(512)}`, suffixFormat, { suffix });
  const start = prompt.tail.indexOf(suffixFormat.suffix!);
  assert.deepEqual(prompt.tail.slice(start), [suffixFormat.suffix, ...suffix, suffixFormat.middle]);
  assert.equal(base + textOf(starterTokenizer, prompt.tail.slice(0, start)), "let a;\n");
  assert.equal(linePrefix, words(512));
  const without = { ...suffixFormat, suffix: undefined, middle: undefined };
  assert.deepEqual(built("let a;\n", without, { suffix }).prompt.tail.slice(-2), suffix);
});

test("with sentinels that are text, an empty suffix is left out", () => {
  const { prompt } = built("let a;\nlet b", textFormat);
  assert.deepEqual([prompt.suffix, prompt.tail, prompt.sentinelPrefix], [[], [], undefined]);
  assert.ok(built("let a;\nlet b", textFormat, { suffix }).prompt.suffix.length > suffix.length);
});

const line = (i: number): string => `value${i} = compute(${i});\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i)).join("");

test("a window begins at a line's start, and stays there while the text grows by half of its size", () => {
  const starts = new Set<number>();
  for (let count = 1; count < 60; count++) {
    const { prompt, base, tail, linePrefix } = built(`${lines(count)}val`, textFormat, { suffix });
    assert.equal(base + tail + linePrefix, `${lines(count)}val`);
    assert.ok(prompt.tail.length <= 64, `${prompt.tail.length} tokens`);
    if (base !== "") {
      assert.ok(lines(count).startsWith("value", base.length) || lines(count).startsWith("\n", base.length));
      assert.ok(prompt.tail.length >= 32 - 16, `${prompt.tail.length} tokens`);
    }
    starts.add(prompt.baseTokens);
    assert.equal(prompt.cursorToken, prompt.baseTokens + prompt.tail.length);
  }
  assert.ok(starts.size > 5 && starts.size < 30, `${starts.size} different starts`);
});

test("in a line that is longer than a window, the window begins within it", () => {
  const { prompt, base, tail, linePrefix } = built(`${words(3000)};\nval`, textFormat, { suffix });
  assert.equal(base + tail + linePrefix, `${words(3000)};\nval`);
  assert.ok(prompt.tail.length > 16 && prompt.tail.length <= 64, `${prompt.tail.length} tokens`);
});

test("a window of one token is possible", () => {
  const { prompt, base, tail, linePrefix } = built(`${lines(3)}val`, textFormat, { suffix, maxWindowTokens: 1 });
  assert.equal(base + tail + linePrefix, `${lines(3)}val`);
  assert.ok(prompt.tail.length <= 1);
});
