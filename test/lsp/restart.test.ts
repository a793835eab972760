import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { storedStatesFolder } from "../../src/shared/storedStatesFolder.js";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { withClient } from "../support/anyClient.js";
import { inTemporaryFolder } from "../support/temporary.js";
import type { RawClient } from "../support/rawClient.js";

const lines = Array.from({ length: 400 }, (_, i) => `export const value${i} = compute(${i}, "${i % 7}");`);
const text = lines.join("\n");

async function statistics(client: RawClient): Promise<ServerStatistics> {
  return (await client.request("rwkv/statistics"))["result"] as ServerStatistics;
}

/** Opens a document, and completes at its end once the model is loaded. @returns what the completion cost. */
async function completed(client: RawClient, uri: string): Promise<NonNullable<ServerStatistics["last"]>> {
  client.open(uri, text);
  client.notify("textDocument/didFocus", { textDocument: { uri } });
  await client.complete(uri, 399, 12);
  return (await statistics(client)).last!;
}

async function readWholly(client: RawClient): Promise<void> {
  for (;;) {
    const [document] = (await statistics(client)).documents;
    if (document !== undefined && document.tokensRead >= 64 * Math.floor(document.tokens / 64)) return;
  }
}

/**
 * Runs two servers one after the other on the same storage.
 * @returns what the second server's first completion cost.
 */
async function restarted(
  folder: string,
  options: object,
  uri = pathToFileURL(path.join(folder, "a.ts")).href,
): Promise<NonNullable<ServerStatistics["last"]>> {
  const start = { options: { storagePath: path.join(folder, "kept"), timeBudgetMs: 10_000, ...options } };
  await withClient(start, async (client) => {
    assert.equal((await completed(client, uri)).source, "window");
    await readWholly(client);
  });
  let last: Awaited<ReturnType<typeof completed>> | undefined;
  await withClient(start, async (client) => {
    last = await completed(client, uri);
  });
  return last!;
}

test("the first completion after a restart starts from a stored state", () =>
  inTemporaryFolder(async (folder) => {
    const { source, tokensRead } = await restarted(folder, {});
    assert.equal(source, "exact");
    assert.ok(tokensRead < 512, `${tokensRead} tokens read`);
    assert.ok(readdirSync(storedStatesFolder(path.join(folder, "kept"))).some((name) => name.endsWith(".state")));
  }));

test("nothing is stored if the setting is 0, the document has no file, or the folder cannot be made", () =>
  inTemporaryFolder(async (folder) => {
    assert.equal((await restarted(folder, { checkpointDiskMB: 0 })).source, "window");
    assert.equal((await restarted(folder, {}, "untitled:Untitled-1")).source, "window");
    const states = storedStatesFolder(path.join(folder, "kept"));
    assert.ok(!existsSync(states));
    // A file is in place of the folder: completions still work, but without stored states.
    mkdirSync(path.dirname(states), { recursive: true });
    writeFileSync(states, "a file");
    assert.equal((await restarted(folder, {})).source, "window");
  }));
