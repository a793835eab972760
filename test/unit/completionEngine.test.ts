import assert from "node:assert/strict";
import test from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import { alternatives } from "../../src/server/alternatives.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";
import { FakeModel, type FakeModelOptions } from "../support/fakeModel.js";
import { testEngine } from "../support/testEngine.js";
import { withCursor } from "../support/testInference.js";

const knows = "function add(first, second) {\n  return first + second * third - fourth / fifth;\n}\n";
const marked = "function add(first, second) {\n  ret║";
const uri = "file:///src/a.ts";
const headerPath = "src/a.ts";

/** An engine with the text of `marked` open, and a completion request at the cursor. */
function opened(options: FakeModelOptions = {}) {
  const model = new FakeModel({ knows, ...options });
  const { engine, counter } = testEngine(model);
  const { text, line, character } = withCursor(marked);
  engine.documents.open({ uri, headerPath }, text);
  return { engine, counter, text, request: { uri, line, character, rawLine: text.split("\n")[line]! } };
}

test("the range of a completion is in UTF-16 code units", async () => {
  const { engine, request, counter } = opened();
  const outcome = await engine.complete(request, { trigger: "automatic" }, neverCancelled);
  const completion = { start: 5, end: 5, text: "urn first + second * third - fourth / fifth;" };
  assert.deepEqual(outcome, { kind: "shown", completions: [completion] });
  assert.deepEqual([counter.counts.asked, counter.counts.shown], [1, 1]);
});

test("further completions follow the first one, none twice", async () => {
  const { engine, request } = opened({ margin: 2 });
  const options = { trigger: "invoked", others: { count: 8, maxTokens: 16, maxMs: 1e9 } } as const;
  const outcome = await engine.complete(request, options, neverCancelled);
  const texts = outcome.kind === "shown" ? outcome.completions.map(({ text }) => text) : [];
  assert.ok(texts.length > 1, JSON.stringify(texts));
  assert.equal(new Set(texts).size, texts.length);
});

test("a document that is not open gets no completion and is not counted", async () => {
  const { engine, request, counter } = opened();
  engine.documents.close(uri);
  assert.deepEqual(await engine.complete(request, { trigger: "invoked" }, neverCancelled), {
    kind: "nothing",
    nothing: { reason: "notOpen" },
  });
  assert.deepEqual(await engine.alternatives(request, { count: 1, maxTokens: 8, maxMs: 1e9 }, neverCancelled), []);
  assert.equal(engine.insertion(uri, { ...request, lastLine: 0, before: "", after: "", isEmpty: true, code: "a", indentUnit: "  " }), undefined); // prettier-ignore
  assert.equal(counter.counts.asked, 0);
});

test("a cancelled request is counted as such", async () => {
  const { engine, request, counter } = opened();
  const completed = engine.complete(request, { trigger: "invoked" }, { isCancellationRequested: true });
  await assert.rejects(completed, Cancelled);
  assert.deepEqual([counter.counts.asked, counter.counts.cancelled], [1, 1]);
});

test("nothing is completed within a character", async () => {
  const { engine, request } = opened();
  engine.documents.setText(uri, "a😀");
  const within = { ...request, line: 0, rawLine: "a😀", character: 2 };
  assert.deepEqual(await engine.complete(within, { trigger: "invoked" }, neverCancelled), {
    kind: "nothing",
    nothing: { reason: "insideCharacter" },
  });
});

test("the other open documents of the language are neighbors", async () => {
  const { engine } = opened();
  const other = engine.documents;
  other.open({ uri: "file:///src/b.ts", headerPath: "src/b.ts" }, "let b;");
  other.focus("file:///src/b.ts");
  const neighbors = other.neighborsOf(other.session(uri)!);
  assert.deepEqual(
    neighbors.map(({ text }) => text),
    [other.session("file:///src/b.ts")!.document.tokens],
  );
});

test("no alternatives are offered for a text that changed while they were made", async () => {
  const answered = async (edit: (engine: CompletionEngine) => void): Promise<number> => {
    const { engine, text, request } = opened({ margin: 2 });
    const document = TextDocument.create(uri, "typescript", 1, text);
    const params = { textDocument: { uri }, position: { line: request.line, character: request.character } };
    const pending = alternatives(engine, document, params, {
      isCancellationRequested: false,
      onCancellationRequested: () => ({ dispose: () => undefined }),
    });
    edit(engine);
    return (await pending).length;
  };
  assert.ok((await answered(() => undefined)) > 0);
  assert.equal(
    await answered((engine) => {
      engine.documents.setText(uri, `${marked.replace("║", "")}\nlet b;`);
    }),
    0,
  );
});
