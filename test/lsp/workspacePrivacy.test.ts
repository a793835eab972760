import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import type { TokenId } from "../../src/core/model.js";
import { tokenize } from "../../src/core/tokens/healing.js";
import { decoded } from "../../src/workspace/indexFormat.js";
import { vocabularyHash } from "../../src/workspace/vocabulary.js";
import type { WorkspaceIndexState } from "../../src/shared/workspaceIndexState.js";
import { withClient } from "../support/anyClient.js";
import { write } from "../support/indexing.js";
import { LspServer } from "../support/lspServer.js";
import type { RawClient } from "../support/rawClient.js";
import { ObservedProgram, skipWithoutStrace } from "../support/systemCalls.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { starterTokenizer } from "../support/tokenizer.js";

const source = (name: string): string =>
  `export function ${name}(sales: number[]): number {\n  return sales.length;\n}\nexport const some = ${name}([1]);\n`;
const shared = "quarterlyRevenueOfRegion";
const word = "quarterlyZebraPassphrase";

/** Files that contain a secret word and must not be read, each for a different reason. */
const secret = [
  "excluded.ts",
  "hidden.ts",
  "ignored.ts",
  "ignored/deep/a.ts",
  "info.ts",
  "pipe/a.ts",
  "long/deep/a.ts",
  `slow/${"aaaaaaaaaaaaaaaaaaaa/".repeat(40)}a.ts`,
  "node_modules/x/a.ts",
  ".hidden/a.ts",
  "api.min.js",
  "../outside.ts",
  "../outside/a.ts",
];
const links = { "link.ts": "../outside.ts", "deep/link.ts": "../excluded.ts", linked: "../outside" };

function layOut(folder: string): string {
  const workspace = path.join(folder, "w");
  write(workspace, Object.fromEntries(secret.map((name) => [name, source(word)])));
  write(workspace, { "lib.ts": source(shared), "deep/lib.ts": "let a;\n", ".git/info/exclude": "info.ts\n" });
  write(workspace, { ".gitignore": "ignored.ts\nignored/\n", "long/.gitignore": "*.log\n".repeat(20_000) });
  write(workspace, { "slow/.gitignore": `${"**/a*/".repeat(600)}b\n`.repeat(20) });
  mkdirSync(path.join(workspace, "pipe/.gitignore"));
  for (const [name, to] of Object.entries(links)) symlinkSync(to, path.join(workspace, name));
  return workspace;
}

const settings = { exclude: ["**/excluded.ts"], workspaceExclude: ["hidden.ts"] };

async function indexed(client: RawClient): Promise<WorkspaceIndexState> {
  for (;;) {
    const { result } = await client.request("rwkv/workspaceIndex", { action: "state" });
    const state = result as WorkspaceIndexState | null;
    if (state?.isBuilding === false) return state;
  }
}

async function proposed(client: RawClient, uri: string): Promise<string> {
  const text = "export const first = quarterly";
  client.open(uri, text);
  const { result } = await client.request("rwkv/alternatives", {
    textDocument: { uri },
    position: { line: 0, character: text.length },
  });
  const items = await client.complete(uri, 0, text.length);
  client.notify("textDocument/didClose", { textDocument: { uri } });
  return items.join("\n") + JSON.stringify(result);
}

/** The bytes of all stored files, and the text of the tokens in the stored index. */
async function stored(folder: string): Promise<{ readonly bytes: Buffer; readonly text: string }> {
  const kept = path.join(folder, "kept");
  const entries = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = Buffer.concat(entries.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name))));
  const index = entries.find(({ parentPath }) => parentPath === kept); // states are in subfolders
  const files = await decoded(readFileSync(path.join(kept, index?.name ?? "")), vocabularyHash(starterTokenizer));
  const text = files?.flatMap(({ tokens }) => [...tokens].map((token) => starterTokenizer.bytesOf(token as TokenId)));
  return { bytes, text: Buffer.concat(text ?? []).toString() };
}

/** The bytes on disk of a text's tokens, without the first and the last token, which depend on the text around them. */
function tokensOnDisk(text: string): Buffer {
  const bytes = Buffer.from(text);
  const tokens = tokenize(starterTokenizer, bytes, 0, bytes.length).slice(1, -1);
  return Buffer.from(Uint16Array.from(tokens).buffer);
}

test("a unique word of a file that must not be read is neither proposed nor on disk", () =>
  inTemporaryFolder(async (folder) => {
    const workspace = layOut(folder);
    const uriOf = (name: string): string => pathToFileURL(path.join(workspace, name)).href;
    const start = {
      options: { ...settings, storagePath: path.join(folder, "kept") },
      params: { workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: "w" }] },
    };
    await withClient(start, async (client) => {
      await proposed(client, uriOf("new.ts")); // loads the model
      assert.equal((await indexed(client)).files, 2);
      const all = [...secret, ...Object.keys(links), "linked/a.ts"];
      client.notify("workspace/didChangeWatchedFiles", { changes: all.map((name) => ({ uri: uriOf(name), type: 2 })) });
      for (const name of all) client.notify("textDocument/didSave", { textDocument: { uri: uriOf(name) } });
      for (const name of all) {
        const uri = uriOf(name);
        client.open(uri, source(word));
        client.notify("rwkv/didFocus", { textDocument: { uri } });
        client.notify("rwkv/didFocus", { textDocument: { uri: uriOf("new.ts") } });
        client.notify("textDocument/didClose", { textDocument: { uri } });
      }
      assert.equal((await indexed(client)).files, 2);
      const found = await proposed(client, uriOf("other.ts"));
      assert.match(found, /RevenueOfRegion/);
      assert.doesNotMatch(found, /Zebra/);
      assert.doesNotMatch(client.log, /Zebra/);
      assert.match(client.log, /pipe\W+\.gitignore is a folder: its folder is not indexed/);
    });
    const { bytes, text } = await stored(folder);
    assert.ok(text.includes(shared), "the index was not decoded");
    assert.ok(bytes.includes(tokensOnDisk(shared)), "its tokens were not found");
    for (const one of [word, "Zebra"]) assert.ok(!text.includes(one) && !bytes.includes(one), one);
    assert.ok(!bytes.includes(tokensOnDisk(word)));
  }));

test("in a workspace that is not trusted, no file is opened", { skip: skipWithoutStrace }, () =>
  inTemporaryFolder(async (folder) => {
    const workspace = path.join(folder, "w");
    write(workspace, { "a.ts": source(shared), "in/b.ts": source(word), ".gitignore": "x\n" });
    const uri = pathToFileURL(path.join(workspace, "a.ts")).href;
    for (const workspaceContext of [false, true]) {
      const program = new ObservedProgram(folder, `server-${workspaceContext}`, ["dist/server.js", "--stdio"]);
      const server = await LspServer.start({
        transport: "stdio",
        folder: workspace,
        settings: { workspaceContext },
        program,
      });
      await server.open(uri, source(shared));
      await server.status("ready");
      const { connection } = server;
      const textDocument = { uri };
      await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
      await connection.sendNotification("textDocument/didSave", { textDocument });
      await server.complete(uri, 1, 10);
      await connection.sendNotification("textDocument/didClose", { textDocument });
      for (;;) {
        const state = await connection.sendRequest<WorkspaceIndexState | null>("rwkv/workspaceIndex", {
          action: "rebuild",
        });
        if (state?.isBuilding !== true || state.files > 0) break;
      }
      assert.equal(await server.stop(), 0, server.log.join("\n"));
      const opened = program.observed().opened.filter((file) => file.startsWith(workspace));
      assert.equal(opened.length > 0, workspaceContext, opened.join());
    }
  }),
);
