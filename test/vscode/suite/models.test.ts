import assert from "node:assert/strict";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { name as embeddedName } from "../../../models/default/model.json";
import { openSafetensors } from "../../../src/rwkv/weights/safetensors.js";
import { pthFile } from "../../support/pthFile.js";
import { tensorsOf } from "../../support/tensorFile.js";
import { acceptGhostText, openNew, ready, statistics, type, until, workspace } from "./editor.js";

const above = "export function add(first: number, second: number): number {\n  return first + second;\n}\n\n";

/** Resolves once the server runs the model with this name and is ready. */
async function readyWith(name: string): Promise<void> {
  await until(`the model ${name}`, async () => ((await statistics())?.model === name ? true : undefined));
  await ready();
}

/** Runs a command with an argument, and agrees to the question that the command asks. */
async function agreed<T>(command: string, argument: unknown): Promise<T> {
  await vscode.commands.executeCommand("notifications.clearAll");
  let isDone = false;
  const run = Promise.resolve(vscode.commands.executeCommand<T>(command, argument)).finally(() => {
    isDone = true;
  });
  const accept = async (): Promise<true | undefined> => {
    if (!isDone) await vscode.commands.executeCommand("notification.acceptPrimaryAction");
    return isDone ? true : undefined;
  };
  // Agrees only once, because an import shows its progress next, and the first action of that notification would cancel
  // the import. After one more command, the question is certainly shown.
  if (command === "rwkvCode.importModel") await vscode.commands.getCommands().then(accept);
  else await until(`${command} to be agreed to`, accept);
  return run;
}

suite("models", () => {
  let folder = "";

  suiteSetup(async () => {
    await openNew("typescript", above);
    await type(" ");
    await vscode.commands.executeCommand("undo");
    await readyWith(embeddedName);
  });

  suiteTeardown(async () => {
    await agreed("rwkvCode.selectModel", "");
    await readyWith(embeddedName);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  test("a published file becomes a model folder in the extension's storage", async () => {
    const weights = path.join(process.env["RWKV_TEST_ROOT"] ?? "", "test/fixtures/rwkv/v7-small/model.safetensors");
    const source = path.join(path.dirname(workspace), "small.pth");
    writeFileSync(source, pthFile(tensorsOf(openSafetensors(weights))));
    const request = { source, quantization: "int8", name: "small" };
    folder = (await agreed<string | undefined>("rwkvCode.importModel", request)) ?? "";
    assert.match(folder, /[/\\]models[/\\]small$/);
    assert.ok(existsSync(path.join(folder, "model.json")));
  });

  test("a model that is selected completes without a new window", async () => {
    await agreed("rwkvCode.selectModel", folder);
    assert.equal(vscode.workspace.getConfiguration("rwkvCode").get("model"), "small");
    await readyWith("small");
    const { asked } = (await statistics())!.requests;
    await openNew("typescript", above);
    await type("export function subtract(");
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    // The model's weights are random, so it may have nothing to show, but it must respond.
    await until("an answer", async () => {
      const now = (await statistics())!.requests;
      return now.asked > asked && now.exact + now.converged + now.stale + now.window > 0 && now.failed === 0
        ? true
        : undefined;
    });
  });

  test("while the selected model's folder is missing, the embedded model completes; after that, the selected one again", async () => {
    const away = `${folder}-away`;
    await agreed("rwkvCode.selectModel", "");
    await readyWith(embeddedName);
    renameSync(folder, away);
    await vscode.workspace.getConfiguration("rwkvCode").update("model", "small", vscode.ConfigurationTarget.Global);
    const editor = await openNew("typescript", above);
    await type("export function subtract(first: number,");
    assert.notEqual(await acceptGhostText(editor), "");
    assert.equal((await statistics())?.model, embeddedName);
    renameSync(away, folder);
    await readyWith("small");
  });

  test("the card of a model shows its data", async () => {
    await agreed("rwkvCode.manageModels", { folder, action: "card" });
    const card = await vscode.workspace.openTextDocument(
      vscode.Uri.file(path.join(folder, "small.md")).with({ scheme: "rwkv-code-model" }),
    );
    const text = card.getText();
    assert.match(text, /^# small\n/);
    assert.match(text, /RWKV-7, 3 layers of width 128/);
    assert.match(text, /\d tokens\/s/);
    await until("the preview", () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes("Preview small.md") === true ? true : undefined,
    );
  });

  test("a model that is removed while in use is gone, and the embedded model is back", async () => {
    await agreed("rwkvCode.manageModels", { folder, action: "remove" });
    assert.equal(existsSync(folder), false);
    assert.equal(vscode.workspace.getConfiguration("rwkvCode").get("model"), "");
    const editor = await openNew("typescript", above);
    await readyWith(embeddedName);
    await type("export function subtract(first: number,");
    assert.notEqual(await acceptGhostText(editor), "");
  });
});
