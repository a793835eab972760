import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "./editor.js";

suite("what the walkthrough offers, while there is no editor and the server has just begun", () => {
  setup(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("rwkvCode.restartServer");
  });

  teardown(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  test("the sample that is opened gets its ghost text, without another key", async () => {
    await vscode.commands.executeCommand("rwkvCode.openSample");
    const { document } = vscode.window.activeTextEditor!;
    const before = document.getText();
    await until("ghost text", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return document.getText() === before ? undefined : true;
    });
  });

  test("Generate at Cursor opens the sample and goes on with it", async () => {
    await vscode.commands.executeCommand("rwkvCode.generateInSample");
    assert.match(
      vscode.window.activeTextEditor!.document.getText(),
      /subtract\(first: Point, second: Point\): Point \{\n\s*\S/,
    );
  });
});
