import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import { name as embeddedName } from "../../../models/default/model.json";
import type { ChatResult } from "../../../src/shared/protocol.js";
import { writeScriptedChatModel } from "../../support/scriptedChatModel.js";
import { openNew, ready, statistics, until, workspace } from "./editor.js";

const says = "Their sum.";
/** About as long as the instructions that VS Code's chat sends with each request. */
const instructions = "You are a careful assistant for programmers. ".repeat(200);

async function use(model: string | undefined, name: string): Promise<void> {
  await vscode.workspace.getConfiguration("rwkvCode").update("model", model, vscode.ConfigurationTarget.Global);
  await until(`the model ${name}`, async () => ((await statistics())?.model === name ? true : undefined));
  await ready();
}

const offered = (): Thenable<readonly vscode.LanguageModelChat[]> =>
  vscode.lm.selectChatModels({ vendor: "rwkv-code" });

async function offeredModel(): Promise<vscode.LanguageModelChat> {
  return until("the model in VS Code's list", async () => (await offered())[0]);
}

/** Sends messages to the model as another extension would. @returns the reply, and the number of tokens read for it. */
async function ask(...texts: readonly string[]): Promise<{ reply: string; tokensRead: number }> {
  const model = await offeredModel();
  const messages = texts.map((text, i) =>
    i % 2 === 0 ? vscode.LanguageModelChatMessage.User(text) : vscode.LanguageModelChatMessage.Assistant(text),
  );
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(instructions), ...messages]);
  let reply = "";
  for await (const part of response.text) reply += part;
  const cost = await vscode.commands.executeCommand<Pick<ChatResult, "tokensRead">>("rwkvCode.lastChatCost");
  return { reply, tokensRead: cost.tokensRead };
}

suite("the model in VS Code's own chat", () => {
  suiteSetup(async () => {
    const folder = writeScriptedChatModel(path.join(path.dirname(workspace), "talking"), {
      name: "by-heart",
      chat: "world",
      replies: [{ after: "?\n\nAssistant:", says: ` ${says}` }],
      layers: 4,
    });
    await openNew("typescript", "");
    await use(folder, "by-heart");
  });

  suiteTeardown(async () => {
    await use(undefined, embeddedName);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  test("another extension gets a reply, and its second question reads only the new text", async () => {
    const model = await offeredModel();
    assert.deepEqual([model.name, model.family], ["by-heart", "rwkv"]);
    assert.ok((await model.countTokens(instructions)) > 1_000);
    const first = await ask("What is it?");
    assert.equal(first.reply, says);
    assert.ok(first.tokensRead > 1_000, `${first.tokensRead}`);
    const second = await ask("What is it?", first.reply, "And now?");
    assert.equal(second.reply, says);
    assert.ok(second.tokensRead < 40, `${second.tokensRead} of ${first.tokensRead}`);
  });

  test("a request can be cancelled, and the next one is answered", async () => {
    const model = await offeredModel();
    const source = new vscode.CancellationTokenSource();
    const question = vscode.LanguageModelChatMessage.User("word ".repeat(30_000));
    const request = model.sendRequest([question], {}, source.token);
    source.cancel();
    let text = "";
    const read = async (): Promise<void> => {
      for await (const part of (await request).text) text += part;
    };
    await assert.rejects(read, /cancel/i);
    assert.equal(text, "");
    assert.equal((await ask("What is it?")).reply, says);
  });

  test("a model that was not trained to talk is not offered", async () => {
    await use(undefined, embeddedName);
    await until("the list to be empty", async () => ((await offered()).length === 0 ? true : undefined));
  });
});
