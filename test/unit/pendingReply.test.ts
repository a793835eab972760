import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { PendingReply, type ReplyClient } from "../../src/extension/chat/pendingReply.js";
import { Conversation } from "../../src/extension/chat/conversation.js";
import type { ChatMessage } from "../../src/shared/chatMessages.js";
import type { ChatFormat, ChatResult, ReadyModel } from "../../src/shared/protocol.js";

const said = "Two and two are four.";

const options = { think: false, isScratchpad: true, onDelta: () => undefined };

/** A server that loads a model only when asked to. Each model has the next of these chat formats. */
function serverWith(...formats: readonly ChatFormat[]): ReplyClient {
  const next = [...formats];
  let loaded: ChatFormat | undefined;
  return {
    start: () => Promise.resolve(),
    model: () => {
      loaded = next.shift();
      return Promise.resolve({ kind: "ready", chat: loaded } as ReadyModel); // only these members are used
    },
    chat: (_, onPiece) => {
      assert.notEqual(loaded, undefined, "asked before the model was");
      onPiece({ written: said, thinking: "", text: said });
      return Promise.resolve({ stop: "end", text: said, tokensDecoded: 5, ms: 2, msToFirstToken: 1 } as ChatResult);
    },
  };
}

/** Sends this many messages, one after the other. @returns the texts of the replies. */
async function answers(server: ReplyClient, count: number): Promise<readonly string[]> {
  const conversation = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
  for (let i = 0; i < count; i++) {
    const parent = conversation.path().at(-1)?.id;
    conversation.put({ id: `u${i}`, role: "user", parent, text: "2 + 2?", attachments: [] });
    const cancellation = new CancellationTokenSource();
    const answering = new PendingReply(conversation, `u${i}`, { ...options, cancellation });
    await answering.write(server, "");
  }
  return conversation.messages().flatMap(({ role, text }) => (role === "assistant" ? [text] : []));
}

test("the chat format is requested before each reply: the model may have been unloaded or replaced", async () => {
  assert.deepEqual(await answers(serverWith("world", "none", "g1"), 3), [
    said,
    `\`\`\`\`\`typescript\n${said}\n\`\`\`\`\``,
    said,
  ]);
});

test("a reply that is stopped while the model is loading ends at once", async () => {
  const server = { ...serverWith(), model: () => new Promise<ReadyModel>(() => undefined) };
  const conversation = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
  conversation.put({ id: "u", role: "user", parent: undefined, text: "2 + 2?", attachments: [] });
  const cancellation = new CancellationTokenSource();
  const answering = new PendingReply(conversation, "u", { ...options, cancellation });
  const written = answering.write(server, "");
  answering.stop();
  assert.equal(await written, undefined);
  assert.equal(conversation.messages()[1]?.ending, "stopped");
});

test("a model that was not trained to chat replies only as a scratchpad", async () => {
  const conversation = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
  conversation.put({ id: "u", role: "user", parent: undefined, text: "2 + 2?", attachments: [] });
  const cancellation = new CancellationTokenSource();
  const reply = new PendingReply(conversation, "u", { ...options, isScratchpad: false, cancellation });
  await reply.write(serverWith("none"), "");
  const [, { ending, text, problem }] = conversation.messages() as [unknown, ChatMessage];
  assert.deepEqual([ending, text], ["failed", ""]);
  assert.match(problem ?? "", /not trained to talk/);
});

const endings: Readonly<Record<string, Partial<ChatResult>>> = {
  repeats: { stop: "repetition" },
  noReply: { stop: "end", thinking: "Hm", text: "" },
};
for (const [ending, result] of Object.entries(endings)) {
  test(`the ending of a reply is stored: ${ending}`, async () => {
    const server: ReplyClient = {
      ...serverWith("g1"),
      chat: () => Promise.resolve(result as ChatResult), // has all members that are used
    };
    const conversation = new Conversation({ id: "c", languageId: "typescript", changed: 0, nodes: [], shown: {} });
    const cancellation = new CancellationTokenSource();
    conversation.put({ id: "u", role: "user", parent: undefined, text: "2 + 2?", attachments: [] });
    const reply = new PendingReply(conversation, "u", { ...options, cancellation });
    await reply.write(server, "");
    assert.equal(conversation.messages()[1]?.ending, ending);
  });
}

/**
 * Writes a reply, with a server that streams two deltas and then returns or throws `chat`.
 * @returns the costs, the message, the texts that were shown, and the requests.
 */
async function written(format: ChatFormat, chat: Partial<ChatResult> | Error | undefined, changed: object = {}) {
  const conversation = new Conversation({ id: "c", languageId: "go", changed: 0, nodes: [], shown: {} });
  conversation.put({ id: "u", role: "user", parent: undefined, text: "2 + 2?", attachments: [] });
  const shown: string[] = [];
  const asked: { seed?: number | undefined; system?: string }[] = [];
  const server: ReplyClient = {
    ...serverWith(format),
    chat: async (params, onDelta) => {
      asked.push(params);
      for (const text of ["\n\na", "\nb"]) onDelta({ written: text, thinking: "", text });
      if (chat instanceof Error) throw chat;
      return chat as ChatResult; // has all members that are used
    },
  };
  const onDelta = ({ text }: { readonly text: string }): unknown => shown.push(text);
  const reply = new PendingReply(conversation, "u", { ...options, onDelta, cancellation: new CancellationTokenSource(), ...changed }); // prettier-ignore
  const cost = await reply.write(server, "Be brief.");
  return { cost, message: conversation.messages()[1]!, node: conversation.path()[1]!, shown, asked };
}

const result = { stop: "end", text: "a", tokensRead: 7, tokensFromCheckpoint: 3, tokensDecoded: 10, ms: 2500, msToFirstToken: 500 } as const; // prettier-ignore

test("a reply's speed is that after its first token, and at least a millisecond counts", async () => {
  assert.deepEqual((await written("g1", result)).cost, { tokensPerSecond: 5, tokensRead: 7, tokensFromCheckpoint: 3 });
  assert.equal((await written("g1", { ...result, msToFirstToken: 2500 })).cost?.tokensPerSecond, 10_000);
});

const ends: readonly (readonly [string, Partial<ChatResult> | Error | undefined, string])[] = [
  ["that ends with text", result, "whole"],
  ["that ends with blanks", { ...result, text: " \n" }, "noReply"],
  ["that reaches the limit without text", { ...result, stop: "limit", text: "" }, "limit"],
  ["that was cancelled", undefined, "stopped"],
  ["whose request fails", new Error("gone"), "failed"],
];

for (const [what, chat, ending] of ends) {
  test(`a reply ${what} is stored as ${ending}, with its text`, async () => {
    const { message, cost } = await written("g1", chat);
    assert.deepEqual([message.ending, message.text], [ending, "\n\na\nb"]);
    assert.equal(message.problem, ending === "failed" ? "gone" : undefined);
    assert.equal(cost === undefined, ending === "stopped" || ending === "failed");
  });
}

test("code of a model that was not trained to chat is fenced, and begins without blank lines", async () => {
  const { shown, message } = await written("none", result);
  assert.deepEqual(shown, ["`````go\n", "a", "\nb", "\n`````"]);
  assert.equal(message.text, "`````go\na\nb\n`````");
});

test("only a model of g1 thinks, and only if it is told to", async () => {
  const thinks = async (format: ChatFormat, think: boolean): Promise<unknown> =>
    ((await written(format, result, { think })).node as { readonly form?: unknown }).form;
  assert.deepEqual(await thinks("g1", true), { format: "g1", think: true });
  assert.deepEqual(await thinks("g1", false), { format: "g1", think: false });
  assert.deepEqual(await thinks("world", true), { format: "world", think: false });
});

test("a request has the system prompt and a seed of 31 bits", async () => {
  const { asked } = await written("world", result);
  const [{ seed, system }] = asked as [{ readonly seed: number; readonly system: string }];
  assert.equal(system, "Be brief.");
  assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31);
});
