import assert from "node:assert/strict";
import * as vscode from "vscode";
import { moveTo, openNew, ready, type, until } from "./editor.js";

const opened = "export function total(values: readonly number[]): number {\n";

suite("generated code", () => {
  let editor: vscode.TextEditor;

  setup(async () => {
    editor = await openNew("typescript", opened);
    await type(" ");
    await vscode.commands.executeCommand("undo");
    await ready();
  });

  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("at the cursor a block is written; one undo removes all of it, and typing after it is undone separately", async () => {
    moveTo(editor, 1);
    await vscode.commands.executeCommand("rwkvCode.generateAtCursor");
    const written = editor.document.getText();
    assert.ok(written.startsWith(opened) && written.length > opened.length, written);
    assert.ok(editor.document.lineCount <= 42, `${editor.document.lineCount} lines`);
    assert.ok(editor.selection.active.isEqual(editor.document.positionAt(written.length)), "the cursor is behind it");
    await type("x");
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), written);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), opened);
  });

  test("closers after the cursor that the text writes itself are replaced, and one undo restores them", async () => {
    const content = "export function total(values: readonly number[])";
    editor = await openNew("typescript", content);
    const cursor = new vscode.Position(0, content.length - 1);
    editor.selection = new vscode.Selection(cursor, cursor);
    await vscode.commands.executeCommand("rwkvCode.generateAtCursor");
    const written = editor.document.getText();
    assert.match(written, /^export function total\(values: readonly number\[\][^()]*\).*\{\n/);
    assert.ok(!written.endsWith("})"), written);
    assert.ok(editor.selection.active.isEqual(editor.document.positionAt(written.length)), "the cursor is behind it");
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), content);
  });

  test("from a comment, the text begins on the line below", async () => {
    const content = "function f() {\n  // return the sum of all values\n}\n";
    editor = await openNew("typescript", content);
    moveTo(editor, 1);
    await vscode.commands.executeCommand("rwkvCode.generateFromComment");
    const lines = editor.document.getText().split("\n");
    assert.equal(lines[1], "  // return the sum of all values");
    assert.match(lines[2] ?? "", /^ {2}\S/);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), content);
  });

  for (const [who, end] of [
    ["the user cancels it", () => vscode.commands.executeCommand("rwkvCode.cancelGeneration")],
    ["the user edits the document", () => vscode.commands.executeCommand("type", { text: "mine" })],
  ] as const) {
    test(`existing text stays if ${who}`, async () => {
      moveTo(editor, 1);
      const finished = vscode.commands.executeCommand("rwkvCode.generateAtCursor");
      await until("some text", () => (editor.document.getText().length > opened.length ? true : undefined));
      await end();
      await finished;
      const text = editor.document.getText();
      assert.ok(text.startsWith(opened) && text.length > opened.length, text);
    });
  }

  test("in a disabled language, commands still generate", async () => {
    editor = await openNew("plaintext", "Dear reader,\n");
    await vscode.commands.executeCommand("rwkvCode.generateAtCursor");
    assert.ok(editor.document.getText().startsWith("Dear reader,\n"), editor.document.getText());
    assert.ok(editor.document.getText().length > "Dear reader,\n".length);
  });
});
