import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { resultOf } from "../support/servedClient.js";
import { code, started, uriOf } from "../support/startedServer.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("a document is closed for the model when it grows too large, and opened again when it shrinks", async () => {
  const { client, names, ready } = await started({ settings: { maxLines: 2 } });
  client.open(uriOf("a.ts"), code);
  await ready();
  for (const [version, text, open] of [
    [2, "\n\n", []],
    [3, "\n", ["a.ts"]],
  ] as const) {
    client.changed(uriOf("a.ts"), version, text);
    assert.deepEqual(await names(), open);
  }
});

test("a document that is opened twice has the later text", async () => {
  const { client, ready } = await started({});
  client.open(uriOf("a.ts"), code);
  await ready();
  const tokens = async () => (await client.statisticsNow()).documents.map((document) => document.tokens);
  const [first] = await tokens();
  client.open(uriOf("a.ts"), code.repeat(4));
  const [second, ...more] = await tokens();
  assert.ok(second! > first!);
  assert.deepEqual(more, []);
});

test(
  "statistics name the model, its checkpoints within their limit, and what each document has read",
  { timeout: 60_000 },
  async () => {
    const { client, ready } = await started({ settings: { checkpointMemoryMB: 16, model: "/a" } });
    const none = await client.statisticsNow();
    assert.deepEqual(
      [none.model, none.checkpoints.maxBytes, none.documents, none.status],
      ["", 0, [], { kind: "noModel" }],
    );
    client.open(uriOf("a.ts"), code.repeat(200));
    client.notify("textDocument/didFocus", { textDocument: { uri: uriOf("a.ts") } });
    await ready();
    await client.waitFor(
      ({ method, params }) => method === "rwkv/status" && (params as { kind: string }).kind === "reading",
    );
    let now = await client.statisticsNow();
    while (now.documents[0]!.tokensRead < now.documents[0]!.tokens - 64) now = await client.statisticsNow();
    assert.deepEqual([now.model, now.engine, now.chat, now.pid], ["fake", "none", "none", process.pid]);
    assert.equal(now.checkpoints.maxBytes, 16 * 2 ** 20);
    assert.ok(now.checkpoints.count > 0 && now.checkpoints.bytes > 0 && now.memory.rssBytes > 0);
    assert.deepEqual([now.checkpoints.packedCount, now.checkpoints.tooLarge], [0, 0]);
    const [document] = now.documents;
    assert.ok(document!.checkpoints > 0);
    const fractions = client
      .sent("rwkv/status")
      .flatMap((status) =>
        (status as { kind: string }).kind === "reading" ? [(status as { fraction: number }).fraction] : [],
      );
    assert.ok(
      fractions.every((fraction) => Math.abs(fraction * 20 - Math.round(fraction * 20)) < 1e-9),
      fractions.join(),
    );
  },
);

test("the cells above a cell of a notebook count as its text, except those that are excluded or closed", async () => {
  const { client, ready } = await started({});
  const cell = (name: string): string => `vscode-notebook-cell:/work/a.ipynb#${name}`;
  const long = "total = total + price\n".repeat(40);
  client.open(cell("1"), long, "python");
  client.open(cell("2"), "", "python");
  await ready();
  const tokens = async (): Promise<number> => {
    const { documents } = await client.statisticsNow();
    return documents.find(({ uri }) => uri === cell("2"))!.tokens;
  };
  const alone = await tokens();
  const isAlone = async (): Promise<boolean> => (await tokens()) < alone + 10;
  const focus = (): void => {
    client.notify("textDocument/didFocus", { textDocument: { uri: cell("2") } });
  };
  client.notify("rwkv/notebookCells", { notebook: "file:///work/a.ipynb", cells: [cell("1"), cell("2")] });
  focus();
  assert.equal(await isAlone(), false);
  client.changed(cell("1"), 2, "");
  const position = { line: 0, character: 0 };
  const asked = { textDocument: { uri: cell("2") }, position, context: { triggerKind: 2 } };
  await client.request("textDocument/inlineCompletion", asked);
  assert.equal(await isAlone(), true);
  client.changed(cell("1"), 3, long);
  focus();
  assert.equal(await isAlone(), false);
  client.notify("textDocument/didClose", { textDocument: { uri: cell("1") } });
  focus();
  assert.equal(await isAlone(), true);
  client.open(uriOf("own.py"), long, "python"); // clients may list a document of any kind as a cell
  client.notify("rwkv/notebookCells", { notebook: "file:///work/a.ipynb", cells: [uriOf("own.py"), cell("2")] });
  assert.equal(await isAlone(), false);
  client.notify("rwkv/settings", { exclude: ["**/own.py"] });
  assert.equal(await isAlone(), true);
});

test("an idle model is unloaded, the client is told, and the next request loads it again", async () => {
  const { client, loads, ready } = await started({ settings: { idleUnloadMinutes: 1e-4 } });
  const alive = setInterval(() => undefined, 1000); // keeps the process alive, which the idle timer does not
  client.open(uriOf("a.ts"), code);
  await client.waitFor(({ method }) => method === "rwkv/idle");
  clearInterval(alive);
  assert.deepEqual(client.sent("rwkv/status").at(-1), { kind: "noModel" });
  await ready();
  assert.equal(loads.length, 2);
});

test(
  "the files of the workspace are indexed while the setting is on, also new ones, and the index is kept",
  { timeout: 60_000 },
  () =>
    inTemporaryFolder(async (root) => {
      const folderUri = pathToFileURL(root).href;
      writeFileSync(path.join(root, "one.ts"), code);
      writeFileSync(path.join(root, "two.ts"), code);
      mkdirSync(path.join(root, "storage"));
      const { client, ready } = await started({
        settings: { workspaceContext: true, storagePath: path.join(root, "storage") },
        folder: folderUri,
      });
      const index = async (action = "state") =>
        resultOf(await client.request("rwkv/workspaceIndex", { action })) as {
          files: number;
          isBuilding: boolean;
        } | null;
      const built = async () => {
        let state = await index();
        while (state?.isBuilding === true) state = await index();
        return state;
      };
      assert.equal(await index(), null);
      await ready();
      assert.equal((await built())?.files, 2);
      writeFileSync(path.join(root, "three.ts"), code);
      client.notify("workspace/didChangeWatchedFiles", {
        changes: [{ uri: pathToFileURL(path.join(root, "three.ts")).href, type: 1 }],
      });
      await client.statisticsNow();
      assert.equal((await built())?.files, 3);
      assert.equal((await index("clear"))?.files, 0);
      await index("rebuild");
      assert.equal((await built())?.files, 3);
      resultOf(await client.request("shutdown"));
      assert.ok(readdirSync(path.join(root, "storage"), { recursive: true }).length > 0);
      const off = await started({ settings: { workspaceContext: false }, folder: folderUri });
      await off.ready();
      assert.equal(resultOf(await off.client.request("rwkv/workspaceIndex", { action: "state" })), null);
    }),
);
