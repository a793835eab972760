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

describe("documents", () => {
  let client: RawClient;
  before(async () => {
    client = await clientWithDocument();
  });
  after(() => endQuietly(client));

  const unknown = "file:///p/unknown.ts";
  test("changes of documents that are not open cause no error and no log", async () => {
    const before = client.log;
    client.notify("textDocument/didClose", { textDocument: { uri: unknown } });
    client.notify("textDocument/didChange", {
      textDocument: { uri: unknown, version: 1 },
      contentChanges: [{ text: "x" }],
    });
    assert.deepEqual(await client.complete(unknown, 0, 0), []);
    assert.equal(client.log, before);
  });

  test("a document that is opened twice has its later text, and one close closes it", async () => {
    const twice = "file:///p/twice.ts";
    for (let i = 0; i < 50; i++) client.open(twice, `const value${i} = 1;\n`.repeat(200));
    client.open(twice, "import path from ");
    assert.deepEqual((await client.statistics()).uris, [uri, twice]);
    assert.ok((await client.complete(twice, 0, 17)).length > 0);
    client.notify("textDocument/didClose", { textDocument: { uri: twice } });
    assert.deepEqual((await client.statistics()).uris, [uri]);
  });

  const edits: readonly (readonly [name: string, changes: readonly unknown[], result: string])[] = [
    ["the whole text", [{ text: "let x = 5;\n" }], "let x = 5;\n"],
    ["an insertion", [change(0, 3, 0, 3, "X")], "a😀Xb\r\nc\n"],
    ["within an emoji's line, in UTF-16 code units", [change(0, 1, 0, 3, "")], "ab\r\nc\n"],
    ["over a line ending", [change(0, 4, 1, 0, "")], "a😀bc\n"],
    ["past the end of a line", [change(0, 99, 0, 99, "!")], "a😀b!\r\nc\n"],
    ["past the end of the text", [change(99, 99, 99, 99, "!")], "a😀b\r\nc\n!"],
    ["a range that is reversed", [change(1, 1, 1, 0, "d")], "a😀b\r\nd\n"],
    ["several, each after the one before", [change(0, 0, 0, 0, "1"), change(0, 1, 0, 1, "2")], "12a😀b\r\nc\n"],
    ["none", [], "a😀b\r\nc\n"],
    ["a carriage return alone", [change(1, 0, 1, 0, "x\ry")], "a😀b\r\nx\ryc\n"],
  ];
  for (const [name, contentChanges, result] of edits) {
    test(`a change is applied as LSP defines it: ${name}`, async () => {
      const [edited, fresh] = ["file:///one/x/e.ts", "file:///two/x/e.ts"] as const;
      client.open(edited, "a😀b\r\nc\n");
      client.notify("textDocument/didChange", { textDocument: { uri: edited, version: 2 }, contentChanges });
      client.open(fresh, result);
      const last = result.split(/\r\n?|\n/).length - 1;
      const { result: statistics } = await client.request("rwkv/statistics");
      const { documents } = statistics as { documents: { uri: string; tokens: number }[] };
      const tokens = documents.filter((one) => one.uri.includes("/x/e.ts")).map((one) => one.tokens);
      assert.equal(tokens[0], tokens[1]);
      client.notify("textDocument/didClose", { textDocument: { uri: fresh } });
      // One document at a time, because other open documents influence completions.
      const [first] = await client.complete(edited, last, 0);
      client.notify("textDocument/didClose", { textDocument: { uri: edited } });
      client.open(fresh, result);
      assert.equal(first, (await client.complete(fresh, last, 0))[0]);
      client.notify("textDocument/didClose", { textDocument: { uri: fresh } });
    });
  }

  const uris = [
    "file:///C:/p/a.ts",
    "file:///c%3A/p/%C3%A9%20b.ts",
    "file://server/share/a.ts",
    "file:///p/%zz.ts",
    "file:///p/a%0Ab.ts",
    "file:///p/a?b#c.ts",
    "untitled:Untitled-1",
    "vscode-notebook-cell:/p/n.ipynb#W0",
    "inmemory://model/1",
    "/no/scheme.ts",
    "",
    "__proto__",
    "constructor",
    `file:///p/${"deep/".repeat(600)}a.ts`,
  ];
  for (const name of uris) {
    test(`a document is completed whatever its URI: ${name.slice(0, 40)}`, async () => {
      client.open(name, "import path from ");
      assert.ok((await client.complete(name, 0, 17)).length > 0);
      client.notify("textDocument/didClose", { textDocument: { uri: name } });
      assert.deepEqual(await client.complete(name, 0, 17), []);
    });
  }
  for (const languageId of ["__proto__", "constructor", "toString", "", "x".repeat(10_000)]) {
    test(`a completion request is answered whatever the language: ${languageId.slice(0, 20)}`, async () => {
      client.open("untitled:l", "import path from ", languageId);
      assert.ok(Array.isArray(await client.complete("untitled:l", 0, 17)));
      client.notify("textDocument/didClose", { textDocument: { uri: "untitled:l" } });
    });
  }

  test("a request that its client cancels ends as cancelled, with an id of either type", async () => {
    for (const id of ["a string", 123_456]) {
      client.send({ jsonrpc: "2.0", id, method: inline, params: { textDocument, position, context } });
      client.notify("$/cancelRequest", { id });
      assert.equal(codeOf(await client.answerTo(id)), -32800);
    }
    client.notify("$/cancelRequest", { id: "of no request" });
  });

  test("a request that is replaced by a newer one ends as outdated", async () => {
    const older = client.ask(inline, { textDocument, position: { line: 1, character: 9 }, context });
    const newer = client.ask(inline, { textDocument, position: { line: 1, character: 13 }, context });
    assert.equal(codeOf(await client.answerTo(older)), -32801);
    assert.equal(codeOf(await client.answerTo(newer)), undefined);
  });
});

/** An LSP content change that replaces the text between two positions. */
function change(...[line, character, endLine, endCharacter, text]: [number, number, number, number, string]): unknown {
  return { range: { start: { line, character }, end: { line: endLine, character: endCharacter } }, text };
}
