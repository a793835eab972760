import assert from "node:assert/strict";
import test from "node:test";
import type { TextDocuments } from "vscode-languageserver";
import type { TextDocument, TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { openDocuments } from "../../src/server/documents.js";
import { FakeModel } from "../support/fakeModel.js";
import { randomFrom } from "../support/random.js";
import { openSession, testInference } from "../support/testInference.js";

type Connection = Parameters<TextDocuments<TextDocument>["listen"]>[0];

const uri = "file:///src/a.ts";
const inference = testInference(new FakeModel());

/** Simulates a client that edits its document, and the session that the server keeps for it. */
class ClientDocument {
  readonly session: DocumentSession;
  /** Number of changes that were passed on to the session. */
  edits = 0;
  readonly #documents: TextDocuments<TextDocument>;
  #change: Parameters<Connection["onDidChangeTextDocument"]>[0] = () => undefined;

  constructor(text: string) {
    this.session = openSession(inference, text);
    const { session } = this;
    this.#documents = openDocuments(() => ({
      edit: (_, edit) => {
        this.edits++;
        session.edit(edit);
      },
      setText: (_, text) => {
        this.edits++;
        session.setText(text);
      },
      lineCount: () => session.document.lineCount,
    }));
    const ignored = { dispose: () => undefined };
    this.#documents.listen({
      onDidOpenTextDocument: (open) => {
        void open({ textDocument: { uri, languageId: "typescript", version: 1, text } });
        return ignored;
      },
      onDidChangeTextDocument: (change) => {
        this.#change = change;
        return ignored;
      },
      onDidCloseTextDocument: () => ignored,
      onWillSaveTextDocument: () => ignored,
      onWillSaveTextDocumentWaitUntil: () => ignored,
      onDidSaveTextDocument: () => ignored,
    });
  }

  get text(): string {
    return this.#documents.get(uri)!.getText();
  }

  get lineCount(): number {
    return this.#documents.get(uri)!.lineCount;
  }

  change(...contentChanges: TextDocumentContentChangeEvent[]): void {
    void this.#change({ textDocument: { uri, version: 2 }, contentChanges });
  }

  /** Asserts that the session has the same lines and tokens as a new session with the client's text. */
  assertSame(): void {
    const { document } = this.session;
    const whole = openSession(inference, this.text).document;
    assert.deepEqual(document.lines(0, 9e9), whole.lines(0, 9e9), JSON.stringify(this.text));
    assert.deepEqual(document.tokens.tokens(0, 9e9), whole.tokens.tokens(0, 9e9));
  }
}

const at = (line: number, character: number) => ({ line, character });

test("a line ending that a change joins counts as one", () => {
  const document = new ClientDocument("a\rb\nc");
  document.change({ range: { start: at(1, 0), end: at(1, 1) }, text: "\n" });
  assert.equal(document.text, "a\r\n\nc");
  document.assertSame();
});

test("after any edit, with all kinds of line endings, the session has the client's text", () => {
  const random = randomFrom(11);
  const document = new ClientDocument("a\r\nb\rc\nd");
  const position = () => at(random.below(document.lineCount), random.below(3));
  for (let step = 0; step < 3000; step++) {
    const [a, b] = [position(), position()];
    const isOrdered = a.line < b.line || (a.line === b.line && a.character <= b.character);
    const text = Array.from({ length: random.below(4) }, () => random.pick(["\r", "\n", "\r\n", "x", "yz"])).join("");
    document.change({ range: isOrdered ? { start: a, end: b } : { start: b, end: a }, text });
    document.assertSame();
  }
});

test("many changes at once are one edit, in any order, with the same result", () => {
  const lines = Array.from({ length: 200 }, (_, i) => `const value${i} = compute(${i});`);
  const comments = lines.flatMap((_, line) => [
    { range: { start: at(line, 0), end: at(line, 0) }, text: "// " },
    { range: { start: at(line, 5), end: at(line, 6) }, text: "\n  " },
  ]);
  for (const changes of [comments.toReversed(), comments]) {
    const [together, oneByOne] = [new ClientDocument(lines.join("\r\n")), new ClientDocument(lines.join("\r\n"))];
    together.change(...changes);
    for (const change of changes) oneByOne.change(change);
    assert.deepEqual([together.edits, oneByOne.edits], [1, 400]);
    assert.equal(together.text, oneByOne.text);
    together.assertSame();
    oneByOne.assertSame();
  }
});

test("after a change of many lines, the cursor is assumed at the first of them", () => {
  const document = new ClientDocument("a();\n".repeat(100));
  const positions = Array.from({ length: 40 }, (_, i) => at(90 - i, 0));
  document.change(...positions.map((position) => ({ range: { start: position, end: position }, text: "// " })));
  const { session } = document;
  assert.equal(session.cursorToken, session.document.tokens.tokensEndingBy(session.document.lineStart(51)));
});

test("the frozen suffix of a line lasts while only that line is edited", () => {
  const kept = (startLine: number, endLine: number, text: string): boolean => {
    const session = openSession(inference, "one\ntwo\nthree");
    session.frozenSuffix = { line: 1, suffix: [], maxWindowTokens: 0 };
    session.edit({ startLine, endLine, text });
    return (session.frozenSuffix as unknown) !== undefined;
  };
  assert.equal(kept(1, 2, "twice\n"), true);
  assert.equal(kept(0, 1, "once\n"), false);
  assert.equal(kept(1, 3, "twice\nthrice"), false);
});
