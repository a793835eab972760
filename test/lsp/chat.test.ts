import assert from "node:assert/strict";
import path from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { modelMethod, type ChatTurnParams, type ReadyModel } from "../../src/shared/protocol.js";
import { LspServer } from "../support/lspServer.js";
import { root } from "../support/paths.js";

let server: LspServer;
before(async () => {
  server = await LspServer.start();
});
after(async () => {
  assert.equal(await server.stop(), 0);
});

const turn = (message: string, answer?: string): ChatTurnParams => ({
  message,
  attachments: [],
  think: false,
  ...(answer === undefined ? {} : { answer }),
});
const message = "export function maximum(values: readonly number[]): number {\n";

test("a reply is streamed in parts that add up to the result", async () => {
  const written: string[] = [];
  const text: string[] = [];
  const result = await server.chat([turn(message)], (piece) => {
    written.push(piece.written);
    text.push(piece.text);
  });
  assert.ok(result.text.length > 0, JSON.stringify(result));
  assert.equal(written.join(""), result.written);
  assert.equal(text.join(""), result.text);
});

test("continuing reads only the new turn, and asking again reads one token", async () => {
  const first = await server.chat([turn(message)]);
  const on = await server.chat([turn(message, first.written), turn("export function minimum(")]);
  assert.ok(on.tokensRead <= on.lastTurnTokens, `${on.tokensRead} of ${on.lastTurnTokens}`);
  const again = await server.chat([turn(message)]);
  assert.equal(again.tokensRead, 1);
  assert.equal(again.written, first.written);
});

test("a file attached first costs no tokens if the editor has read it", async () => {
  const uri = pathToFileURL(path.join(root, "src/attached.ts")).href;
  const text = "export const values = [1, 2, 3];\n".repeat(300);
  await server.open(uri, text);
  await server.complete(uri, 300, 0);
  await server.status("ready");
  const attachment = { label: "attached.ts", uri, languageId: "typescript", text, isWholeFile: true };
  const { tokensRead, tokensFromCheckpoint } = await server.chat([{ ...turn("export"), attachments: [attachment] }]);
  assert.ok(tokensFromCheckpoint > 1000, `${tokensFromCheckpoint}`);
  assert.ok(tokensRead < 128, `${tokensRead}`);
});

test("a cancelled reply ends as cancelled, and completions arrive meanwhile", async () => {
  const uri = pathToFileURL(path.join(root, "src/meanwhile.ts")).href;
  await server.open(uri, 'import assert from "node:assert/strict";\n');
  const source = new CancellationTokenSource();
  const long = server.chat(
    [turn("const table = [\n  1,\n  2,\n")],
    () => {
      source.cancel();
    },
    source.token,
  );
  const items = await server.complete(uri, 1, 0);
  assert.ok(Array.isArray(items));
  await assert.rejects(long, (error: { code?: number }) => error.code === -32800);
});

test("a request for the model is answered with its chat format once it is loaded", async () => {
  const model = await server.connection.sendRequest<ReadyModel>(modelMethod);
  assert.equal(model.kind, "ready");
  assert.equal(model.chat, "none");
});

test("nothing of a conversation is ever logged", async () => {
  const secret = "qz7SecretOfConversation";
  await server.chat([turn(`const ${secret} = `)]);
  assert.ok(!server.log.join("\n").includes(secret));
});
