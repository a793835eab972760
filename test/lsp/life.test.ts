import assert from "node:assert/strict";
import test from "node:test";
import { LspServer } from "../support/lspServer.js";

test("a model that cannot be loaded is said with its name, requests are empty at once, and new settings mend it", async () => {
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

test("a request under way when the model is replaced ends as cancelled, and the next one is answered", async () => {
  const server = await LspServer.start();
  await server.open("file:///a.ts", "export const value = compute(1, 2);\n".repeat(300));
  await server.status("ready");
  const asked = server.complete("file:///a.ts", 250, 20);
  await server.configure({ checkpointMemoryMB: 64 });
  await assert.rejects(asked, /cancelled/);
  await server.status("loading");
  await server.status("ready");
  await server.complete("file:///a.ts", 250, 20);
  const { checkpoints, requests } = await server.statistics();
  assert.equal(checkpoints.maxBytes, 64 * 2 ** 20);
  assert.equal(requests.failed, 0);
  assert.equal(await server.stop(), 0);
});

test("an idle model leaves memory and comes back when it is needed", async () => {
  const server = await LspServer.start({ settings: { idleUnloadMinutes: 0.002 } });
  await server.open("file:///a.ts", "const a = 1;\n");
  await server.status("ready");
  await server.status("noModel");
  assert.equal((await server.statistics()).checkpoints.bytes, 0);
  assert.deepEqual(await server.complete("file:///a.ts", 1, 0), []);
  await server.status("ready");
  assert.equal(await server.stop(), 0);
});

test("over standard input and output it serves any editor", async () => {
  const server = await LspServer.start({ transport: "stdio" });
  await server.open("file:///a.ts", "function add(first: number, second: number): number {\n  return first + ");
  await server.status("ready");
  const [item] = await server.complete("file:///a.ts", 1, 17);
  assert.ok(item !== undefined);
  assert.equal(await server.stop(), 0);
});

test("a document with more lines than allowed is not read", async () => {
  const server = await LspServer.start({ settings: { maxLines: 10 } });
  await server.open("file:///a.ts", "x;\n".repeat(20));
  await server.status("ready");
  assert.deepEqual((await server.statistics()).documents, []);
  assert.deepEqual(await server.complete("file:///a.ts", 3, 0), []);
  assert.equal(await server.stop(), 0);
});

test("it ends when its editor is gone", async () => {
  const server = await LspServer.start();
  await server.open("file:///a.ts", "x;\n".repeat(2000));
  await server.status("reading");
  const exited = new Promise((resolve) => {
    server.child.once("exit", resolve);
  });
  server.child.disconnect();
  await exited;
});
