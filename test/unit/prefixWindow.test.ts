import assert from "node:assert/strict";
import test from "node:test";
import { PrefixWindow, windowTokens } from "../../src/core/completion/prefixWindow.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const { document } = openSession(testInference(new FakeModel()), "const value = compute(1, 2, 3);\n".repeat(800));
const header = document.headerTokens;

/** Tokens of the window, without the header, for a cursor after `base` tokens. */
function sizeAt(window: PrefixWindow, base: number): number {
  return window.tokens(document, base, header).length - header;
}

test("a window starts about 512 tokens before the cursor, at a line start", () => {
  const size = sizeAt(new PrefixWindow(), 3000);
  assert.ok(size <= windowTokens && size > windowTokens - 32, `${size} tokens`);
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
