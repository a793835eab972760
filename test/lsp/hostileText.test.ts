import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { chatMethod } from "../../src/shared/protocol.js";
import { LspServer } from "../support/lspServer.js";
import { writeScriptedChatModel } from "../support/scriptedChatModel.js";
import { floats, tensorFile } from "../support/tensorFile.js";
import { inTemporaryFolder } from "../support/temporary.js";

const hostile = "\u001b[2J\u202e\n[Click here](command:workbench.action.quit)";
const inert = "\\u{1b}[2J\\u{202e}\\n[Click here] (command: workbench.action.quit)";

test("the name of a model is inert in everything the server sends", async () => {
  await inTemporaryFolder(async (folder) => {
    writeScriptedChatModel(path.join(folder, "model"), { name: hostile, chat: "world", replies: [] });
    const server = await LspServer.start({ settings: { modelPath: path.join(folder, "model") } });
    await server.open("file:///a.ts", "let a");
    const status = await server.status("ready");
    assert.ok(status.kind === "ready" && status.model === inert);
    assert.equal((await server.statistics()).model, inert);
    assert.ok(server.log.some((line) => line.startsWith(inert)));
    for (const line of server.log) assert.doesNotMatch(line.trimEnd(), /\p{Cc}|\u202e|\]\(/u);
    assert.equal(await server.stop(), 0);
  });
});

test("the reason why a model cannot be loaded is inert in the status, in the log and in responses", async () => {
  await inTemporaryFolder(async (folder) => {
    const weights = path.join(folder, "a.safetensors");
    const file = { "emb.weight": floats([1], [1]), [hostile]: { ...floats([1], [1]), dtype: hostile as "F32" } };
    writeFileSync(weights, tensorFile(file));
    const server = await LspServer.start({ settings: { modelPath: weights } });
    await server.open("file:///a.ts", "let a");
    const status = await server.status("failed");
    const asked = {
      turns: [{ message: "a", attachments: [], think: false }],
      system: "",
      scratchLanguageId: "",
      seed: 1,
      partialResultToken: "1",
    };
    const answer = await server.connection.sendRequest(chatMethod, asked).then(() => assert.fail(), String);
    const said = [status.kind === "failed" ? status.reason : "", ...server.log.map((line) => line.trimEnd()), answer];
    assert.ok(said.filter((text) => text.includes("a.safetensors")).length >= 3, JSON.stringify(said));
    for (const text of said) assert.doesNotMatch(text, /\p{Cc}|\u202e|\]\(|command:\S/u);
    assert.equal(await server.stop(), 0);
  });
});
