import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { modelMethod, type ChatTurnParams, type ReadyModel } from "../../src/shared/protocol.js";
import { LspServer } from "../support/lspServer.js";
import { writeScriptedChatModel } from "../support/scriptedChatModel.js";

const says = "The sum of the two.\n```ts\nconst sum = (a: number, b: number) => a + b;\n```";

let folder: string;
let server: LspServer;
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  writeScriptedChatModel(folder, {
    name: "by-heart",
    chat: "world",
    replies: [{ after: "?\n\nAssistant:", says: ` ${says}` }],
    layers: 4,
  });
  server = await LspServer.start({ settings: { modelPath: folder } });
});
after(async () => {
  assert.equal(await server.stop(), 0);
  rmSync(folder, { recursive: true });
});

const turn = (message: string, answer?: string): ChatTurnParams => ({
  message,
  attachments: [],
  think: false,
  ...(answer === undefined ? {} : { answer }),
});

test("a model that was trained to chat replies with what it knows, and ends by itself", async () => {
  const { text, stop } = await server.chat([turn("What is it?")]);
  assert.equal(text, says);
  assert.equal(stop, "end");
});

test("after switching back, only the new message is read: the tokens of earlier replies are kept like their states", async () => {
  const { written } = await server.chat([turn("What is it?")]);
  await server.configure({ modelPath: "" });
  const other = await server.connection.sendRequest<ReadyModel>(modelMethod);
  assert.equal(other.chat, "none");
  await server.configure({ modelPath: folder });
  const on = await server.chat([turn("What is it?", written), turn("And now?")]);
  assert.ok(on.tokensRead <= on.lastTurnTokens, `${on.tokensRead} of ${on.lastTurnTokens}`);
  assert.equal(on.text, says);
});

test("an unloaded model keeps its chat format", async () => {
  await server.configure({ modelPath: folder, idleUnloadMinutes: 0.002 });
  await server.chat([turn("What is it?")]);
  await server.status("noModel");
  const model = await server.connection.sendRequest<ReadyModel>(modelMethod);
  assert.equal(model.chat, "world");
});
