import assert from "node:assert/strict";
import * as vscode from "vscode";
import { openNew, ready, statistics, type, until } from "./editor.js";

suite("why nothing is shown", () => {
  suiteTeardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  test("text after the cursor is counted as the reason, and is in the diagnostics", async () => {
    const editor = await openNew("typescript", "const first = compute(1, 2) + other;");
    await ready();
    const before = (await statistics())?.nothingShown.midLine ?? 0;
    editor.selection = new vscode.Selection(0, 6, 0, 6);
    await type("a");
    await until("the reason", async () => {
      const count = (await statistics())?.nothingShown.midLine ?? 0;
      return count > before ? true : undefined;
    });
    await vscode.commands.executeCommand("rwkvCode.copyDiagnostics");
    const text = await vscode.env.clipboard.readText();
    // The tooltip of the status item shows the same text.
    assert.match(text, /^Last request: nothing shown, there is text after the cursor$/m);
    assert.match(text, /^- midLine: \d+$/m);
    assert.match(text, /^VS Code: \d+\.\d+/m);
    assert.match(text, /^- rwkvCode\.confidence: "always"$/m);
    assert.ok(!text.includes("compute"), text);
  });
});
