import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { memento } from "../support/memento.js";
import type * as vscode from "vscode";
import { ModelChatProvider } from "../../src/extension/languageModel/chatProvider.js";
import { textOf, turnsOf } from "../../src/extension/languageModel/requestTurns.js";
import type { RequestMessage } from "../../src/extension/languageModel/api.js";
import { replyLeadIn } from "../../src/extension/chat/conversation.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import type { ChatDelta, ChatParams, ChatResult, ReadyModel } from "../../src/shared/protocol.js";

const part = (value: unknown): unknown => ({ value });
const message = (role: number, ...texts: readonly unknown[]): RequestMessage => ({ role, content: texts.map(part) });
const [user, assistant, system] = [1, 2, 3] as const;

/** A conversation as one text: `system | message → reply | message`. */
function converted(...messages: readonly RequestMessage[]): string {
  const request = turnsOf(messages, (reply) => `<${reply}>`);
  const turns = request.turns.map(({ message: text, answer }) => (answer === undefined ? text : `${text} → ${answer}`));
  return [request.system, ...turns].join(" | ");
}

test("messages become turns: consecutive ones of the user are one turn, replies are as the model wrote them", () => {
  assert.equal(
    converted(
      message(system, "Be brief."),
      message(user, "a"),
      message(assistant, "b"),
      message(user, "c"),
      message(user, "d"),
    ),
    "Be brief. | a → <b> | c\nd",
  );
});

test("several messages before the first reply are instructions except for the last, which is the question", () => {
  assert.equal(converted(message(user, "x"), message(user, "y"), message(user, "a")), "x\ny | a");
  assert.equal(converted(message(user, "a")), " | a");
});

test("parts of one reply are joined, and a reply without a question is dropped", () => {
  assert.equal(converted(message(assistant, "hello"), message(user, "a")), " | a");
  assert.equal(converted(message(user, "a"), message(assistant, "b"), message(assistant, "c")), " | a → <b\n\nc>");
});

test("only text counts: blank messages and parts that are not text are ignored", () => {
  assert.equal(converted(message(user, " \n"), message(user, "a", 7, undefined, "b")), " | ab");
  assert.equal(textOf([part("a"), undefined, null, part(3), { data: "x" }]), "a");
});

/** The provider of the model for VS Code's chat. Its model replies "Yes." to each question. */
function provider({ chat = "world", tokens = 3 } = {}) {
  const asked: Omit<ChatParams, "partialResultToken">[] = [];
  const model = { kind: "ready", chat, isCancelled: false };
  const written = " Yes.\n";
  const client = {
    start: async () => undefined,
    model: async () => model as ReadyModel & typeof model, // has all members that are used
    countTokens: async () => [tokens],
    chat: async (request: Omit<ChatParams, "partialResultToken">, onDelta: (delta: ChatDelta) => void) => {
      asked.push(request);
      for (const text of ["", "Yes."]) onDelta({ text, written: text, thinking: "" });
      if (model.isCancelled) return undefined;
      return { text: "Yes.", written, tokensRead: 5, tokensFromCheckpoint: 9 } as ChatResult;
    },
  };
  const one = new ModelChatProvider({ client, modelPath: () => "/m", memento: memento() as never });
  const shown: unknown[] = [];
  const ask = async (...messages: readonly RequestMessage[]): Promise<void> => {
    const report = (text: unknown): void => void shown.push(text);
    await one.provideLanguageModelChatResponse(
      {} as never,
      messages,
      {},
      { report },
      neverCancelled as vscode.CancellationToken,
    );
  };
  return { one, asked, shown, ask, model };
}

test("a reply is shown as it is written, without empty parts, and its cost is known", async () => {
  const { one, shown, ask } = provider();
  await ask(message(user, "a"));
  assert.deepEqual(
    shown.map((text) => textOf([text])),
    ["Yes."],
  );
  assert.deepEqual(one.lastCost, { tokensRead: 5, tokensFromCheckpoint: 9 });
});

test("after a cancelled request, the known cost is still that of the last complete one", async () => {
  const { one, ask, model } = provider();
  await ask(message(user, "a"));
  model.isCancelled = true;
  await ask(message(user, "b"));
  assert.deepEqual(one.lastCost, { tokensRead: 5, tokensFromCheckpoint: 9 });
});

test("a later request contains a reply exactly as the model wrote it; a reply of another model gets the usual lead-in", async () => {
  const { asked, ask } = provider();
  await ask(message(user, "a"));
  await ask(
    message(user, "a"),
    message(assistant, "Yes. "),
    message(user, "b"),
    message(assistant, "No."),
    message(user, "c"),
  );
  assert.deepEqual(
    asked[1]!.turns.map(({ answer }) => answer),
    [" Yes.\n", " No.", undefined],
  );
});

test("what one model wrote around a reply is not given to a model with another format", async () => {
  const { asked, ask, model } = provider();
  await ask(message(user, "a"));
  model.chat = "g1";
  await ask(message(user, "a"), message(assistant, "Yes."), message(user, "b"));
  assert.equal(asked[1]!.turns[0]!.answer, `${replyLeadIn.g1}Yes.`);
});

test("a model that was not trained to talk is an error", async () => {
  const { ask } = provider({ chat: "none" });
  await assert.rejects(ask(message(user, "a")), /The loaded model was not trained to talk/);
});

test("tokens are counted by the model, or estimated at four characters each while none is loaded", async () => {
  const count = (tokens: number, text: string | RequestMessage): Promise<number> =>
    provider({ tokens }).one.provideTokenCount({} as never, text);
  assert.equal(await count(3, "abcdefgh"), 3);
  assert.equal(await count(0, "abcdefghi"), 3);
  assert.equal(await count(0, message(user, "abcd", "efgh")), 2);
});
