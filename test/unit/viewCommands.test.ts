import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import {
  active,
  clipboard,
  commandResults,
  dialogs,
  editorsByUri,
  folders,
  page,
  shownDocuments,
} from "../support/vscodeStandIn.js";
import { FakeEditor, Position, Range, Selection } from "../support/fakeEditor.js";
import { runViewCommand } from "../../src/extension/chat/viewCommands.js";
import type { SelectedText } from "../../src/extension/instructions/selectedText.js";

beforeEach(() => {
  dialogs.reset();
  editorsByUri.clear();
  commandResults.clear();
  folders.length = shownDocuments.length = 0;
  page.hasFocus = false;
  active.editor = undefined;
});

type Message = Parameters<typeof runViewCommand>[0];
const offers: (SelectedText & { readonly code: string })[] = [];

/** Runs a command of the chat view, with a server that leaves code as it is. */
async function run(message: Message): Promise<void> {
  offers.length = 0;
  const server = { insertion: async () => undefined };
  await runViewCommand(message, server, async (_, replaced, code) => void offers.push({ ...replaced, code }));
}

test("copied code is in the clipboard", async () => {
  await run({ kind: "copy", code: "f();" });
  assert.equal(clipboard.text, "f();");
});

test("inserted code replaces each selection, as one edit of the editor, which gets the focus", async () => {
  const editor = (active.editor = new FakeEditor("«a»\nb\n"));
  const b = [new Position(1, 0), new Position(1, 1)] as const;
  editor.selections = [editor.selection, new Selection(...b)];
  await run({ kind: "insert", code: "f()" });
  assert.deepEqual([editor.document.getText(), editor.edits.length], ["f()\nf()\n", 1]);
  assert.deepEqual(shownDocuments, [String(editor.document.uri)]);
});

for (const [claim, language, expected] of [
  ["in the language of its fence", "go", { content: "x", language: "go" }],
  ["in a language that has another name in fences", "Py", { content: "x", language: "python" }],
  ["without a language that the editor does not know", "rust", { content: "x" }],
] as const) {
  test(`code is opened as a new file ${claim}`, async () => {
    await run({ kind: "newFile", code: "x", language });
    assert.deepEqual([dialogs.opened, shownDocuments.length], [[expected], 1]);
  });
}

test("a web address is opened in the browser, no other one", async () => {
  await run({ kind: "openLink", url: "HTTPS://a.b" });
  for (const url of ["file:///a", "command:a", "javascript:https:", "vscode://http:"])
    await run({ kind: "openLink", url });
  assert.deepEqual(dialogs.changed, ["open HTTPS://a.b"]);
});

test("a file that a reply names is opened in the first folder that has it", async () => {
  folders.push("/one", "/two");
  editorsByUri.set("file:///two/src/a.ts", new FakeEditor("", { name: "two/src/a.ts" }));
  await run({ kind: "openFile", path: "src/a.ts" });
  assert.deepEqual([shownDocuments, dialogs.shown], [["file:///two/src/a.ts"], []]);
});

test("a file outside the workspace is not opened, whatever its path is", async () => {
  folders.push("/one");
  for (const name of ["secret", "one-more/a"]) editorsByUri.set(`file:///${name}`, new FakeEditor("", { name }));
  for (const path of ["../secret", "a/../../secret", "../one-more/a"]) {
    await run({ kind: "openFile", path });
    assert.deepEqual([shownDocuments, dialogs.shown.at(-1)], [[], `RWKV Code: The workspace has no file ${path}.`]);
  }
});

test("a model can be chosen from the view", async () => {
  await run({ kind: "getModel" });
  await run({ kind: "selectModel" });
  assert.deepEqual(dialogs.changed, ["rwkvCode.getModel", "rwkvCode.selectModel"]);
});

const symbol = (name: string, line: number) => ({ name, range: new Range(line, 0, line, 5), children: [] });

for (const [claim, marked, code, replaced] of [
  ["the selection", "«one()»;\ntwo();\n", "function two() {}", { text: "one()", offset: 0 }],
  [
    "the symbol that the code defines",
    "one();\ntwo();║\n",
    "export async function two() {}",
    { text: "two()", offset: 7 },
  ],
  ["nothing if the code defines none of the symbols", "one();\n║two();\n", "const three = 3;", { text: "", offset: 7 }],
  ["nothing if the code defines nothing", "one();\n║two();\n", "three();", { text: "", offset: 7 }],
] as const) {
  test(`code that is applied replaces ${claim}`, async () => {
    active.editor = new FakeEditor(marked);
    commandResults.set("vscode.executeDocumentSymbolProvider", [symbol("one", 0), symbol("two", 1)]);
    await run({ kind: "apply", code });
    assert.deepEqual(offers, [{ ...replaced, before: marked.replace(/[«»║]/g, ""), code }]);
  });
}

test("without a document, who inserts or applies code is told to open one", async () => {
  page.hasFocus = true;
  await run({ kind: "insert", code: "f()" });
  await run({ kind: "apply", code: "f()" });
  assert.deepEqual(dialogs.shown, [
    "RWKV Code: Open a document to insert the code into.",
    "RWKV Code: Open a document to apply the code to.",
  ]);
  assert.deepEqual(offers, []);
});
