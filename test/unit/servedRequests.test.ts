import assert from "node:assert/strict";
import test from "node:test";
import { ErrorCodes, LSPErrorCodes } from "vscode-languageserver";
import type { Model } from "../../src/core/model.js";
import { FakeModel, type FakeModelOptions } from "../support/fakeModel.js";
import { codeOf } from "../support/messageClient.js";
import { resultOf, ServedClient } from "../support/servedClient.js";

const folder = "file:///project";
const uri = `${folder}/src/a.ts`;
const knows = "function add(first, second) {\n  return first + second * third - fourth / fifth;\n}\n";
const text = "function add(first, second) {\n  ret";
const cursor = { line: 1, character: 5 };
const rest = "urn first + second * third - fourth / fifth;";
const [invoked, automatic] = [1, 2];

const ask = (triggerKind: number, of = uri, position = cursor) => ({
  textDocument: { uri: of },
  position,
  context: { triggerKind },
});

interface Loading {
  readonly client: ServedClient;
  /** Ends the oldest pending load, or else the next one as soon as it begins. */
  readonly give: (model: Model | Error) => Promise<void>;
  readonly loads: () => number;
}

/** A client of a server whose loads of models are pending until the test calls `give`. */
async function loading(initializationOptions: Readonly<Record<string, unknown>> = {}): Promise<Loading> {
  const waiting: ((model: Model | Error) => void)[] = [];
  let onLoad: () => void = () => undefined;
  let loads = 0;
  const load = (): Promise<Model> => {
    loads++;
    return new Promise((resolve, reject) => {
      waiting.push((model) => {
        if (model instanceof Error) reject(model);
        else resolve(model);
      });
      onLoad();
    });
  };
  const give = async (model: Model | Error): Promise<void> => {
    if (waiting.length === 0) await new Promise<void>((resolve) => (onLoad = resolve));
    waiting.shift()!(model);
  };
  const client = await ServedClient.start({ load, initializationOptions, folder });
  return { client, give, loads: () => loads };
}

/** A client of a server that has loaded a fake model and has a document open. */
async function served(options: FakeModelOptions = {}, settings: Readonly<Record<string, unknown>> = {}) {
  const model = new FakeModel({ knows, ...options });
  const client = await ServedClient.start({ load: async () => model, initializationOptions: settings, folder });
  client.open(uri, text);
  resultOf(await client.request("rwkv/model"));
  return { client, model };
}

const reasons = (client: ServedClient): unknown[] =>
  client.sent("rwkv/nothingShown").map((params) => (params as { reason: string }).reason);

test("ghost text is placed at the cursor; an automatic request gets one completion, one by command the same first", async () => {
  const { client } = await served();
  const item = { insertText: rest, range: { start: cursor, end: cursor } };
  const items = resultOf(await client.request("textDocument/inlineCompletion", ask(automatic)));
  assert.deepEqual(items, [item]);
  client.changed(uri, 2, `${text} `);
  client.changed(uri, 3, text);
  const [first] = resultOf(await client.request("textDocument/inlineCompletion", ask(invoked))) as readonly unknown[];
  assert.deepEqual(first, item);
  const { requests, last } = await client.statisticsNow();
  assert.deepEqual([requests.shown, last?.source], [2, "exact"]);
});

test("a completion list has the ghost text as its entry, and is empty and complete for a document that is not open", async () => {
  const { client } = await served({}, { completionProvider: true });
  const params = { textDocument: { uri }, position: cursor };
  const { items } = resultOf(await client.request("textDocument/completion", params)) as {
    items: readonly { textEdit: unknown }[];
  };
  const range = { start: { line: 1, character: 2 }, end: cursor };
  assert.deepEqual(
    items.map(({ textEdit }) => textEdit),
    [{ range, newText: `ret${rest}` }],
  );
  const closed = { textDocument: { uri: `${folder}/b.ts` }, position: cursor };
  assert.deepEqual(resultOf(await client.request("textDocument/completion", closed)), {
    isIncomplete: false,
    items: [],
  });
  assert.deepEqual(reasons(client), ["notOpen"]);
});

test("an automatic request does not wait for the model, one by command does", async () => {
  const { client, give, loads } = await loading();
  client.open(uri, text);
  client.open(`${folder}/note.md`, "# Note\n", "markdown");
  client.notify("rwkv/settings", {}); // settings that change nothing
  assert.deepEqual(resultOf(await client.request("textDocument/inlineCompletion", ask(automatic))), []);
  assert.deepEqual(resultOf(await client.request("textDocument/inlineCompletion", ask(automatic, `${folder}/note.md`))), []); // prettier-ignore
  const list = { textDocument: { uri }, position: cursor };
  const empty = { isIncomplete: true, items: [] };
  assert.deepEqual(resultOf(await client.request("textDocument/completion", list)), empty);
  assert.deepEqual(reasons(client), ["loading", "languageOff", "loading"]);
  const waiting = client.ask("textDocument/inlineCompletion", ask(invoked));
  await give(new FakeModel({ knows }));
  const [first] = resultOf(await client.answerTo(waiting)) as readonly { insertText: string }[];
  assert.equal(first?.insertText, rest);
  assert.equal(loads(), 1);
});

test("if completions are off, a request by command is still answered, except in an excluded file", async () => {
  for (const [settings, reason] of [
    [{ enable: { typescript: false } }, "languageOff"],
    [{ enable: { "*": false } }, "allOff"],
    [{ automatic: false }, "automaticOff"],
    [{ exclude: ["**/a.ts"] }, "excluded"],
    [{ maxLines: 1 }, "tooLarge"],
  ] as const) {
    const { client, give } = await loading(settings);
    client.open(uri, text);
    assert.deepEqual(resultOf(await client.request("textDocument/inlineCompletion", ask(automatic))), []);
    const waiting = client.ask("textDocument/inlineCompletion", ask(invoked));
    const isBlocked = reason === "excluded" || reason === "tooLarge";
    if (!isBlocked) await give(new FakeModel({ knows }));
    const items = resultOf(await client.answerTo(waiting)) as readonly unknown[];
    assert.equal(items.length > 0, !isBlocked, reason);
    assert.deepEqual(reasons(client), isBlocked ? [reason, reason] : [reason]);
    const { nothingShown } = await client.statisticsNow();
    assert.equal(nothingShown[reason], isBlocked ? 2 : 1);
  }
});

test("if the model cannot be loaded, requests say so, and it is not loaded again for each", async () => {
  const { client, give, loads } = await loading();
  client.open(uri, text);
  const model = client.ask("rwkv/model");
  await give(new Error("bad weights"));
  const { error } = await client.answerTo(model);
  assert.deepEqual(error, { code: LSPErrorCodes.RequestFailed, message: "the model cannot be loaded: bad weights" });
  for (const kind of [invoked, automatic]) {
    assert.deepEqual(resultOf(await client.request("textDocument/inlineCompletion", ask(kind))), []);
  }
  assert.deepEqual([reasons(client), loads()], [["modelFailed", "modelFailed"], 1]);
  assert.deepEqual(client.sent("window/logMessage"), [{ type: 1, message: "bad weights" }]);
  assert.deepEqual(client.sent("rwkv/status").at(-1), { kind: "failed", reason: "bad weights" });
});

test("a request's error code tells what ended it: a newer request, a change, the client, another model, or an error", async () => {
  const { client, give } = await loading();
  client.open(uri, text);
  const asked = Array.from({ length: 2 }, () => client.ask("textDocument/inlineCompletion", ask(invoked)));
  client.changed(uri, 2, `${text}u`);
  asked.push(client.ask("textDocument/inlineCompletion", ask(invoked)));
  client.notify("$/cancelRequest", { id: asked[2] });
  const codes: unknown[] = [];
  for (const id of asked) codes.push(codeOf(await client.answerTo(id)));
  const { ContentModified, RequestCancelled, ServerCancelled } = LSPErrorCodes;
  assert.deepEqual(codes, [ContentModified, ContentModified, RequestCancelled]);
  assert.deepEqual(reasons(client), ["superseded", "textChanged", "cancelled"]);
  let end: () => void = () => undefined;
  let begin: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begin = resolve));
  const onRun = (): Promise<void> => {
    begin();
    return new Promise((resolve) => (end = resolve));
  };
  await give(new FakeModel({ knows, onRun }));
  const changedCursor = { line: 1, character: 6 };
  const unloaded = client.ask("textDocument/inlineCompletion", ask(invoked, uri, changedCursor));
  await running;
  client.notify("rwkv/settings", { model: "another" });
  await client.statisticsNow();
  end();
  assert.equal(codeOf(await client.answerTo(unloaded)), ServerCancelled);
  const failing = client.ask("textDocument/inlineCompletion", ask(invoked, uri, changedCursor));
  await give(new FakeModel({ knows, onRun: () => Promise.reject(new Error("out of memory")) }));
  const { error } = await client.answerTo(failing);
  assert.deepEqual(error, { code: ErrorCodes.InternalError, message: "out of memory" });
  assert.deepEqual(reasons(client).slice(3), ["modelUnloaded", "failed"]);
  const { nothingShown } = await client.statisticsNow();
  assert.deepEqual(nothingShown, { superseded: 1, textChanged: 1, cancelled: 1, modelUnloaded: 1, failed: 1 });
});

test("alternatives, generated text, block ends and insertions come from the document that is open", async () => {
  const { client } = await served();
  const at = { textDocument: { uri }, position: cursor };
  const [first] = resultOf(await client.request("rwkv/alternatives", at)) as readonly unknown[];
  assert.deepEqual(first, { range: { start: cursor, end: cursor }, text: rest });
  const generate = { ...at, maxLines: 4, indentUnit: "  ", partialResultToken: "g" };
  const { characters } = resultOf(await client.request("rwkv/generate", generate)) as { characters: number };
  const deltas = client.sent("$/progress") as readonly { token: string; value: { text: string; replaced: number } }[];
  assert.equal(deltas.map(({ value }) => value.text).join(""), `${rest}\n}`);
  assert.ok(deltas.every(({ token, value }) => token === "g" && value.replaced === 0));
  assert.equal(characters, rest.length + 2);
  const open = { line: 0, character: text.indexOf("\n") };
  client.changed(uri, 2, text.slice(0, text.indexOf("\n")));
  assert.equal(resultOf(await client.request("rwkv/blockEnd", { ...at, position: open })), "}");
  client.changed(uri, 3, "class A {\n\n}\n");
  const inside = { line: 1, character: 0 };
  const code = { text: "one() {\n    return 1;\n}", indentUnit: "  " };
  const insertion = { textDocument: { uri }, range: { start: inside, end: inside }, ...code };
  const inserted = { text: "  one() {\n    return 1;\n  }", replaced: 0 };
  assert.deepEqual(resultOf(await client.request("rwkv/insertion", insertion)), inserted);
});

test("a request for text gets none in a document that is not open, and the reason in one that is blocked", async () => {
  const { client } = await served({}, { exclude: ["**/secret.ts"], maxLines: 3 });
  const [secret, large] = [`${folder}/secret.ts`, `${folder}/large.ts`];
  client.open(secret, text);
  client.open(large, "\n".repeat(4));
  const [start, more] = [
    { line: 0, character: 0 },
    { maxLines: 4, indentUnit: "  ", partialResultToken: "g" },
  ];
  const range = { start, end: start };
  for (const [name, generated, alternatives] of [
    [`${folder}/closed.ts`, { characters: 0 }, []],
    [secret, "the file is excluded by the setting rwkvCode.exclude", undefined],
    [large, "the file has more lines than the setting rwkvCode.maxLines allows, or is larger than 5 MB", undefined],
  ] as const) {
    const at = { textDocument: { uri: name }, position: start };
    for (const [method, expected] of [
      ["rwkv/generate", generated],
      ["rwkv/alternatives", alternatives ?? generated],
    ] as const) {
      const { result, error } = await client.request(method, { ...at, ...more });
      if (typeof expected !== "string") assert.deepEqual(result, expected);
      else assert.deepEqual(error, { code: LSPErrorCodes.RequestFailed, message: expected });
    }
    assert.equal(resultOf(await client.request("rwkv/blockEnd", at)), null);
    assert.equal(resultOf(await client.request("rwkv/insertion", { ...at, range, text: "", indentUnit: "" })), null);
  }
});

test("a change of the document ends its alternatives, but not the text that is generated", async () => {
  let end: () => void = () => undefined;
  let isHeld = false;
  const held = new Promise<void>((go) => (end = go));
  let begun: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => (begun = resolve));
  const { client } = await served({ onRun: () => { if (isHeld) { begun(); return held; } return undefined; } }); // prettier-ignore
  await client.request("textDocument/inlineCompletion", ask(automatic));
  isHeld = true;
  const at = { textDocument: { uri }, position: cursor };
  const generated = client.ask("rwkv/generate", { ...at, maxLines: 4, indentUnit: "  ", partialResultToken: "g" });
  const alternatives = client.ask("rwkv/alternatives", at);
  await beginning;
  client.changed(uri, 2, `${text} `);
  await client.statisticsNow();
  end();
  assert.equal(codeOf(await client.answerTo(alternatives)), LSPErrorCodes.ContentModified);
  assert.equal((resultOf(await client.answerTo(generated)) as { characters: number }).characters, rest.length + 2);
});

test("tokens are counted by the loaded model; without one, each text has none", async () => {
  const { client, give } = await loading();
  const count = async () => resultOf(await client.request("rwkv/countTokens", { texts: ["let a;", ""] }));
  assert.deepEqual(await count(), [0, 0]);
  const ready = client.ask("rwkv/model");
  await give(new FakeModel());
  const { model, engine, chat, tokensPerSecond } = resultOf(await client.answerTo(ready)) as Record<string, unknown>;
  assert.deepEqual([model, engine, chat, tokensPerSecond], ["fake", "none", "none", 1000]);
  const [some, none] = (await count()) as readonly number[];
  assert.ok(some! > 0);
  assert.equal(none, 0);
});

test("a chat with an excluded attachment is refused; another one is answered with what was streamed", async () => {
  const { client } = await served(
    { chat: "world", knows: "Assistant: I am fine.\n\nUser:", margin: 100 },
    { exclude: ["**/*.key"] },
  );
  const turn = { message: "How are you?", attachments: [] as unknown[], think: false };
  const chat = { turns: [turn], system: "", scratchLanguageId: "python", seed: 1, partialResultToken: "c" };
  const attachment = { label: "a", uri: `${folder}/own.key`, languageId: "text", text: "1234", isWholeFile: true };
  const refused = await client.request("rwkv/chat", { ...chat, turns: [{ ...turn, attachments: [attachment] }] });
  const message = "an attached file is excluded by the setting rwkvCode.exclude";
  assert.deepEqual(refused["error"], { code: LSPErrorCodes.RequestFailed, message });
  const reply = resultOf(await client.request("rwkv/chat", chat)) as { text: string; stop: string; written: string };
  assert.equal(reply.text, "I am fine.");
  const parts = client.sent("$/progress") as readonly { token: string; value: { text: string; written: string } }[];
  assert.deepEqual([parts.map(({ value }) => value.text).join(""), parts.map(({ value }) => value.written).join("")], [reply.text, reply.written]); // prettier-ignore
  assert.ok(parts.every(({ token }) => token === "c"));
});
