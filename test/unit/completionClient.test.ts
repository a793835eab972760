import assert from "node:assert/strict";
import test, { afterEach } from "node:test";
import { editorDocuments, fireEdit } from "../support/vscodeStandIn.js";
import * as vscode from "vscode";
import { CloseAction, ErrorAction } from "vscode-languageclient/node";
import { connection, disconnect, documentOf, messagesOf, started } from "../support/serverConnection.js";

afterEach(disconnect);

const settle = (): Promise<void> => new Promise(setImmediate);

test("there is no server before the first start, and one start after the other leaves one running", async () => {
  const { client, servers, events } = connection();
  assert.deepEqual([client.status, servers.length], [{ kind: "noModel" }, 0]);
  await Promise.all([client.start(), client.start()]);
  await client.start();
  assert.deepEqual([servers.length, events], [1, ["running"]]);
});

test("a server that cannot start is logged, shown as the status and thrown; the next start tries another", async () => {
  const { client, servers, events } = connection((server) => {
    if (servers.length === 1) server.startFailure = new Error("no such file");
  });
  await assert.rejects(client.start(), /no such file/);
  assert.deepEqual([client.status, events], [{ kind: "failed", reason: "no such file" }, ["no such file"]]);
  await client.start();
  assert.deepEqual(servers.length, 2);
});

test("the server's status is shown, until the server stops: then no model is loaded and no document open", async () => {
  const { client, server, document, kinds } = await started();
  server.notifies("rwkv/status", { kind: "loading", fraction: 0.5 });
  assert.deepEqual(client.status, { kind: "loading", fraction: 0.5 });
  assert.equal(client.documents.has(document), true);
  await server.crashed();
  assert.deepEqual(client.status, { kind: "noModel" });
  assert.equal(client.documents.has(document), false);
  assert.deepEqual(kinds, ["loading", "noModel"]);
});

test("the reason why a request showed nothing is passed on with its document", async () => {
  const { server, events } = await started();
  server.notifies("rwkv/nothingShown", { uri: "file:///a.ts", reason: "repeats" });
  assert.deepEqual(events.slice(1), ['file:///a.ts: {"reason":"repeats"}']);
});

test("what a server sends after it was replaced is ignored", async () => {
  const { client, servers, server, events, kinds } = await started();
  await client.restart();
  const [before, shown] = [[...events], [...kinds]];
  server.notifies("rwkv/status", { kind: "loading", fraction: 0.5 });
  server.notifies("rwkv/nothingShown", { uri: "file:///a.ts", reason: "repeats" });
  server.notifies("rwkv/idle");
  server.restarted();
  assert.deepEqual(await server.crashed(), { action: CloseAction.DoNotRestart, handled: true });
  await settle();
  assert.deepEqual([events, kinds], [before, shown]);
  servers[1]!.results.set("rwkv/statistics", "of the new server");
  assert.equal(await client.statistics(), "of the new server"); // so it still runs
  assert.notEqual(client.status.kind, "failed");
});

test("an idle server is stopped; an edit that may be completed starts the next one", async () => {
  const { client, servers, server } = await started();
  server.notifies("rwkv/status", { kind: "loading", fraction: 0.5 });
  fireEdit(documentOf("a.ts"));
  await settle();
  assert.equal(servers.length, 1);
  server.notifies("rwkv/idle");
  await settle();
  assert.deepEqual([server.isRunning(), client.status], [false, { kind: "noModel" }]);
  for (const document of [documentOf("x.env"), documentOf("a.md", "markdown")]) fireEdit(document);
  await settle();
  assert.equal(servers.length, 1);
  fireEdit(documentOf("a.ts"));
  await settle();
  assert.deepEqual([servers.length, servers[1]?.isRunning()], [2, true]);
});

test("an edit does not start a server that could not start, nor one that was disposed", async () => {
  const { client, servers } = connection((server) => {
    server.startFailure = new Error("no such file");
  });
  await client.start().catch(() => undefined);
  fireEdit(documentOf("a.ts"));
  await settle();
  assert.equal(servers.length, 1);
  const other = await started();
  await other.client.dispose();
  assert.equal(other.server.isRunning(), false);
  fireEdit(documentOf("a.ts"));
  await settle();
  assert.equal(other.servers.length, 1);
});

test("the failure of a server that an edit started is shown as the status, not thrown", async () => {
  const { client } = connection((server) => {
    server.startFailure = new Error("no such file");
  });
  fireEdit(documentOf("a.ts"));
  await settle();
  assert.deepEqual(client.status, { kind: "failed", reason: "no such file" });
});

test("after four crashes within minutes the fifth gives up, until the user restarts the server", async () => {
  const { client, servers, server, events } = await started();
  const restart = { action: CloseAction.Restart, handled: true };
  for (let crash = 1; crash <= 4; crash++) {
    assert.deepEqual(await server.crashed(), restart);
    server.restarted();
  }
  assert.equal(client.hasGivenUp, false);
  assert.deepEqual(await server.crashed(), { action: CloseAction.DoNotRestart, handled: true });
  const failed = { kind: "failed", reason: "The completion server crashed several times in a row." };
  assert.deepEqual([client.hasGivenUp, client.status], [true, failed]);
  assert.deepEqual(events.slice(5), ["given up"]);
  await client.start();
  assert.equal(servers.length, 1);
  await client.restart();
  assert.deepEqual([servers.length, client.hasGivenUp], [2, false]);
  assert.deepEqual(await servers[1]!.crashed(), restart);
});

test("a server that had to be killed is a warning in the log", async () => {
  const { client, server, events } = await started();
  server.stopFailure = new Error("took too long");
  await client.restart();
  assert.deepEqual(events, ["running", "warning: took too long", "running"]);
});

test("the server gets the checked settings at its start, on request, and when they change", async () => {
  const { client, server, settings } = await started();
  const { options } = server;
  const initial = (options.initializationOptions as () => object)();
  const names = { statusNotifications: true, nothingShownNotifications: true, storagePath: "/storage" };
  assert.deepEqual({ ...initial, maxLines: 7, ...names }, initial);
  settings.server = { ...settings.server, maxLines: 9 };
  const { token } = new vscode.CancellationTokenSource();
  const answer = await options.middleware?.workspace?.configuration?.({ items: [{}, {}] }, token, () => []);
  assert.deepEqual((answer as { maxLines: number }[]).map((one) => one.maxLines), [9, 9]); // prettier-ignore
  await client.settingsChanged();
  const [changed] = messagesOf(server, "workspace/didChangeConfiguration") as { settings: { maxLines: number } }[];
  assert.equal(changed?.settings.maxLines, 9);
});

test("new settings open the documents that they allow; without a server nothing happens", async () => {
  const { client, server, settings } = await started();
  editorDocuments.push(documentOf("b.md", "markdown"));
  try {
    settings.enable = { "*": true };
    await connection().client.settingsChanged();
    await client.settingsChanged();
    assert.deepEqual(messagesOf(server, "textDocument/didOpen"), [
      { opened: "file:///a.ts" },
      { opened: "file:///b.md" },
    ]);
  } finally {
    editorDocuments.length = 0;
  }
});

test("a connection error does not end the connection", async () => {
  const { server } = await started();
  const decided = await server.options.errorHandler?.error(new Error("bad header"), undefined, 1);
  assert.deepEqual(decided, { action: ErrorAction.Continue, handled: true });
});
