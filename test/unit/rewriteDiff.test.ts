import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs, editorsByUri, shownDocuments, TabInputText, TabInputTextDiff } from "../support/vscodeStandIn.js";
import { closeTabs } from "../support/tabs.js";
import type * as vscode from "vscode";
import { FakeEditor, Range } from "../support/fakeEditor.js";
import { ProposedDocuments } from "../../src/extension/proposedDocuments.js";
import { RewriteDiff } from "../../src/extension/instructions/rewriteDiff.js";

beforeEach(() => {
  dialogs.reset();
  editorsByUri.clear();
  shownDocuments.length = 0;
});

const changed = /The file has changed in the meantime\. Nothing was applied/;

interface Offered {
  /** Called after the selection is recorded, and before the change is offered. */
  readonly before?: (editor: FakeEditor) => void;
  /** Called while the server adapts the code. */
  readonly meanwhile?: (editor: FakeEditor) => void;
}

/** Offers code in place of the selection of an editor. @returns the diff, its editor, and the proposed document. */
async function offered(marked: string, code: string, { before, meanwhile }: Offered = {}) {
  const editor = new FakeEditor(marked);
  const { document, selection } = editor;
  editorsByUri.set(String(document.uri), editor);
  const proposed = new ProposedDocuments();
  const diff = new RewriteDiff(proposed, {
    insertion: async () => {
      meanwhile?.(editor);
      return undefined;
    },
  });
  const selected = {
    text: document.getText(selection),
    offset: document.offsetAt(selection.start),
    before: document.getText(),
  };
  before?.(editor);
  await diff.offer(document as unknown as vscode.TextDocument, selected, code); // has all members that are used
  const uri = (dialogs.tabs[0]?.input as { readonly modified: vscode.Uri } | undefined)?.modified;
  const textOf = () => uri && proposed.provideTextDocumentContent(uri);
  return { diff, editor, uri, textOf, text: () => document.getText() };
}

test("a change is shown as a diff; accepting it edits the document and closes the diff", async () => {
  const { diff, textOf, text, editor } = await offered("let a = «b»;\n", "c()");
  assert.deepEqual([textOf(), text(), dialogs.changed], ["let a = c();\n", "let a = b;\n", ["vscode.diff"]]);
  await diff.accept();
  assert.deepEqual([text(), dialogs.tabs, textOf()], ["let a = c();\n", [], ""]);
  assert.deepEqual(shownDocuments, [String(editor.document.uri)]);
  await diff.accept();
  assert.equal(editor.document.version, 2);
});

for (const [claim, decide] of [
  ["rejecting a change", (diff: RewriteDiff) => diff.reject()],
  ["closing its diff", () => closeTabs([...dialogs.tabs])],
] as const) {
  test(`${claim} leaves the document alone and discards the proposed text`, async () => {
    const { diff, uri, textOf, text } = await offered("let a = «b»;\n", "c()");
    await decide(diff);
    dialogs.tabs = [{ input: new TabInputTextDiff(uri) }];
    await diff.accept(uri);
    assert.deepEqual([text(), textOf()], ["let a = b;\n", ""]);
  });
}

test("a change stays open for decision while a tab shows it, and when other tabs are closed", async () => {
  const { diff, uri, text } = await offered("let a = «b»;\n", "c()");
  dialogs.tabs = [...dialogs.tabs, { input: new TabInputText(uri) }, { input: new TabInputText({ scheme: "file" }) }];
  await closeTabs(dialogs.tabs.slice(0, 1));
  await closeTabs(dialogs.tabs.slice(1));
  await diff.accept();
  assert.equal(text(), "let a = c();\n");
});

test("after the diff is disposed, closing tabs does nothing", async () => {
  const { diff, textOf } = await offered("let a = «b»;\n", "c()");
  diff.dispose();
  await closeTabs([...dialogs.tabs]);
  assert.equal(textOf(), "let a = c();\n");
});

test("a change of a document that was edited since is not applied, and the user is told", async () => {
  const { diff, editor, text } = await offered("let a = «b»;\n", "c()");
  editor.document.replace(new Range(0, 0, 0, 0), "// ");
  await diff.accept();
  assert.deepEqual([text(), dialogs.tabs], ["// let a = b;\n", []]);
  assert.match(dialogs.shown.at(-1)!, changed);
});

const edit = (text: string) => (editor: FakeEditor) => {
  editor.document.replace(new Range(0, 0, 0, 0), text);
};

test("a change follows its text if the document is edited before it is offered", async () => {
  const { textOf } = await offered("let a = «b»;\n", "c()", { before: edit("// x\n") });
  assert.equal(textOf(), "// x\nlet a = c();\n");
});

for (const [claim, options] of [
  ["the selected text can no longer be told from another", { before: edit("b;\n") }],
  ["the document is edited while the code is adapted", { meanwhile: edit("// x\n") }],
] as const) {
  test(`no change is offered if ${claim}`, async () => {
    await offered("let a = «b»;\n", "c()", options);
    assert.deepEqual([dialogs.tabs, dialogs.changed], [[], []]);
    assert.match(dialogs.shown.at(-1)!, changed);
  });
}
