import assert from "node:assert/strict";
import * as vscode from "vscode";
import { openNew, ready, statistics, type, until } from "./editor.js";

suite("what the walkthrough offers without an editor, when the server has just started", () => {
  setup(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("rwkvCode.restartServer");
  });

  teardown(() => vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor"));

  test("the opened sample gets ghost text without another keystroke", async () => {
    await vscode.commands.executeCommand("rwkvCode.openSample");
    const { document } = vscode.window.activeTextEditor!;
    const before = document.getText();
    await until("ghost text", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return document.getText() === before ? undefined : true;
    });
  });

  test("Generate at Cursor opens another sample and writes the rest of it", async () => {
    await vscode.commands.executeCommand("rwkvCode.generateInSample");
    assert.match(
      vscode.window.activeTextEditor!.document.getText(),
      /setDepth\(depth: number\): void \{\n {4}if \(depth < 0\) \{\n {6}throw new RangeError\("The depth is negative"\);\n {4}\}\n {4}this\.depth = depth;\n {2}\}/,
    );
  });
});

suite("an unloaded model", () => {
  const idle = (minutes: number | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration("rwkvCode")
      .update("idleUnloadMinutes", minutes, vscode.ConfigurationTarget.Global);

  teardown(async () => {
    await idle(undefined);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("its process exits, and the next keystroke starts another", async () => {
    await openNew("typescript", "export function add(first: number, second: number): number {\n");
    await ready();
    const { pid } = (await statistics())!;
    await idle(0.02);
    await type("  return first");
    await until("the process to end", () => Promise.resolve(isRunning(pid) ? undefined : true));
    await idle(undefined);
    await type(" +");
    await ready();
    assert.notEqual((await statistics())!.pid, pid);
  });

  test("Trigger Completion loads it and shows a completion", async () => {
    const { document } = await openNew("typescript", "export function add(first: number, second: number): number {\n");
    await ready();
    await idle(0.05);
    await type("  return first +");
    await until("the server to end", async () => ((await statistics()) === undefined ? true : undefined));
    await vscode.commands.executeCommand("editor.action.inlineSuggest.hide"); // hides what is shown after typing
    const before = document.getText();
    await vscode.commands.executeCommand("rwkvCode.trigger");
    await until("ghost text", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return document.getText() === before ? undefined : true;
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // the process does not exist
  }
}
