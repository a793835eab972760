import assert from "node:assert/strict";
import test from "node:test";
import { completionPosition } from "../../src/core/completion/pendingCompletion.js";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { RecentDocuments } from "../../src/core/engine/recentDocuments.js";
import { backgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference, type TestInference } from "../support/testInference.js";

const cells = Array.from({ length: 40 }, (_, i) => `value${i} = compute(${i})\n`).join("");

/** Opens the sessions one after the other in a background reader, and waits until it is idle. */
async function readAll(inference: TestInference, ...sessions: readonly DocumentSession[]): Promise<void> {
  const { reader, idle } = backgroundReading(inference);
  const done = idle();
  for (const session of sessions) reader.opened(session);
  await done;
  await reader.dispose();
}

test("text that was read in another cell is not read again when it comes before this one", async () => {
  const model = new FakeModel();
  const inference = testInference(model);
  const [first, second] = [openSession(inference, cells), openSession(inference, "x = 1\n")];
  await readAll(inference, first);
  const { tokensRead } = first.checkpoints;
  assert.ok(tokensRead > 200, `${tokensRead}`);
  second.setPreamble({ text: cells, uris: new Set([first.document.uri]) });
  assert.equal(second.checkpoints.tokensRead, tokensRead);
});

test("the cursor stays at its place in the document's own text, and is at its start in a new document", () => {
  const session = openSession(testInference(new FakeModel()), "a = 1\nb = 2\n");
  const ownToken = (): number => session.document.tokens.tokensEndingBy(session.document.lineStart(0));
  const setPreamble = (text: string): void => {
    session.setPreamble({ text, uris: new Set() });
  };
  setPreamble("x = 1\n");
  assert.equal(session.cursorToken, ownToken());
  session.edit({ startLine: 1, endLine: 2, text: "b = 3\n" });
  const after = session.cursorToken - ownToken();
  assert.ok(after > 0);
  for (const text of [cells, "y\n", ""]) {
    setPreamble(text);
    assert.equal(session.cursorToken - ownToken(), after);
  }
});

test("cells above that change during a request move the cursor as well", async () => {
  let changeAbove = (): void => undefined;
  const inference = testInference(
    new FakeModel({
      knows: "add(1, 2);\n",
      onRun: () => {
        changeAbove();
      },
    }),
  );
  const session = openSession(inference, "");
  changeAbove = () => {
    changeAbove = () => undefined;
    session.setPreamble({ text: cells, uris: new Set() });
  };
  assert.equal(await complete(inference, session, "add(║"), "add(├1, 2);┤");
  assert.equal(session.cursorToken, session.document.tokens.tokensEndingBy(session.document.lineStart(0)));
});

test("a pending completion ends if the preamble changes, even right before it, and stays if it does not", () => {
  const session = openSession(testInference(new FakeModel()), "");
  const { document, pendingCompletion } = session;
  const keep = (): void => {
    const position = completionPosition(document, 0, document.lineStart(0));
    pendingCompletion.expect(position);
    pendingCompletion.keep(position, { text: "print", isComplete: true, isShown: true });
  };
  const isPending = (): boolean => {
    const position = completionPosition(document, 0, document.lineStart(0));
    return pendingCompletion.continuationAt(document, position) !== undefined;
  };
  keep();
  session.setPreamble({ text: "", uris: new Set() });
  assert.equal(isPending(), true);
  session.setPreamble({ text: "x = 1\n", uris: new Set() });
  assert.equal(isPending(), false);
  // The user has not rejected the completion: it was dropped because the preamble changed.
  assert.equal(pendingCompletion.wasRejected(completionPosition(document, 0, document.lineStart(0))), false);
});

test("of the other cells, only those that are not before this one are searched, and only their own text", () => {
  const inference = testInference(new FakeModel());
  const [first, second, third] = ["a", "b", "c"].map((name) =>
    openSession(inference, `${name} = 1\n`, { path: `${name}.py` }),
  );
  const recent = new RecentDocuments();
  for (const session of [first!, second!, third!]) recent.touch(session);
  second!.setPreamble({ text: "a = 1\n", uris: new Set([first!.document.uri]) });
  third!.setPreamble({ text: "a = 1\nb = 1\n", uris: new Set([first!.document.uri, second!.document.uri]) });
  assert.deepEqual(recent.neighborsOf(third!), []);
  const [last, ...others] = recent.neighborsOf(second!);
  assert.deepEqual(others, []);
  const { text, fromToken = 0 } = last!;
  const bytes = text
    .tokens(fromToken, text.tokenCount)
    .flatMap((token) => [...inference.model.tokenizer.bytesOf(token)]);
  assert.equal(Buffer.from(bytes).toString(), "c = 1\n");
});
