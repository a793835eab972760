import assert from "node:assert/strict";
import test from "node:test";
import { PrefixWindow } from "../../src/core/completion/prefixWindow.js";
import { FakeModel } from "../support/fakeModel.js";
import { completeAt, openSession, testInference } from "../support/testInference.js";

const { document } = openSession(testInference(new FakeModel()), "const value = compute(1, 2, 3);\n".repeat(800));
const header = document.headerTokens;
const windowTokens = 512;

/** The number of tokens in the window for a cursor after `base` tokens, not counting the header. */
function sizeAt(window: PrefixWindow, base: number): number {
  return window.tokens(document, base, windowTokens).length - header;
}

test("a window starts about 512 tokens before the cursor, at a line start", () => {
  const size = sizeAt(new PrefixWindow(), 3000);
  assert.ok(size <= windowTokens && size > windowTokens - 32, `${size} tokens`);
});

test("a window of exactly 512 tokens begins at a line's start if one is there", () => {
  const { tokens } = document;
  const starts = Array.from({ length: 8 }, (_, i) => tokens.tokensEndingBy(document.lineStart(300 + i)));
  for (const start of starts) {
    assert.equal(sizeAt(new PrefixWindow(), start + windowTokens), windowTokens);
    assert.ok(sizeAt(new PrefixWindow(), start + windowTokens + 1) < windowTokens);
  }
});

test("the start of a window stays while the cursor is between 256 and 1,024 tokens after it", () => {
  const window = new PrefixWindow();
  const first = sizeAt(window, 3000);
  for (const moved of [-200, 60, 300, 500]) assert.equal(sizeAt(window, 3000 + moved), first + moved);
});

test("a cursor farther away gets a new window, so that no window grows beyond twice its size", () => {
  for (const moved of [530, 2000, 4000, -300, -2000]) {
    const window = new PrefixWindow();
    sizeAt(window, 4200);
    const size = sizeAt(window, 4200 + moved);
    assert.ok(size <= windowTokens, `${size} tokens after moving by ${moved}`);
  }
});

test("a window stays the same text while another cursor above types", async () => {
  const inference = testInference(new FakeModel({ prefillTokensPerSecond: 10_000 }), { limits: { timeBudgetMs: 200 } });
  const text = Array.from({ length: 400 }, (_, i) => `const value${i} = compute(${i}, 2, 3);`);
  const session = openSession(inference, text.join("\n"));
  const reads: number[] = [];
  for (const typed of ["", "z", "zq", "zq7", "zq7 ", "zq7 ="]) {
    for (const line of [350, 10]) {
      session.edit({ startLine: line, endLine: line + 1, text: `${text[line]} // ${typed}\n` });
    }
    const rawLine = `${text[350]} // ${typed}`;
    const at = { rawLine, line: 350, character: rawLine.length };
    await completeAt(inference, session, at, { trigger: "invoked" });
    assert.equal(inference.counter.last?.source, "window");
    reads.push(inference.counter.last.tokensRead);
  }
  assert.ok(reads[0]! > 400, `${reads[0]} tokens read first`);
  assert.ok(Math.max(...reads.slice(1)) <= 24, `${reads.join()} tokens read`);
});
