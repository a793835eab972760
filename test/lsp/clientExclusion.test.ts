import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { code, folder, itemsIn, receivedOf, uriOf, withClient } from "../support/anyClient.js";
import { root } from "../support/paths.js";
import { codeOf } from "../support/rawClient.js";

test("7: secrets, large files and languages that are off are not read for any client", () =>
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
      ["a.md", code, "markdown"],
      ["a.txt", code, "plaintext"],
    ];
    for (const [name, text, languageId] of kept) client.open(uriOf(name), text, languageId);
    assert.ok((await itemsIn(client, "ok.ts")) > 0);
    for (const [name] of kept) assert.equal(await itemsIn(client, name), 0, name);
    assert.deepEqual((await client.statistics()).uris, [uriOf("ok.ts")]);
  }));

test("7: only documents that may not be read load no model", () =>
  withClient({ options: { statusNotifications: true } }, async (client) => {
    client.open(uriOf(".env"), code);
    assert.equal(await itemsIn(client, ".env"), 0);
    assert.deepEqual(receivedOf(client, "rwkv/status"), []);
  }));

test("7: a document that grows past the limit is no longer read, and is again when it shrinks", () =>
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

test("7: globs are relative to the folders of the workspace, however the client says them, and follow their changes", async () => {
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

test("7: a file that is excluded is not read as an attachment of a conversation either", () =>
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
