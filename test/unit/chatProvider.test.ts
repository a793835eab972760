import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import type * as vscode from "vscode";
import { textPart, type RequestMessage } from "../../src/extension/languageModel/api.js";
import { ModelChatProvider, type ModelChatProviderOptions } from "../../src/extension/languageModel/chatProvider.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import type { ChatParams, ChatResult } from "../../src/shared/protocol.js";
import { readyModel } from "../support/fakeChatClient.js";
import { memento } from "../support/memento.js";

const [user, assistant] = [1, 2] as const;
const message = (role: number, text: string): RequestMessage => ({ role, content: [textPart(text)] });

/** A provider for the model in /m. Its reply to `a` is `a!`; the text as written by the model is `<a!>`. */
function provider(kept = memento()) {
  const requests: Omit<ChatParams, "partialResultToken">[] = [];
  const started = { times: 0 };
  const selected = { path: "/m" };
  const client = {
    start: async () => {
      started.times++;
    },
    model: async () => readyModel("world"),
    countTokens: async () => [],
    chat: async (params: Omit<ChatParams, "partialResultToken">) => {
      requests.push(params);
      const text = `${params.turns.at(-1)!.message}!`;
      return { text, written: `<${text}>` } as ChatResult; // only these members are used
    },
  };
  const options = { client, modelPath: () => selected.path, memento: kept } as unknown as ModelChatProviderOptions;
  const one = new ModelChatProvider(options);
  const changes = { count: 0 };
  one.onDidChangeLanguageModelChatInformation(() => changes.count++);
  const ask = (...messages: readonly RequestMessage[]): Promise<void> =>
    one.provideLanguageModelChatResponse(
      {} as never, // this argument is not used
      messages,
      {},
      { report: () => undefined },
      neverCancelled as vscode.CancellationToken,
    );
  return { one, ask, requests, started, selected, changes };
}

const talking = { ...readyModel("world"), model: "Small", modelPath: "/m" };

test("a model that talks is offered with its name and limits", async () => {
  const { one, changes } = provider();
  assert.deepEqual(await one.provideLanguageModelChatInformation(), []);
  await one.ready(talking);
  assert.equal(changes.count, 1);
  assert.deepEqual(await one.provideLanguageModelChatInformation(), [
    {
      id: "rwkv",
      name: "Small",
      family: "rwkv",
      version: "1",
      detail: "on this machine",
      maxInputTokens: 32_768,
      maxOutputTokens: 2_048,
      capabilities: { imageInput: false, toolCalling: false },
    },
  ]);
});

test("VS Code is told only of changes", async () => {
  const { one, changes } = provider();
  await one.ready(talking);
  await one.ready(talking);
  assert.equal(changes.count, 1);
  await one.ready({ ...talking, model: "Other" });
  await one.ready({ ...talking, model: "Other", modelPath: "/n" });
  assert.equal(changes.count, 3);
  one.modelChanged();
  assert.equal(changes.count, 4);
  one.dispose();
  one.modelChanged();
  assert.equal(changes.count, 4);
});

test("a model that does not talk is not offered, nor is one that is not selected", async () => {
  const { one, selected, changes } = provider();
  await one.ready(talking);
  selected.path = "/n";
  assert.deepEqual(await one.provideLanguageModelChatInformation(), []);
  selected.path = "/m";
  await one.ready({ ...talking, chat: "none" });
  assert.deepEqual([await one.provideLanguageModelChatInformation(), changes.count], [[], 2]);
});

test("before the server runs, the model is offered as it was known last", async () => {
  const kept = memento();
  await provider(kept).one.ready(talking);
  const { one, started } = provider(kept);
  const [offered] = await one.provideLanguageModelChatInformation();
  assert.deepEqual([offered?.name, started.times], ["Small", 0]);
});

for (const value of [
  undefined,
  "text",
  null,
  {},
  { modelPath: "/m" },
  { modelPath: 1, name: "a" },
  { modelPath: "/m", name: 1 },
]) {
  test(`nothing is offered if what was stored is ${JSON.stringify(value)}`, async () => {
    const kept = memento();
    await kept.update("languageModel.talking.v1", value);
    const { one } = provider(kept);
    assert.deepEqual(await one.provideLanguageModelChatInformation(), []);
  });
}

test("a question starts the server, and each question gets another seed", async () => {
  const { ask, requests, started } = provider();
  await ask(message(user, "a"));
  await ask(message(user, "b"));
  assert.equal(started.times, 2);
  const [first, second] = requests.map(({ seed }) => seed);
  assert.ok(Number.isInteger(first) && first! >= 0 && first! < 2 ** 31);
  assert.notEqual(first, second);
});

test("the last 500 replies are remembered as the model wrote them", async () => {
  const { ask, requests } = provider();
  const answerTo = async (question: string): Promise<string | undefined> => {
    await ask(message(user, question), message(assistant, `${question}!`), message(user, "x"));
    return requests.at(-1)!.turns[0]!.answer;
  };
  for (let i = 0; i < 500; i++) await ask(message(user, `${i}`));
  await ask(message(user, "0")); // asked again, so 1 is the oldest now
  assert.equal(await answerTo("1"), "<1!>"); // asking stored the reply x!, which evicted 1
  assert.equal(await answerTo("1"), " 1!");
  assert.equal(await answerTo("0"), "<0!>");
});
