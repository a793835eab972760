import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { typescript } from "../../support/generatedText.js";
import { acceptGhostText, commandLine, moveTo, open, ready, statistics, type, until, workspace } from "./editor.js";

suite("ghost text in a file of 10,000 lines", () => {
  let editor: vscode.TextEditor;

  suiteSetup(async () => {
    writeFileSync(path.join(workspace, "src/big.ts"), typescript(10_000, 0));
    editor = await open("src/big.ts");
    assert.ok(editor.document.lineCount >= 10_000);
    moveTo(editor, editor.document.lineCount - 1);
    await type(" ");
    await vscode.commands.executeCommand("undo");
    await until(
      "the whole file to be read",
      async () => {
        const own = (await statistics())?.documents.find(({ uri }) => uri.endsWith("src/big.ts"));
        return own !== undefined && own.tokensRead >= 0.95 * own.tokens ? true : undefined;
      },
      240,
    );
  });

  test("at the end of the file, the text read from checkpoints equals the command line's", async () => {
    // Inserted in one edit. If it were typed, the completion for the empty line, a whole block, would still be pending.
    const opening = "export function compute1250(first: number, second: number): number {\n  const sum = first +";
    await editor.edit((edit) => {
      edit.insert(editor.selection.active, opening);
    });
    await editor.document.save();
    const { line, character } = editor.selection.active;
    const { engine } = await ready();
    const expected = await commandLine("src/big.ts", line, character, engine);
    assert.notEqual(expected.insertText, "");
    assert.equal(await acceptGhostText(editor), expected.insertText);
    const { last } = (await statistics())!;
    assert.equal(last?.exact, true);
    assert.ok(
      last.tokensFromCheckpoint >= 0.95 * last.promptTokens,
      `${last.tokensFromCheckpoint} of ${last.promptTokens}`,
    );
  });

  test("undo removes the accepted text", async () => {
    const accepted = editor.document.getText();
    await vscode.commands.executeCommand("undo");
    assert.notEqual(editor.document.getText(), accepted);
    assert.ok(editor.document.getText().endsWith("const sum = first +"));
  });

  test("after an edit at line 10, that line completes", async () => {
    moveTo(editor, 9);
    await type("\n  const total = first +");
    assert.notEqual(await acceptGhostText(editor), "");
    assert.equal((await statistics())?.last?.exact, true);
  });

  test("after the server was killed, it completes again", async () => {
    const { pid } = (await statistics())!;
    process.kill(pid, "SIGKILL");
    await until("another server", async () => {
      const now = await statistics().catch(() => undefined);
      return now !== undefined && now.pid !== pid && now.model !== "" ? true : undefined;
    });
    moveTo(editor, 20);
    await type("\n  const other = first +");
    assert.notEqual(await acceptGhostText(editor), "");
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
