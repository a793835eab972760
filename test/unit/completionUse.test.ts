import { fireEdit } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { PersistedCounts } from "../../src/extension/completionCounts.js";
import { memento } from "../support/memento.js";
import { acceptedCommand, CompletionUsage, type CompletionInvocation } from "../../src/extension/completionUsage.js";

type CompletionAnswers = Parameters<CompletionUsage["onCompletion"]>[1];

interface Editing {
  readonly use: CompletionUsage;
  readonly document: { version: number };
  readonly token: { isCancellationRequested: boolean };
  /** Requests a completion at the end of the document. It arrives when `answer` is called. */
  readonly ask: (items?: readonly object[]) => { readonly answer: () => void; readonly shown: Promise<unknown> };
}

function editing(): Editing {
  const use = new CompletionUsage(new PersistedCounts(memento(), () => 1), () => true);
  const text = "let a = ";
  const uri = { toString: () => "file:///a.ts" };
  const document = {
    uri,
    languageId: "typescript",
    version: 1,
    eol: 1,
    offsetAt: () => text.length,
    getText: () => "",
  };
  const token = { isCancellationRequested: false };
  const position = { line: 0, character: text.length };
  // The object has all members that are used.
  const question = { document, position, token, context: {} } as unknown as CompletionInvocation;
  const ask: Editing["ask"] = (items = [{ insertText: "1;" }]) => {
    let answer = (): void => undefined;
    const result = new Promise<unknown>((resolve) => {
      answer = () => {
        resolve(items);
      };
    });
    return { answer, shown: Promise.resolve(use.onCompletion(question, result as CompletionAnswers)) };
  };
  return { use, document, token, ask };
}

test("a completion that arrives in time is counted as shown, and reports its acceptance", async () => {
  const { use, ask } = editing();
  const { answer, shown } = ask();
  answer();
  assert.deepEqual(await shown, [{ insertText: "1;", command: { title: "", command: acceptedCommand } }]);
  assert.deepEqual([use.counts.asked, use.counts.shown], [1, 1]);
  await use.dispose();
});

test("a request without a completion is counted, but not as shown", async () => {
  const { use, ask } = editing();
  const { answer, shown } = ask([]);
  answer();
  assert.deepEqual(await shown, []);
  assert.deepEqual([use.counts.asked, use.counts.shown], [1, 0]);
  await use.dispose();
});

test("a completion that arrives after the document has changed is counted as requested, but not as shown", async () => {
  const { use, document, ask } = editing();
  const { answer, shown } = ask();
  document.version = 2;
  answer();
  await shown;
  assert.deepEqual([use.counts.asked, use.counts.shown], [1, 0]);
  await use.dispose();
});

test("a completion that arrives after its request was cancelled is not counted as shown", async () => {
  const { use, token, ask } = editing();
  const { answer, shown } = ask();
  token.isCancellationRequested = true;
  answer();
  await shown;
  assert.deepEqual([use.counts.asked, use.counts.shown], [1, 0]);
  await use.dispose();
});

test("keystrokes in a document that is completed count as typed", async () => {
  const { use, document } = editing();
  fireEdit(document, [{ rangeOffset: 8, rangeLength: 0, text: "x" }]);
  assert.equal(use.counts.charactersTyped, 1);
  await use.dispose();
});
