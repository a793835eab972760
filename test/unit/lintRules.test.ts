import assert from "node:assert/strict";
import test from "node:test";
import { ESLint, type Linter } from "eslint";
import { configs } from "typescript-eslint";

/** The lint rules that `text` would break as the contents of a file. The file need not exist. */
async function broken(filePath: string, text: string): Promise<(string | null)[]> {
  // Turns off rules that need types, because they fail for a file that does not exist.
  const overrideConfig = configs.disableTypeChecked as Linter.Config;
  const [result] = await new ESLint({ overrideConfig }).lintText(text, { filePath });
  return result!.messages.map(({ ruleId }) => ruleId);
}

const folders = ["src/core", "src/hub", "src/rwkv", "src/server", "src/cli", "src/extension", "src", "media/chat"];

const fetching = 'export const answer = fetch("https://example.com");';

test("no source file opens a connection, except the one that downloads models, with fetch", async () => {
  const connecting = [
    fetching,
    'export const socket = new WebSocket("wss://example.com");',
    "export const request = new XMLHttpRequest();",
    'export const events = new EventSource("https://example.com");',
    'export const transport = new WebTransport("https://example.com");',
    "export const peer = new RTCPeerConnection();",
    'export const answer = globalThis.fetch("https://example.com");',
    'export const socket = new globalThis.WebSocket("wss://example.com");',
    'export const answer = globalThis["fetch"]("https://example.com");',
    'export const answer = window.fetch("https://example.com");',
    "export const request = new self.XMLHttpRequest();",
    'export const answer = global.fetch("https://example.com");',
    "export const { fetch } = globalThis;",
    "const all = globalThis;\nexport const { EventSource } = all;",
    "export const ask = fetch;",
  ];
  for (const folder of folders) {
    for (const text of connecting) {
      assert.deepEqual(await broken(`${folder}/offending.ts`, text), ["no-restricted-globals"], `${folder}: ${text}`);
    }
  }
  for (const text of connecting) {
    const rules = text === fetching || text === "export const ask = fetch;" ? [] : ["no-restricted-globals"];
    assert.deepEqual(await broken("src/hub/request.ts", text), rules, text);
  }
  const beacon = 'navigator.sendBeacon("https://example.com");';
  assert.deepEqual(await broken("media/chat/offending.ts", beacon), ["no-restricted-properties"]);
});

test("no source file hides a module's name from the import rules", async () => {
  const hiding: Readonly<Record<string, string>> = {
    'const name = "node:net";\nexport const loading = import(name);': "no-restricted-syntax",
    'export const loading = import("node:" + "net");': "no-restricted-syntax",
    'export const net = process.getBuiltinModule("net");': "no-restricted-properties",
    "export const { getBuiltinModule } = process;": "no-restricted-properties",
    'export const tcp = process["binding"]("tcp_wrap");': "no-restricted-properties",
    'process.dlopen({ exports: {} }, "a.node");': "no-restricted-properties",
    'export const net = module.require("net");': "no-restricted-globals",
    "export const load = require;": "no-restricted-globals",
    'export const load = eval("require");': "no-eval",
  };
  for (const [text, rule] of Object.entries(hiding)) {
    assert.deepEqual(await broken("src/server/offending.ts", text), [rule], text);
  }
  const addon = 'process.dlopen({ exports: {} }, "a.node");';
  assert.deepEqual(await broken("src/rwkv/native/addon.ts", addon), []);
});

test("core uses the runtime through one file", async () => {
  const text = "export const start = performance.now();\nexport const bytes = Buffer.byteLength(String(process.pid));";
  const rule = "no-restricted-globals";
  assert.deepEqual(await broken("src/core/states/offending.ts", text), [rule, rule, rule]);
  assert.deepEqual(await broken("src/core/platform.ts", text), []);
  assert.deepEqual(await broken("src/core/platform.ts", "export const ask = fetch;"), [rule]);
});

test("local names and properties of other objects are allowed", async () => {
  const text =
    "export const open = (fetch: () => void, window: { module: string }): string => (fetch(), window.module);";
  assert.deepEqual(await broken("src/core/harmless.ts", text), []);
});
