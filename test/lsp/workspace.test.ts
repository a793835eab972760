import assert from "node:assert/strict";
import type { WorkspaceIndexState } from "../../src/shared/workspaceIndexState.js";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

import { withClient } from "../support/anyClient.js";
import type { RawClient } from "../support/rawClient.js";
import { inTemporaryFolder } from "../support/temporary.js";

const library = (name: string): string =>
  `/** Adds up what was sold. */\nexport function ${name}(sales: readonly number[]): number {\n` +
  "  return sales.reduce((sum, sale) => sum + sale, 0);\n}\n" +
  `export const total = ${name}([1, 2]);\nexport const none = ${name}([]);\n`;
const shared = "quarterlyRevenueOfRegion";
const secret = "quarterlyPasswordOfVault";

/**
 * Creates a workspace with one file to index. The others are excluded by a setting, ignored by Git, or in node_modules.
 */
function layOut(folder: string): string {
  const workspace = path.join(folder, "w");
  mkdirSync(path.join(workspace, "node_modules/x"), { recursive: true });
  const files = {
    "lib.ts": library(shared),
    "secret.ts": library(secret),
    "ignored.ts": library(secret),
    "hidden.ts": library(secret),
    "node_modules/x/index.ts": library(secret),
    ".gitignore": "ignored.ts\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(workspace, name), text);
  return workspace;
}

async function indexed(client: RawClient, action = "state"): Promise<WorkspaceIndexState | null> {
  for (;;) {
    const { result } = await client.request("rwkv/workspaceIndex", { action });
    const state = result as WorkspaceIndexState | null;
    if (state?.isBuilding !== true && (state === null || state.files > 0)) return state;
    action = "state";
  }
}

/** Completes the start of a name in a new file. @returns the proposed texts. */
async function proposed(client: RawClient, workspace: string): Promise<string> {
  const uri = pathToFileURL(path.join(workspace, "new.ts")).href;
  const text = "export const total = quarterly";
  client.open(uri, text);
  const items = await client.complete(uri, 0, text.length);
  client.notify("textDocument/didClose", { textDocument: { uri } });
  return items.join("\n");
}

const settings = { exclude: ["**/secret.ts"], workspaceExclude: ["hidden.ts"] };
const inWorkspace = (workspace: string, options: object) => ({
  options: { ...settings, ...options },
  params: { workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: "w" }] },
});

test("names of other files are proposed; those of excluded, ignored, hidden and installed files never are", () =>
  inTemporaryFolder(async (folder) => {
    const workspace = layOut(folder);
    const storagePath = path.join(folder, "kept");
    await withClient(inWorkspace(workspace, { storagePath }), async (client) => {
      await proposed(client, workspace); // loads the model
      assert.equal((await indexed(client))?.files, 1);
      const found = await proposed(client, workspace);
      assert.match(found, /^RevenueOfRegion/m);
      assert.doesNotMatch(found, /Password/);
      rmSync(path.join(workspace, "lib.ts"));
      assert.equal((await client.request("rwkv/workspaceIndex", { action: "clear" }))["error"], undefined);
      assert.doesNotMatch(await proposed(client, workspace), /Revenue|Password/);
    });
  }));

test("an index is stored when the server exits, and reused by the next one", () =>
  inTemporaryFolder(async (folder) => {
    const workspace = layOut(folder);
    const storagePath = path.join(folder, "kept");
    for (const run of [1, 2]) {
      await withClient(inWorkspace(workspace, { storagePath }), async (client) => {
        await proposed(client, workspace);
        await indexed(client, run === 1 ? "rebuild" : "state");
        assert.match(await proposed(client, workspace), /^RevenueOfRegion/m);
      });
      assert.equal(readdirSync(storagePath).filter((name) => name.endsWith(".index")).length, 1, `run ${run}`);
    }
  }));

test("without the setting, or without a folder, nothing is read", () =>
  inTemporaryFolder(async (folder) => {
    const workspace = layOut(folder);
    for (const start of [inWorkspace(workspace, { workspaceContext: false }), { options: settings }]) {
      await withClient(start, async (client) => {
        assert.doesNotMatch(await proposed(client, workspace), /Revenue|Password/);
        assert.equal(await indexed(client), null);
      });
    }
  }));

test("a file that is saved is read again, whether the client watches files or not", () =>
  inTemporaryFolder(async (folder) => {
    const workspace = layOut(folder);
    const file = path.join(workspace, "lib.ts");
    const uri = pathToFileURL(file).href;
    await withClient(inWorkspace(workspace, {}), async (client) => {
      await proposed(client, workspace);
      await indexed(client);
      for (const [method, params, name] of [
        ["workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] }, "quarterlyBudgetOfOffice"],
        ["textDocument/didSave", { textDocument: { uri } }, "quarterlyVolumeOfHarbour"],
      ] as const) {
        client.open(uri, library(name));
        writeFileSync(file, library(name));
        client.notify(method, params);
        client.notify("textDocument/didClose", { textDocument: { uri } });
        await indexed(client);
        assert.match(await proposed(client, workspace), new RegExp(`^${name.slice("quarterly".length)}`, "m"));
      }
    });
  }));
