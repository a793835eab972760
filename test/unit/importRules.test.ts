import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import type { ICruiseResult, IConfiguration } from "dependency-cruiser";
import { inTemporaryFolder } from "../support/temporary.js";

/** Files that exist so that the statements below can import them. */
const targets = [
  "src/core/model.ts",
  "src/core/completion/completer.ts",
  "src/core/engine/completionEngine.ts",
  "src/rwkv/load.ts",
  "src/server/server.ts",
  "src/extension/settings.ts",
  "src/cli/complete.ts",
  "src/hub/download.ts",
  "src/shared/protocol.ts",
  "src/shared/chatMessages.ts",
  "media/chat/chat.ts",
];

/** Checks files against the import rules. @param files contents by path. @returns the broken rules of each file. */
async function broken(files: Readonly<Record<string, string>>): Promise<Map<string, string[]>> {
  const { cruise } = await import("dependency-cruiser");
  const configFile = pathToFileURL(path.resolve(".dependency-cruiser.mjs")).href;
  const { default: config } = (await import(configFile)) as { readonly default: IConfiguration };
  const { options = {}, ...ruleSet } = config;
  return inTemporaryFolder(async (baseDir) => {
    const all = { ...Object.fromEntries(targets.map((file) => [file, "export {};"])), ...files };
    for (const [file, text] of Object.entries(all)) {
      mkdirSync(path.dirname(path.join(baseDir, file)), { recursive: true });
      writeFileSync(path.join(baseDir, file), text);
    }
    const { output } = await cruise(["src", "media"], { ...options, ruleSet, validate: true, baseDir });
    const found = new Map<string, string[]>();
    for (const { from, rule } of (output as ICruiseResult).summary.violations) {
      found.set(from, [...(found.get(from) ?? []), rule.name]);
    }
    return found;
  });
}

/** One file in `folder` per statement. */
function filesIn(folder: string, statements: readonly string[]): Record<string, string> {
  return Object.fromEntries(statements.map((text, i) => [`${folder}/file${i}.ts`, text]));
}

async function assertRefused(folder: string, statements: readonly string[]): Promise<void> {
  const files = filesIn(folder, statements);
  const found = await broken(files);
  for (const [file, text] of Object.entries(files)) assert.deepEqual(found.get(file), ["not-in-allowed"], text);
}

test("core imports only itself, and its chat folder also lru-cache, however an import is written", async () => {
  const allowed = ['import "../model.js";', 'import { LRUCache } from "lru-cache"; new LRUCache({ max: 1 });'];
  assert.deepEqual(await broken(filesIn("src/core/chat", allowed)), new Map());
  await assertRefused("src/core/states", [
    'import fs from "fs"; fs.readFileSync("a");',
    'import "node:os";',
    'import { request } from "https"; request("a");',
    'import type { Server } from "node:net"; export type Own = Server;',
    'export * from "fs/promises";',
    'export { connect } from "node:tls";',
    'export const loading = import("node:http2");',
    "export const loading = import(`dns`);",
    'export type Own = import("node:dgram").Socket;',
    'import http = require("http"); http.get("a");',
    'const { spawn } = require("child_process"); spawn("a");',
    'const worker = process.getBuiltinModule("node:worker_threads"); worker.threadId;',
    'import { createRequire } from "module"; createRequire("a");',
    'import sqlite from "node:sqlite"; sqlite;',
    'import axios from "axios"; axios.get("a");',
    'import { parse } from "lru-cache-files"; parse();',
    'import { Uri } from "vscode"; Uri;',
    'import "../../rwkv/load.js";',
    'import type {} from "../../server/server.js";',
    'import "../../nowhere/file.js";',
    'import type {} from "../completion/completer.js";',
  ]);
});

test("each other layer imports what it is allowed to, and nothing else", async () => {
  const refused = {
    "src/rwkv": ["node:net", "child_process", "vscode", "../server/server.js", "../cli/main.js"],
    "src/hub": ["node:https", "net", "child_process", "vscode", "../rwkv/load.js", "../extension/settings.js"],
    "src/core": ["../hub/download.js"],
    "src/server": [
      "fs",
      "node:path",
      "../rwkv/load.js",
      "../hub/download.js",
      "../extension/settings.js",
      "../../media/chat/chat.js",
    ],
    "src/cli": ["node:child_process", "net", "vscode", "../extension/settings.js", "../../media/chat/chat.js"],
    "src/extension": [
      "https",
      "node:http",
      "lru-cache",
      "../core/model.js",
      "../rwkv/load.js",
      "../../media/chat/chat.js",
    ],
    "media/chat": [
      "path",
      "vscode",
      "../../src/hub/download.js",
      "../../src/shared/protocol.js",
      "../../src/extension/settings.js",
    ],
    // Folders without an entry in the list of rules may import nothing.
    "src/other": ["./file.js", "lru-cache", "../core/model.js"],
    src: ["fs", "./core/model.js"],
  };
  for (const [folder, names] of Object.entries(refused)) {
    await assertRefused(
      folder,
      names.map((name) => `import "${name}";`),
    );
  }
  const allowed = {
    "src/rwkv": ["fs", "node:fs/promises", "pbf", "../core/model.js", "./load.js"],
    "src/server": ["vscode-languageserver/node", "os", "../core/model.js", "../shared/protocol.js"],
    "src/hub": ["node:crypto", "fs/promises", "../shared/protocol.js"],
    "src/cli": ["node:util", "../rwkv/load.js", "../server/server.js", "../hub/download.js"],
    "src/extension": [
      "vscode",
      "../hub/download.js",
      "vscode-languageclient/node",
      "node:child_process",
      "../shared/protocol.js",
    ],
    "media/chat": ["marked", "../../src/shared/chatMessages.js"],
  };
  for (const [folder, names] of Object.entries(allowed)) {
    const statements = names.map((name) => `import "${name}";`);
    assert.deepEqual(await broken(filesIn(folder, statements)), new Map());
  }
});

test("within core no file imports those that are built on it", async () => {
  const engine = 'import "../engine/completionEngine.js";';
  const completion = 'import type {} from "../completion/completer.js";';
  for (const folder of ["structure", "tokens", "states", "filters", "decoding", "chat"]) {
    await assertRefused(`src/core/${folder}`, [completion, engine]);
  }
  await assertRefused("src/core/completion", [engine]);
  assert.deepEqual(await broken(filesIn("src/core/engine", [completion])), new Map());
  await assertRefused("src/core", ['import "./model.js";', 'import "./completion/completer.js";']);
});

test("what single files may import, other files of their folder may not", async () => {
  const exceptions = {
    "src/server/main.ts": 'import "../rwkv/load.js"; import "node:path";',
    "src/rwkv/ort/onnxruntime.ts": 'export const loading = import("onnxruntime-node");',
    "src/rwkv/native/addonCheck.ts": 'import "node:child_process";',
  };
  assert.deepEqual(await broken(exceptions), new Map());
  for (const [file, text] of Object.entries(exceptions)) {
    const neighbor = path.posix.join(path.posix.dirname(file), "neighbour.ts");
    assert.ok((await broken({ [neighbor]: text })).has(neighbor), file);
  }
});

test("onnxruntime is loaded by one file; other files may import only its types", async () => {
  const found = await broken({
    "node_modules/onnxruntime-node/package.json": "{}",
    "node_modules/onnxruntime-node/index.js": "",
    "src/rwkv/ort/types.ts": 'import type { Tensor } from "onnxruntime-node"; export type Own = Tensor;',
    "src/rwkv/ort/values.ts": 'import { Tensor } from "onnxruntime-node"; Tensor;',
  });
  assert.deepEqual(found, new Map([["src/rwkv/ort/values.ts", ["not-in-allowed"]]]));
});

test("files that import each other are refused, imports of types included", async () => {
  const found = await broken({
    "src/core/states/one.ts": 'import type { Two } from "./two.js"; export type One = Two;',
    "src/core/states/two.ts": 'import type { One } from "./one.js"; export type Two = One;',
  });
  assert.deepEqual([...found.values()], [["no-cycle"]]);
});
