import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { CancellationTokenSource, LSPErrorCodes } from "vscode-languageserver/node";
import { idleMethod } from "../../src/shared/protocol.js";
import { importModel } from "../../src/rwkv/import/importModel.js";
import { LspServer } from "../support/lspServer.js";
import { fixtures } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

test("a model that cannot be loaded is reported by name, requests are empty at once, and new settings fix it", async () => {
  const server = await LspServer.start({ settings: { modelPath: "nowhere/model" } });
  await server.open("file:///a.ts", "const a = ");
  const status = await server.status("failed");
  assert.match(
    status.kind === "failed" ? status.reason : "",
    /nowhere\/model: no such file or folder; give a model's folder/,
  );
  assert.deepEqual(await server.complete("file:///a.ts", 0, 10), []);
  await server.configure({ modelPath: "" });
  await server.status("ready");
  await server.complete("file:///a.ts", 0, 10);
  assert.equal((await server.statistics()).requests.asked, 1);
  assert.equal(await server.stop(), 0);
});

test("a request that is cancelled while the model is loading is answered at once", async () => {
  const server = await LspServer.start();
  const source = new CancellationTokenSource();
  const turn = { message: "export function sum(", attachments: [], think: false };
  const asked = server.chat([turn], () => undefined, source.token);
  await server.status("loading");
  source.cancel();
  await assert.rejects(asked, /cancelled/);
  assert.equal(server.statuses.at(-1)?.kind, "loading");
  assert.equal(await server.stop(), 0);
});

test("a request in progress when the model is replaced ends as cancelled, and the next one succeeds", async () => {
  const server = await LspServer.start();
  await server.open("file:///a.ts", "export const value = compute(1, 2);\n".repeat(300));
  await server.status("ready");
  const asked = server.complete("file:///a.ts", 250, 20);
  await server.configure({ checkpointMemoryMB: 64 });
  await assert.rejects(asked, { code: LSPErrorCodes.ServerCancelled });
  await server.status("loading");
  await server.status("ready");
  await server.complete("file:///a.ts", 250, 20);
  const { checkpoints, requests } = await server.statistics();
  assert.equal(checkpoints.maxBytes, 64 * 2 ** 20);
  assert.equal(requests.failed, 0);
  assert.equal(await server.stop(), 0);
});

test("a document is not read again when its model comes back, because its checkpoints were kept", () =>
  inTemporaryFolder(async (folder) => {
    const other = path.join(folder, "other");
    const options = {
      folder: other,
      name: "other",
      quantization: "none",
      chat: "none",
      vocabulary: undefined,
    } as const;
    const task = { onProgress: () => undefined, cancellation: neverCancelled };
    await importModel(path.join(fixtures, "rwkv/v7-small/model.safetensors"), options, task);
    const server = await LspServer.start();
    await server.open("file:///a.ts", "export const value = compute(1, 2);\n".repeat(600));
    await server.status("reading");
    const first = await server.status("ready");
    assert.ok(first.kind === "ready" && first.modelPath === "" && first.tokensPerSecond > 1, JSON.stringify(first));
    await server.configure({ modelPath: other });
    await server.status("loading");
    const second = await server.status("ready");
    assert.equal(second.kind === "ready" && second.modelPath, other);
    const { checkpoints } = await server.statistics();
    assert.ok(checkpoints.bytes <= checkpoints.maxBytes);
    await server.configure({ modelPath: "" });
    await server.status("loading");
    await server.status("ready");
    await server.complete("file:///a.ts", 500, 20);
    const { last } = await server.statistics();
    assert.ok(last?.exact === true && last.tokensFromCheckpoint > 2000, JSON.stringify(last));
    const since = server.statuses.slice(server.statuses.map(({ kind }) => kind).lastIndexOf("loading"));
    const read = since.flatMap((status) => (status.kind === "reading" ? [status.fraction] : []));
    assert.ok(
      read.every((fraction) => fraction >= 0.9),
      read.join(),
    );
    assert.equal(await server.stop(), 0);
  }));

test("an idle model is unloaded, and loaded again when it is needed", async () => {
  const server = await LspServer.start({ settings: { idleUnloadMinutes: 0.002 } });
  await server.open("file:///a.ts", "const a = 1;\n");
  await server.status("ready");
  const idle = new Promise<void>((resolve) => {
    server.connection.onNotification(idleMethod, resolve);
  });
  await server.status("noModel");
  await idle;
  assert.equal((await server.statistics()).checkpoints.bytes, 0);
  await server.complete("file:///a.ts", 1, 0);
  assert.equal((await server.statistics()).requests.asked, 1);
  assert.equal(await server.stop(), 0);
});

test("the server also works over standard input and output", async () => {
  const server = await LspServer.start({ transport: "stdio" });
  await server.open("file:///a.ts", "function add(first: number, second: number): number {\n  return first + ");
  await server.status("ready");
  const [item] = await server.complete("file:///a.ts", 1, 17);
  assert.ok(item !== undefined);
  assert.equal(await server.stop(), 0);
});

test("a document with too many lines is not read", async () => {
  const server = await LspServer.start({ settings: { maxLines: 10 } });
  await server.open("file:///a.ts", "x;\n".repeat(20));
  await server.open("file:///b.ts", "x;\n");
  await server.status("ready");
  const { documents } = await server.statistics();
  assert.deepEqual(
    documents.map(({ uri }) => uri),
    ["file:///b.ts"],
  );
  assert.deepEqual(await server.complete("file:///a.ts", 3, 0), []);
  assert.equal(await server.stop(), 0);
});

test("the server exits when its editor is gone", async () => {
  const server = await LspServer.start();
  await server.open("file:///a.ts", "x;\n".repeat(2000));
  await server.status("reading");
  const exited = new Promise((resolve) => {
    server.child.once("exit", resolve);
  });
  server.child.disconnect();
  await exited;
});
