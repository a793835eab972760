import assert from "node:assert/strict";
import test from "node:test";
import {
  completionPosition,
  PendingCompletion,
  type Continuation,
} from "../../src/core/completion/pendingCompletion.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { FakeModel } from "../support/fakeModel.js";
import { withCursor } from "../support/testInference.js";

const { tokenizer, prompt, id } = new FakeModel();
const shownOf = { isComplete: true, isShown: true };

/** A document with the text of `marked`, and the position of its cursor ║. */
function documentAt(marked: string) {
  const { text, line } = withCursor(marked);
  const origin = { uri: "file:///a.ts", headerPath: "a.ts" };
  const document = new OpenDocument(origin, text, { tokenizer, prompt, emptyHash: emptyBlockHash(id) });
  const header = document.tokens.byteLength - Buffer.byteLength(text);
  const byteOffset = header + Buffer.byteLength(marked.slice(0, marked.indexOf("║")));
  return { document, position: completionPosition(document, line, byteOffset) };
}

/** A `PendingCompletion` that keeps this text at the cursor of `marked`. */
function pendingAt(marked: string, text: string, kept = shownOf): PendingCompletion {
  const pending = new PendingCompletion();
  const { position } = documentAt(marked);
  pending.expect(position);
  pending.keep(position, { text, ...kept });
  return pending;
}

function continued(pending: PendingCompletion, marked: string): Continuation | undefined {
  const { document, position } = documentAt(marked);
  return pending.continuationAt(document, position);
}

for (const [claim, after, text] of [
  ["all of it at its position", "a = ║\nc", "foo(bar)"],
  ["the rest after a part was typed", "a = foo║\nc", "(bar)"],
  ["nothing after all of it was typed", "a = foo(bar)║\nc", undefined],
  ["nothing after more was typed", "a = foo(bar);║\nc", undefined],
  ["nothing after other text was typed", "a = fo_║\nc", undefined],
  ["nothing before its position", "a =║ \nc", undefined],
  ["nothing on another line", "a = \n║c", undefined],
  ["nothing if the text below has another length", "a = ║\ncd", undefined],
  ["nothing if a line was inserted", "a = \n║\nc", undefined],
] as const) {
  test(`a complete completion still shows ${claim}`, () => {
    assert.equal(continued(pendingAt("a = ║\nc", "foo(bar)"), after)?.text, text);
  });
}

test("an incomplete completion is asked for again at its position, but not after a part was typed", () => {
  const pending = pendingAt("a = ║", "foo(bar, baz", { isComplete: false, isShown: true });
  assert.equal(continued(pending, "a = ║"), undefined);
  assert.deepEqual(continued(pending, "a = f║"), { text: "oo(bar, baz", isComplete: false, canContinue: false });
  assert.equal(continued(pending, "a = foo(║")?.canContinue, false);
  assert.equal(continued(pending, "a = foo(b║")?.canContinue, true);
});

test("a complete completion is not continued by a request", () => {
  assert.deepEqual(continued(pendingAt("║", "foo"), "f║"), { text: "oo", isComplete: true, canContinue: false });
});

test("text of several bytes is typed along byte by byte", () => {
  assert.equal(continued(pendingAt("a = ║", "é😀ü"), "a = é║")?.text, "😀ü");
  assert.equal(continued(pendingAt("a = ║", "\ufeffb"), "a = ║")?.text, "\ufeffb");
});

test("a line on which other text was typed is known as rejected until the completion is typed along", () => {
  const pending = pendingAt("a = ║\nc", "foo");
  const isRejectedAt = (marked: string): boolean => pending.wasRejected(documentAt(marked).position);
  assert.equal(isRejectedAt("a = ║\nc"), false);
  continued(pending, "a = x║\nc");
  assert.equal(isRejectedAt("a = xy║\nc"), true);
  assert.equal(isRejectedAt("a = x\n║c"), false);
  continued(pending, "a = f║\nc");
  assert.equal(isRejectedAt("a = f║\nc"), false);
});

test("a completion that was not shown cannot be rejected", () => {
  const pending = pendingAt("a = ║", "foo", { isComplete: true, isShown: false });
  continued(pending, "a = x║");
  assert.equal(pending.wasRejected(documentAt("a = x║").position), false);
});

test("an edit before a completion discards it, and one at its position does not", () => {
  const { position } = documentAt("a = ║");
  const pending = pendingAt("a = ║", "foo");
  pending.edited(position.byteOffset);
  assert.equal(continued(pending, "a = ║")?.text, "foo");
  pending.edited(position.byteOffset - 1);
  assert.equal(continued(pending, "a = ║"), undefined);
});

test("a completion is kept only if it was expected and nothing before it has changed since", () => {
  const { position } = documentAt("a = ║");
  const keptAfter = (change: (pending: PendingCompletion) => void): string | undefined => {
    const pending = new PendingCompletion();
    pending.expect(position);
    change(pending);
    pending.keep(position, { text: "foo", ...shownOf });
    return continued(pending, "a = ║")?.text;
  };
  assert.equal(
    keptAfter(() => undefined),
    "foo",
  );
  assert.equal(
    keptAfter((pending) => {
      pending.edited(position.byteOffset);
    }),
    "foo",
  );
  assert.equal(
    keptAfter((pending) => {
      pending.edited(position.byteOffset - 1);
    }),
    undefined,
  );
  assert.equal(
    keptAfter((pending) => {
      pending.expect({ ...position });
    }),
    undefined,
  );
});
