import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { CancellationTokenSource, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import { alternativesMethod, type GenerateDelta } from "../../src/shared/protocol.js";
import { blockEndMethod, insertionMethod } from "../../src/shared/structureRequests.js";
import { LspServer } from "../support/lspServer.js";
import { root } from "../support/paths.js";
import { randomFrom } from "../support/random.js";

const sample = path.join(root, "test/fixtures/sources/scheduler.ts");
const sampleText = readFileSync(sample, "utf8");
const sampleUri = pathToFileURL(sample).href;

let server: LspServer;
before(async () => {
  server = await LspServer.start();
  await server.open(sampleUri, sampleText);
  await server.status("ready");
});
after(async () => {
  assert.equal(await server.stop(), 0);
});

function isCancelled(error: unknown): boolean {
  return error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
}

test("a completion equals the command line's for the same position", async () => {
  const line = sampleText.split("\n").findIndex((text) => text.includes("const behind = "));
  const character = 4;
  const [item] = await server.complete(sampleUri, line, character);
  const { engine } = await server.statistics();
  const weights = engine.includes("int8") ? "int8" : "fp32";
  const args = [
    "dist/cli.js",
    "complete",
    `${sample}:${line + 1}:${character + 1}`,
    "--json",
    "--threads",
    "1",
    "--weights",
    weights,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const expected = JSON.parse(stdout) as { insertText: string; line: number; start: number; end: number };
  assert.ok(expected.insertText.length > 0);
  assert.equal(item?.insertText, expected.insertText);
  assert.deepEqual(item.range, {
    start: { line, character: expected.start },
    end: { line, character: expected.end },
  });
});

test("after background reading, a request at the end is exact and uses checkpoints", async () => {
  const uri = pathToFileURL(path.join(root, "src/long.ts")).href;
  const text = "export const value = compute(1, 2);\n".repeat(300);
  await server.open(uri, text);
  await server.connection.sendNotification("textDocument/didFocus", { textDocument: { uri } });
  await server.status("reading");
  await server.status("ready");
  await server.complete(uri, 300, 0);
  const { last, documents } = await server.statistics();
  assert.equal(last?.exact, true);
  assert.ok(last.tokensRead <= 64 + 16, `${last.tokensRead} tokens read`);
  const document = documents.find((one) => one.uri === uri);
  assert.ok(document!.tokensRead >= document!.tokens - 64);
});

test("after incremental edits with all kinds of line endings the document is as if it were opened again", async () => {
  const [edited, fresh] = ["one", "two"].map((folder) => pathToFileURL(path.join(root, folder, "x/same.ts")).href);
  const random = randomFrom(9);
  const pieces = ["\r\n", "\n", "\r", "a", "é", "😀", "  ", "\t", "let b = 1;", "\u0003", "}"];
  let text = "first\r\nsecond\nthird\rfourth";
  await server.open(edited!, text);
  for (let version = 2; version < 80; version++) {
    const [a, b] = [random.below(text.length + 1), random.below(text.length + 1)];
    const [from, to] = [Math.min(a, b), Math.min(Math.max(a, b), Math.min(a, b) + 6)];
    const inserted = Array.from({ length: random.below(4) }, () => random.pick(pieces)).join("");
    const range = { start: positionAt(text, from), end: positionAt(text, to) };
    // Editors and LSP know no position between CR and LF, so edits that begin or end there are skipped.
    if ([from, to].some((at) => text[at - 1] === "\r" && text[at] === "\n")) continue;
    await server.change(edited!, version, { range, text: inserted });
    text = text.slice(0, from) + inserted + text.slice(to);
  }
  await server.open(fresh!, text);
  const lines = text.split(/\r\n?|\n/);
  const { documents } = await server.statistics();
  const tokensOf = (uri: string): number => documents.find((one) => one.uri === uri)!.tokens;
  assert.equal(tokensOf(edited!), tokensOf(fresh!));
  const [line, character] = [lines.length - 1, lines.at(-1)!.length];
  const [first] = await server.complete(edited!, line, character);
  const [second] = await server.complete(fresh!, line, character);
  assert.deepEqual(first, second);
});

function positionAt(text: string, offset: number): { line: number; character: number } {
  const lines = text.slice(0, offset).split(/\r\n?|\n/);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

test("a cancelled request ends as cancelled", async () => {
  const source = new CancellationTokenSource();
  const asked = server.complete(sampleUri, 20, 4, source.token);
  source.cancel();
  await assert.rejects(asked, isCancelled);
});

test("a newer request for a document takes the place of the older one, which nobody cancelled", async () => {
  const older = server.complete(sampleUri, 30, 2);
  const newer = server.complete(sampleUri, 30, 4);
  await assert.rejects(older, { code: LSPErrorCodes.ContentModified });
  await newer;
});

test("a change of the document cancels earlier requests", async () => {
  const uri = "file:///w/changing.ts";
  await server.open(uri, "export function add(a: number, b: number): number {\n  return \n}\n");
  await server.complete(uri, 1, 9);
  const position = { line: 1, character: 9 };
  const isModified = { code: LSPErrorCodes.ContentModified };
  const insert = { range: { start: position, end: position }, text: "x" };
  const completion = server.complete(uri, 1, 9);
  await server.change(uri, 2, insert);
  await assert.rejects(completion, isModified);
  const others = server.connection.sendRequest(alternativesMethod, { textDocument: { uri }, position });
  await server.change(uri, 3, insert);
  await assert.rejects(others, isModified);
  await server.complete(uri, 1, 11);
});

test("inserted code is adapted to the document", async () => {
  const uri = "file:///w/inserting.ts";
  await server.open(uri, "class A {\n\n}\nexport interface B {}\n");
  const at = async (line: number, text: string): Promise<unknown> => {
    const position = { line, character: 0 };
    const range = { start: position, end: position };
    const params = { textDocument: { uri }, range, text, indentUnit: "  " };
    return server.connection.sendRequest(insertionMethod, params);
  };
  assert.deepEqual(await at(1, "one() {\n    return 1;\n}"), {
    text: "  one() {\n    return 1;\n  }",
    replaced: 0,
  });
  assert.deepEqual(await at(3, "function f() {\n}"), { text: "function f() {\n}\n", replaced: 0 });
});

test("the end of a block is missing unless something closes it", async () => {
  const uri = "file:///w/block.ts";
  await server.open(uri, "function f() {\n  if (a) {\n}\n");
  const endAt = (line: number, character: number): Promise<string | null> =>
    server.connection.sendRequest(blockEndMethod, { textDocument: { uri }, position: { line, character } });
  assert.equal(await endAt(0, 14), null);
  assert.equal(await endAt(1, 10), "}");
});

test("a position outside the text or an unknown document is not an error", async () => {
  await server.complete(sampleUri, 100_000, 5);
  await server.complete(sampleUri, 3, 100_000);
  assert.deepEqual(await server.complete("file:///unknown.ts", 0, 0), []);
});

test("a document with control bytes, a lone surrogate and a very long line gets a response", async () => {
  const uri = "untitled:Untitled-1";
  await server.open(uri, `\u0000\u0001\u0007\ud800${"x".repeat(20_000)}\n\ufeffconst a = `);
  await server.complete(uri, 1, 11);
  await server.complete(uri, 0, 10_000);
});

test("nothing of a document is ever logged", async () => {
  const uri = "file:///secret.ts";
  await server.open(uri, "const marker = 'zxqsecretzxq';\nconst other = ");
  await server.complete(uri, 1, 14);
  assert.equal(server.log.join("\n").includes("zxqsecretzxq"), false);
});

test("statistics count bytes within the ceiling", async () => {
  const { checkpoints, memory, pid, requests } = await server.statistics();
  assert.equal(pid, server.child.pid);
  assert.ok(checkpoints.bytes > 0 && checkpoints.bytes <= checkpoints.maxBytes);
  assert.ok(memory.rssBytes > 0);
  assert.ok(requests.cancelled >= 2);
  assert.equal(requests.failed, 0);
});

test("a line of one document is completed in another one of the same language", async () => {
  const [a, b] = ["zorble.ts", "user.ts"].map((name) => pathToFileURL(path.join(root, "src", name)).href);
  const call = "zorbleFrobnicate(quux.lattice, 1789);";
  await server.open(b!, "export function run(): void {\n  zorbleFrob\n}\n");
  const without = await server.complete(b!, 1, "  zorbleFrob".length);
  assert.notEqual(without[0]?.insertText, call.slice("zorbleFrob".length), "the model alone cannot know it");
  await server.open(a!, `function first(): void {\n  ${call}\n}\n\nfunction second(): void {\n  ${call}\n}\n`);
  await server.complete(a!, 0, 0);
  // A letter is deleted and typed again, so that the earlier completion is no longer pending.
  const [before, behind] = [11, 12].map((character) => ({ line: 1, character }));
  await server.change(b!, 2, { range: { start: before!, end: behind! }, text: "" });
  await server.change(b!, 3, { range: { start: before!, end: before! }, text: "b" });
  const [item] = await server.complete(b!, 1, "  zorbleFrob".length);
  assert.equal(item?.insertText, call.slice("zorbleFrob".length));
});

test("generated text arrives in parts that add up to the reported length", async () => {
  const uri = pathToFileURL(path.join(root, "src/generate.ts")).href;
  const text = "export function total(values: readonly number[]): number {\n";
  await server.open(uri, text);
  const pieces: string[] = [];
  const { characters } = await server.generate(uri, { line: 1, character: 0 }, ({ text: more }) => pieces.push(more));
  assert.ok(characters > 0);
  assert.equal(pieces.join("").length, characters);
  assert.ok(pieces.join("").split("\n").length <= 12);
});

test("generated text replaces closers that it writes itself", async () => {
  const uri = pathToFileURL(path.join(root, "src/closers.ts")).href;
  const opening = "export function total(values: readonly number[]";
  await server.open(uri, `${opening})`);
  const pieces: GenerateDelta[] = [];
  await server.generate(uri, { line: 0, character: opening.length }, (piece) => pieces.push(piece));
  assert.match(pieces[0]?.text ?? "", /^[^()]*\).*\{\n/);
  assert.deepEqual(
    pieces.map(({ replaced }) => replaced),
    pieces.map((_, i) => (i === 0 ? 1 : 0)),
  );
});

for (const [name, text] of [
  ["comment.ts", "function add(a: number, b: number): number {\n// add two numbers\n"],
  ["comment.py", "def add(a, b):\n# add two numbers\n"],
] as const) {
  test(`below a comment at the margin, the embedded model writes into the block: ${name}`, async () => {
    const uri = pathToFileURL(path.join(root, "src", name)).href;
    await server.open(uri, text);
    let written = "";
    await server.generate(uri, { line: 2, character: 0 }, ({ text: more }) => (written += more));
    assert.match(written, /^ {2}\s*\S/);
  });
}

test("cancelled generation ends as cancelled", async () => {
  const source = new CancellationTokenSource();
  const uri = pathToFileURL(path.join(root, "src/cancelled.ts")).href;
  await server.open(uri, 'import assert from "node:assert/strict";\n');
  source.cancel();
  const written = server.generate(uri, { line: 1, character: 0 }, () => undefined, source.token);
  await assert.rejects(written, isCancelled);
});

test("an invoked completion has alternatives, all different", async () => {
  const uri = pathToFileURL(path.join(root, "src/others.ts")).href;
  await server.open(uri, 'import assert from "node:assert/strict";\n\nexport function compute(');
  const items = await server.complete(uri, 2, "export function compute(".length);
  const texts = items.map(({ insertText }) => insertText);
  assert.ok(texts.length > 1);
  assert.equal(new Set(texts).size, texts.length);
});
