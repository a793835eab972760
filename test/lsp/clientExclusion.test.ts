import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { code, folder, itemsIn, receivedOf, uriOf, withClient } from "../support/anyClient.js";
import { root } from "../support/paths.js";
import { codeOf } from "../support/messageClient.js";

/** The trigger kind of automatic requests in LSP 3.18. */
const automatic = 2;

test("7: secrets and large files are read for no client, disabled languages only if the user asks", () =>
  withClient({}, async (client) => {
    client.open(uriOf("ok.ts"), code);
    const kept: readonly (readonly [name: string, text: string, languageId: string])[] = [
      [".env", code, "typescript"],
      ["conf/prod.env", code, "shellscript"],
      ["a%0Ab/.env", code, "typescript"],
      ["%2Eenv", code, "typescript"],
      ["x?/.env", code, "typescript"],
      ["a.key~", code, "typescript"],
      ["large.ts", `${code}\n//${"x".repeat(6_000_000)}`, "typescript"],
      ["long.ts", `${code}\n`.repeat(100_001), "typescript"],
    ];
    const off = [
      ["a.md", code, "markdown"],
      ["a.txt", code, "plaintext"],
    ] as const;
    for (const [name, text, languageId] of off) client.open(uriOf(name), text, languageId);
    for (const [name, text, languageId] of kept) client.open(uriOf(name), text, languageId);
    assert.ok((await itemsIn(client, "ok.ts")) > 0);
    for (const [name] of kept) assert.equal(await itemsIn(client, name), 0, name);
    for (const [name] of off) assert.deepEqual(await client.complete(uriOf(name), 0, code.length, automatic), [], name);
    assert.deepEqual((await client.statistics()).uris, [uriOf("ok.ts")]);
    assert.ok((await itemsIn(client, "a.md")) > 0);
    assert.deepEqual((await client.statistics()).uris, [uriOf("ok.ts"), uriOf("a.md")]);
    assert.deepEqual(await client.complete(uriOf("a.md"), 0, code.length, automatic), []);
    client.notify("textDocument/didClose", { textDocument: { uri: uriOf("a.md") } });
    client.open(uriOf("a.md"), code, "markdown");
    assert.deepEqual((await client.statistics()).uris, [uriOf("ok.ts")]);
  }));

test("7: a command in a file that must not be read ends in an error that says why", () =>
  withClient({ options: { maxLines: 3 } }, async (client) => {
    client.open(uriOf("a.txt"), `${code}\n\n\n`, "plaintext");
    client.open(uriOf(".env"), code, "typescript");
    for (const [name, reason] of [
      ["a.txt", /rwkvCode\.maxLines/],
      [".env", /rwkvCode\.exclude/],
    ] as const) {
      const place = { textDocument: { uri: uriOf(name) }, position: { line: 0, character: code.length } };
      const more = { maxLines: 5, indentUnit: "  ", partialResultToken: 1 };
      for (const answer of [
        await client.request("rwkv/generate", { ...place, ...more }),
        await client.request("rwkv/alternatives", place),
      ]) {
        assert.equal(codeOf(answer), -32803);
        assert.match(JSON.stringify(answer), reason);
      }
      const range = { start: place.position, end: place.position };
      const insertion = { textDocument: place.textDocument, range, text: "a", indentUnit: "  " };
      assert.equal((await client.request("rwkv/insertion", insertion))["result"], null);
      assert.equal((await client.request("rwkv/blockEnd", place))["result"], null);
    }
  }));

test("7: with automatic off, only invoked requests get text, and completion lists are empty", () =>
  withClient({ options: { automatic: false, completionProvider: true } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    assert.deepEqual(await client.complete(uriOf("a.ts"), 0, code.length, automatic), []);
    const place = { textDocument: { uri: uriOf("a.ts") }, position: { line: 0, character: code.length } };
    const list = (await client.request("textDocument/completion", place))["result"];
    assert.deepEqual((list as { items: unknown }).items, []);
    client.notify("workspace/didChangeConfiguration", { settings: { rwkvCode: { automatic: true } } });
    assert.equal((await client.complete(uriOf("a.ts"), 0, code.length, automatic)).length, 1);
  }));

test("7: if only excluded documents are open, no model is loaded", () =>
  withClient({ options: { statusNotifications: true } }, async (client) => {
    client.open(uriOf(".env"), code);
    assert.equal(await itemsIn(client, ".env"), 0);
    assert.deepEqual(receivedOf(client, "rwkv/status"), []);
  }));

test("7: a document that grows past the limit is no longer read, and is read again when it shrinks", () =>
  withClient({ options: { maxLines: 3 } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    const change = (version: number, text: string): void => {
      client.notify("textDocument/didChange", {
        textDocument: { uri: uriOf("a.ts"), version },
        contentChanges: [{ text }],
      });
    };
    change(2, `${code}\n\n\n\n`);
    assert.equal(await itemsIn(client, "a.ts"), 0);
    assert.deepEqual((await client.statistics()).uris, []);
    change(3, code);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
  }));

test("7: globs are relative to the workspace folders, however the client sends them, and follow their changes", async () => {
  for (const params of [
    { workspaceFolders: [{ uri: folder, name: "p" }] },
    { rootUri: folder },
    { rootPath: path.join(root, "project") },
  ]) {
    await withClient({ options: { exclude: ["private/**"] }, params }, async (client) => {
      for (const name of ["a.ts", "private/a.ts", "sub/private/a.ts"]) client.open(uriOf(name), code);
      assert.ok((await itemsIn(client, "a.ts")) > 0);
      assert.equal(await itemsIn(client, "private/a.ts"), 0, JSON.stringify(params));
      assert.ok((await itemsIn(client, "sub/private/a.ts")) > 0);
      client.notify("workspace/didChangeWorkspaceFolders", {
        event: { added: [{ uri: `${folder}/sub`, name: "sub" }], removed: [] },
      });
      assert.equal(await itemsIn(client, "sub/private/a.ts"), 0);
      client.notify("workspace/didChangeWorkspaceFolders", {
        event: { added: [], removed: [{ uri: `${folder}/sub` }] },
      });
      assert.ok((await itemsIn(client, "sub/private/a.ts")) > 0);
    });
  }
});

test("7: an excluded file is not read as an attachment either", () =>
  withClient({}, async (client) => {
    const attachment = { label: "x", languageId: "x", text: "TOKEN=5", isWholeFile: true };
    const answerWith = (name: string) =>
      client.request("rwkv/chat", {
        turns: [{ message: "const a = ", think: false, attachments: [{ ...attachment, uri: uriOf(name) }] }],
        system: "",
        scratchLanguageId: "typescript",
        seed: 1,
        partialResultToken: 1,
      });
    assert.equal(codeOf(await answerWith("sub/.env")), -32803);
    assert.equal(codeOf(await answerWith("a.ts")), undefined);
  }));
