import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import type * as vscode from "vscode";
import {
  chatMethod,
  type ChatDelta,
  type ChatParams,
  type ChatResult,
  type ReadyModel,
} from "../../src/shared/protocol.js";
import type { RequestMessage } from "../../src/extension/languageModel/api.js";
import { ModelChatProvider } from "../../src/extension/languageModel/chatProvider.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { LspServer } from "../support/lspServer.js";
import { writeScriptedChatModel } from "../support/scriptedChatModel.js";

const says = "The sum of the two.\n```ts\nconst sum = (a: number, b: number) => a + b;\n```";
/** About as long as the instructions that VS Code's chat sends with each request. */
const instructions = "You are a careful assistant for programmers. ".repeat(200);

let folder: string;
let server: LspServer;
let provider: ModelChatProvider;
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  writeScriptedChatModel(folder, {
    name: "by-heart",
    chat: "world",
    replies: [{ after: "?\n\nAssistant:", says: ` ${says}` }],
    layers: 4,
  });
  server = await LspServer.start({ settings: { modelPath: folder } });
  const client = {
    start: async () => undefined,
    model: async () => ({ kind: "ready", chat: "world" }) as ReadyModel, // only these members are used
    countTokens: async (texts: readonly string[]) => texts.map(() => 0),
    chat: async ({ turns, system }: Omit<ChatParams, "partialResultToken">, onDelta: (delta: ChatDelta) => void) => {
      const params: ChatParams = { turns, system, scratchLanguageId: "", seed: 1, partialResultToken: "chat" };
      const result = await server.connection.sendRequest<ChatResult>(chatMethod, params);
      onDelta(result);
      return result;
    },
  };
  const values = new Map<string, unknown>();
  const memento = {
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
  provider = new ModelChatProvider({ client, modelPath: () => folder, memento } as unknown as ConstructorParameters<
    typeof ModelChatProvider
  >[0]); // has all members that are used
});
after(async () => {
  assert.equal(await server.stop(), 0);
  rmSync(folder, { recursive: true });
});

const part = (value: string): unknown => ({ value });
const system: RequestMessage = { role: 3, content: [part(instructions)] };
const user = (text: string): RequestMessage => ({ role: 1, content: [part(text), { data: "an image" }] });
const assistant = (text: string): RequestMessage => ({ role: 2, content: [part(text)] });

/** Sends messages to the model. @returns the reply, and how many tokens were read for it. */
async function ask(...messages: readonly RequestMessage[]): Promise<{ text: string; tokensRead: number }> {
  let text = "";
  const report = (one: unknown): void => void (text += (one as { readonly value: string }).value); // parts are texts
  const token = neverCancelled as vscode.CancellationToken; // has all members that are used
  const [model] = await provider.provideLanguageModelChatInformation();
  await provider.provideLanguageModelChatResponse(model!, messages, {}, { report }, token);
  return { text, tokensRead: provider.lastCost!.tokensRead };
}

test("the model is offered only if it talks and is the one that is set, without tools", async () => {
  const ready = { kind: "ready", model: "by-heart", modelPath: folder, engine: "", tokensPerSecond: 1 } as const;
  const offered = async (): Promise<readonly string[]> =>
    (await provider.provideLanguageModelChatInformation()).map(({ name }) => name);
  assert.deepEqual(await offered(), []);
  await provider.ready({ ...ready, chat: "none" });
  assert.deepEqual(await offered(), []);
  await provider.ready({ ...ready, modelPath: "/another", chat: "g1" });
  assert.deepEqual(await offered(), []);
  await provider.ready({ ...ready, chat: "world" });
  assert.deepEqual(await offered(), ["by-heart"]);
  const [{ capabilities }] = (await provider.provideLanguageModelChatInformation()) as unknown as [
    { capabilities: object },
  ];
  assert.deepEqual(capabilities, { imageInput: false, toolCalling: false });
});

test("the second question reads only the new tokens, and so does another conversation with the same instructions", async () => {
  const first = await ask(system, user("What is it?"));
  assert.equal(first.text, says);
  assert.ok(first.tokensRead > 1_000, `${first.tokensRead}`);
  const second = await ask(system, user("What is it?"), assistant(first.text), user("And now?"));
  assert.equal(second.text, says);
  assert.ok(second.tokensRead < 40, `${second.tokensRead} of ${first.tokensRead}`);
  const other = await ask(system, user("How is it?"));
  assert.ok(other.tokensRead < 40, `${other.tokensRead} of ${first.tokensRead}`);
  console.log(`tokens read: ${first.tokensRead}, ${second.tokensRead}, ${other.tokensRead}`);
});

test("instructions that come as messages of the user are read once too", async () => {
  const others = user(`Another way. ${instructions}`);
  const first = await ask(others, user("What is it?"));
  const other = await ask(others, user("How is it?"));
  assert.ok(other.tokensRead < 40, `${other.tokensRead} of ${first.tokensRead}`);
});
