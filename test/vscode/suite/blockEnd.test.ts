import assert from "node:assert/strict";
import * as vscode from "vscode";
import { acceptGhostText, openNew, ready, statistics, type, until } from "./editor.js";

const functions = [1, 2, 3].map((n) => `function add${n}(a: number) {\n    return a + ${n};\n}\n`).join("\n");

suite("a completion that opens a block", () => {
  let editor: vscode.TextEditor;

  const closeBrackets = (when: string): Thenable<void> =>
    vscode.workspace.getConfiguration("editor").update("autoClosingBrackets", when, vscode.ConfigurationTarget.Global);

  suiteSetup(() => closeBrackets("languageDefined")); // the settings of the other tests turn it off

  setup(async () => {
    editor = await openNew("typescript", `${functions}\n`);
    await ready();
    for (const key of "function add4(a") await type(key);
  });

  test("gets the block's end when it is accepted, and one undo removes both", async () => {
    const before = editor.document.getText();
    await acceptGhostText(editor);
    const expected = `${functions}\nfunction add4(a: number) {\n    \n}`;
    await until("the block's end", () => (editor.document.getText() === expected ? true : undefined), 10);
    assert.equal(editor.document.offsetAt(editor.selection.active), expected.length - 2);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), before);
  });

  test("is followed by ghost text within the block", async () => {
    await acceptGhostText(editor);
    const { requests } = (await statistics())!;
    await until("a request within the block", async () => {
      const now = (await statistics())!.requests;
      return editor.document.getText().endsWith("{\n    \n}") && now.shown + now.empty > requests.shown + requests.empty
        ? true
        : undefined;
    });
  });

  test("gets none if the editor does not close brackets", async () => {
    await closeBrackets("never");
    await acceptGhostText(editor);
    await vscode.commands.executeCommand("rwkvCode.accepted"); // would add the missing end before it resolves
    assert.ok(editor.document.getText().endsWith("function add4(a: number) {"), editor.document.getText());
  });

  suiteTeardown(() => closeBrackets("never"));

  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
