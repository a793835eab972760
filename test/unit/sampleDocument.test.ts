import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs, editorDocuments, editorsByUri, shownDocuments } from "../support/vscodeStandIn.js";
import { FakeEditor } from "../support/fakeEditor.js";
import { showSample } from "../../src/extension/sampleDocument.js";

beforeEach(() => {
  dialogs.reset();
  editorsByUri.clear();
  editorDocuments.length = shownDocuments.length = 0;
});

const sample = { text: "first\n  second", offset: 11 };

/** Opens a document in an editor. */
function open(text: string, isUntitled: boolean): FakeEditor {
  const editor = new FakeEditor(text, { name: `${editorDocuments.length}` });
  Object.assign(editor.document, { isUntitled });
  editorDocuments.push(editor.document);
  editorsByUri.set(String(editor.document.uri), editor);
  return editor;
}

test("a sample opens in a new document, with the cursor at its place", async () => {
  open("first", true);
  open(sample.text, false);
  await showSample(sample);
  assert.deepEqual(dialogs.opened, [{ language: "typescript", content: sample.text }]);
  assert.deepEqual([...editorsByUri.values()].at(-1)?.marked, "first\n  sec║ond");
});

test("an earlier sample that is still unchanged is shown again, whatever its line endings", async () => {
  const editor = open("first\r\n  second", true);
  await showSample(sample);
  assert.deepEqual(dialogs.opened, []);
  assert.deepEqual(shownDocuments, [String(editor.document.uri)]);
  assert.equal(editor.marked, "first\r\n  sec║ond");
});
