import assert from "node:assert/strict";
import test, { after, before, describe } from "node:test";
import type { RawClient } from "../support/rawClient.js";
import { codeOf } from "../support/messageClient.js";
import {
  clientWithDocument,
  context,
  endQuietly,
  inline,
  position,
  textDocument,
  uri,
} from "../support/sampleRequest.js";

describe("a running server", () => {
  let client: RawClient;
  before(async () => {
    client = await clientWithDocument();
  });
  after(() => endQuietly(client));

  const malformed: readonly (readonly [method: string, params: unknown, code: number])[] = [
    [inline, undefined, -32602],
    [inline, [], -32602],
    [inline, {}, -32602],
    [inline, { position, context }, -32602],
    [inline, { textDocument: {}, position, context }, -32602],
    [inline, { textDocument: { uri: 5 }, position, context }, -32602],
    [inline, { textDocument: null, position, context }, -32602],
    [inline, { textDocument, context }, -32602],
    [inline, { textDocument, position }, -32602],
    [inline, { textDocument, position: { line: -1, character: 0 }, context }, -32602],
    [inline, { textDocument, position: { line: 0, character: -1 }, context }, -32602],
    [inline, { textDocument, position: { line: 0.5, character: 0 }, context }, -32602],
    [inline, { textDocument, position: { line: 2 ** 40, character: 0 }, context }, -32602],
    [inline, { textDocument, position: { line: "0", character: 0 }, context }, -32602],
    [inline, { textDocument, position: null, context }, -32602],
    [inline, { textDocument, position, context: {} }, -32602],
    [inline, { textDocument, position, context: { triggerKind: "1" } }, -32602],
    [inline, { textDocument, position, context: { triggerKind: 1, selectedCompletionInfo: { text: "x" } } }, -32602],
    [inline, 5, -32602],
    [inline, "text", -32602],
    ["rwkv/generate", { textDocument, position }, -32602],
    ["rwkv/alternatives", { textDocument }, -32602],
    ["rwkv/countTokens", { texts: [5] }, -32602],
    ["rwkv/countTokens", {}, -32602],
    ["rwkv/chat", { turns: [] }, -32602],
    ["rwkv/chat", { turns: [{}], system: "", scratchLanguageId: "ts", seed: 1, partialResultToken: 1 }, -32602],
    ["textDocument/hover", { textDocument, position }, -32601],
    ["textDocument/completion", { textDocument }, -32602],
    ["constructor", {}, -32601],
    ["__proto__", {}, -32601],
    ["", {}, -32601],
    ["$/anything", {}, -32601],
  ];
  for (const [method, params, code] of malformed) {
    test(`${code} for ${method} ${JSON.stringify(params)}`, async () => {
      const answer = await client.request(method, params);
      assert.equal(codeOf(answer), code, JSON.stringify(answer));
      assert.doesNotMatch(JSON.stringify(answer), /undefined|not a function|Cannot read|node:|\.js/);
    });
  }

  const bodies: readonly (readonly [name: string, body: string, code: number])[] = [
    ["no JSON", '{"jsonrpc": "2.0", "id": 1, "method"', -32700],
    ["an empty body", "", -32700],
    ["a number", "5", -32600],
    ["null", "null", -32600],
    ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"rwkv/statistics"}]', -32600],
    ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"rwkv/statistics"}', -32600],
    ["an id that is null", '{"jsonrpc":"2.0","id":null,"method":"rwkv/statistics"}', -32600],
    ["a method that is a number", '{"jsonrpc":"2.0","id":null,"method":5}', -32600],
  ];
  for (const [name, body, code] of bodies) {
    test(`${code} for ${name}`, async () => {
      const before = client.received.length;
      client.raw(body);
      await client.request("rwkv/statistics");
      const answers = client.received.slice(before).filter(({ id, error }) => id === null && error !== undefined);
      assert.deepEqual(answers.map(codeOf), [code]);
    });
  }

  const notifications: readonly (readonly [method: string, params: unknown])[] = [
    ["textDocument/didOpen", undefined],
    ["textDocument/didOpen", { textDocument: { uri, languageId: "ts", version: 1, text: 5 } }],
    ["textDocument/didOpen", { textDocument: { uri: null, languageId: "ts", version: 1, text: "qz7Secret" } }],
    ["textDocument/didOpen", { textDocument: { uri, languageId: {}, version: 1, text: "qz7Secret" } }],
    ["textDocument/didChange", { textDocument, contentChanges: [{ text: "qz7Secret" }] }],
    ["textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: { text: "qz7Secret" } }],
    ["textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: [{ text: 5 }] }],
    [
      "textDocument/didChange",
      { textDocument: { uri, version: 2 }, contentChanges: [{ range: { start: position }, text: "qz7Secret" }] },
    ],
    ["textDocument/didClose", {}],
    ["$/cancelRequest", undefined],
    ["$/cancelRequest", { id: { qz7Secret: 1 } }],
    ["$/setTrace", { value: 5 }],
    ["$/progress", { token: {}, value: "qz7Secret" }],
    ["workspace/didChangeWorkspaceFolders", { event: { added: [5], removed: [] } }],
    ["textDocument/didFocus", { textDocument: 5 }],
    ["qz7Secret", "qz7Secret"],
    ["textDocument/didSave", { textDocument, text: "qz7Secret" }],
  ];
  for (const [method, params] of notifications) {
    test(`dropped without its content: ${method} ${JSON.stringify(params)}`, async () => {
      client.notify(method, params);
      assert.deepEqual((await client.statistics()).uris, [uri]);
      assert.doesNotMatch(client.log, /qz7Secret|node_modules|\.js:\d/);
    });
  }

  test("a message that is neither request nor response is logged without its content", async () => {
    client.send({ jsonrpc: "2.0", params: { text: "qz7Secret" } });
    client.send({ jsonrpc: "2.0", id: 1e9, qz7Secret: "qz7Secret" });
    client.send({ jsonrpc: "2.0", id: null, error: { code: 1, message: "qz7Secret" } });
    await client.statistics();
    assert.doesNotMatch(client.log, /qz7Secret/);
  });
});
