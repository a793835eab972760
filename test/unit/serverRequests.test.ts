import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import * as vscode from "vscode";
import { LSPErrorCodes, ResponseError } from "vscode-languageclient/node";
import { connection, disconnect, documentOf, messagesOf, started } from "../support/serverConnection.js";

afterEach(disconnect);

const position = new vscode.Position(3, 4);
const token = (): vscode.CancellationToken => new vscode.CancellationTokenSource().token;

test("the server is told only of a focused document that it has open", async () => {
  const { client, server, document } = await started();
  await client.sendFocus(documentOf("x.env"));
  await client.sendFocus(document);
  assert.deepEqual(messagesOf(server, "textDocument/didFocus"), [{ textDocument: { uri: "file:///a.ts" } }]);
});

const code = { range: { start: position, end: position }, text: "b", indentUnit: "  " };

test("questions about a document are asked only if the server has it open; null is no answer", async () => {
  const { client, server, document } = await started();
  const other = documentOf("x.env");
  server.results.set("rwkv/insertion", { text: "b)", replaced: 1 });
  server.results.set("rwkv/blockEnd", "}");
  assert.deepEqual(
    [await client.insertion(other, code), await client.blockEnd(other, position)],
    [undefined, undefined],
  );
  assert.deepEqual(await client.insertion(document, code), { text: "b)", replaced: 1 });
  assert.equal(await client.blockEnd(document, position), "}");
  assert.deepEqual(server.received.slice(1), [
    { method: "rwkv/insertion", params: { textDocument: { uri: "file:///a.ts" }, ...code } },
    { method: "rwkv/blockEnd", params: { textDocument: { uri: "file:///a.ts" }, position: { line: 3, character: 4 } } },
  ]);
  server.results.set("rwkv/insertion", null).set("rwkv/blockEnd", null);
  assert.deepEqual(
    [await client.insertion(document, code), await client.blockEnd(document, position)],
    [undefined, undefined],
  );
});

test("without a server, requests that need a model fail, and the others have no answer", async () => {
  const { client } = connection();
  const document = documentOf("a.ts");
  const notRunning = /The server is not running/;
  await assert.rejects(client.model(), notRunning);
  await assert.rejects(client.alternatives(document, position, token()), notRunning);
  await assert.rejects(client.generate(document, { position, maxLines: 1, indentUnit: " " }, () => undefined, token()), notRunning); // prettier-ignore
  assert.deepEqual(await client.countTokens(["a", "b"]), [0, 0]);
  assert.deepEqual([await client.statistics(), await client.request("a", {})], [undefined, undefined]);
  await client.notify("a", {});
});

test("results that the server gives at once are passed on", async () => {
  const { client, server } = await started();
  server.results.set("rwkv/countTokens", [3]).set("rwkv/statistics", { pid: 1 }).set("rwkv/model", { model: "m" });
  assert.deepEqual(await client.countTokens(["abc"]), [3]);
  assert.deepEqual(messagesOf(server, "rwkv/countTokens"), [{ texts: ["abc"] }]);
  assert.deepEqual([await client.statistics(), await client.model()], [{ pid: 1 }, { model: "m" }]);
});

test("generated text arrives while it is written, under a name of its own for each request", async () => {
  const { client, server, document } = await started();
  const deltas: unknown[] = [];
  server.onRequest = () => {
    for (const send of server.streams.values()) send({ text: `${server.streams.size}`, replaced: 0 });
  };
  const options = { position, maxLines: 5, indentUnit: "\t" };
  for (let i = 0; i < 2; i++) await client.generate(document, options, (delta) => deltas.push(delta), token());
  assert.deepEqual(deltas, [{ text: "1", replaced: 0 }, { text: "1", replaced: 0 }]); // prettier-ignore
  const sent = messagesOf(server, "rwkv/generate") as { partialResultToken: string }[];
  const { partialResultToken, ...rest } = sent[0]!;
  assert.notEqual(partialResultToken, sent[1]!.partialResultToken);
  const at = { textDocument: { uri: "file:///a.ts" }, position: { line: 3, character: 4 } };
  assert.deepEqual(rest, { ...at, maxLines: 5, indentUnit: "\t" });
});

for (const [claim, failure, expected] of [
  ["the model was unloaded", new ResponseError(LSPErrorCodes.ServerCancelled, "unloaded"), undefined],
  ["the document has changed", new ResponseError(LSPErrorCodes.ContentModified, "changed"), undefined],
  ["the model cannot be loaded", new ResponseError(LSPErrorCodes.RequestFailed, "too large"), /too large/],
  ["the code is at fault", new Error("a fault"), /a fault/],
] as const) {
  test(`a request whose answer never comes, because ${claim}: ${expected ? "an error" : "no result"}`, async () => {
    const { client, server, document } = await started();
    server.results.set("rwkv/alternatives", failure);
    const result = client.alternatives(document, position, token());
    if (expected !== undefined) await assert.rejects(result, expected);
    else assert.equal(await result, undefined);
    assert.equal(server.streams.size, 0);
  });
}

test("a cancelled request has no result and is no error; a chat reply has the whole text at the end", async () => {
  const { client, server } = await started();
  const params = { turns: [], system: "", scratchLanguageId: "go", seed: 1 };
  server.results.set("rwkv/chat", { text: "Hello" });
  assert.deepEqual(await client.chat(params, () => undefined, token()), { text: "Hello" });
  const cancellation = new vscode.CancellationTokenSource();
  cancellation.cancel();
  assert.equal(await client.chat(params, () => undefined, cancellation.token), undefined);
});
