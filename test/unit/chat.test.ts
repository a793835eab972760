import assert from "node:assert/strict";
import test from "node:test";
import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import { Chat, type ChatReply } from "../../src/core/chat/chat.js";
import type { ChatAttachment, ChatTurn } from "../../src/core/chat/turn.js";
import { FakeModel } from "../support/fakeModel.js";
import { completeAt, openSession, testInference } from "../support/testInference.js";
import { Cancelled, neverCancelled, type CancellationToken } from "../../src/shared/cancellation.js";

/** The text that the model knows by heart. In it, a new turn follows each reply and so ends it. */
const knows = [
  "User: What is one?\n\nAssistant: It is a number.\nThe first.\n\nUser: And",
  "User: And two?\n\nAssistant: Another.\n\nUser: And",
  "User: Or three?\n\nAssistant: One more.\n\nUser: And",
].join("");

const turn = (message: string, answer?: string, attachments: readonly ChatAttachment[] = []): ChatTurn => ({
  message,
  reply: answer,
  attachments,
  think: false,
});

const inference = (text = knows, chat: "world" | "none" = "world") =>
  testInference(new FakeModel({ knows: text, chat, margin: 20 }));

interface Asked extends ChatReply {
  readonly pieces: readonly string[];
}

async function ask(
  chat: Chat,
  turns: readonly ChatTurn[],
  cancellation: CancellationToken = neverCancelled,
): Promise<Asked> {
  const pieces: string[] = [];
  const request = { turns, system: "", scratchPath: "untitled.ts", seed: 1 };
  const answered = await chat.reply(request, (text) => void pieces.push(text), cancellation);
  return { ...answered, pieces };
}

test("a reply ends before the next turn, and no part of that turn is shown", async () => {
  const { written, stop, pieces } = await ask(new Chat(inference(), new ReplyTokenCache()), [turn("What is one?")]);
  assert.equal(written, " It is a number.\nThe first.");
  assert.equal(stop, "end");
  assert.equal(pieces.at(-1), written);
  for (const piece of pieces) {
    assert.ok(piece !== "" && written.startsWith(piece) && piece === piece.trimEnd(), JSON.stringify(piece));
  }
});

test("continuing, retrying, editing and branching read only the new message", async () => {
  const chat = new Chat(inference(), new ReplyTokenCache());
  const first = await ask(chat, [turn("What is one?")]);
  assert.equal(first.tokensFromCheckpoint, 0);
  assert.equal(first.tokensRead, first.lastTurnTokens);
  const answered = turn("What is one?", first.written);

  const on = await ask(chat, [answered, turn("And two?")]);
  assert.equal(on.written, " Another.");
  assert.ok(on.tokensRead <= on.lastTurnTokens, `${on.tokensRead} of ${on.lastTurnTokens}`);
  const further = await ask(chat, [answered, turn("And two?", on.written), turn("What is one?")]);
  assert.ok(further.tokensRead <= further.lastTurnTokens);

  const again = await ask(chat, [answered, turn("And two?")]);
  assert.equal(again.tokensRead, 1); // the last token, to get its logits
  assert.equal(again.written, on.written);
  const edited = await ask(chat, [answered, turn("Or three?")]);
  assert.equal(edited.written, " One more.");
  assert.ok(edited.tokensRead <= edited.lastTurnTokens);
  const branched = await ask(chat, [turn("What is one?")]);
  assert.equal(branched.tokensRead, 1);
});

test("a stopped reply is continued from its end", async () => {
  const chat = new Chat(inference(), new ReplyTokenCache());
  const cancellation = { isCancellationRequested: false };
  const pieces: string[] = [];
  const request = { turns: [turn("What is one?")], system: "", scratchPath: "", seed: 1 };
  const stopping = chat.reply(
    request,
    (text) => {
      pieces.push(text);
      cancellation.isCancellationRequested = text.includes("number");
    },
    cancellation,
  );
  await assert.rejects(stopping, Cancelled);
  const stopped = pieces.at(-1)!;
  assert.match(stopped, /number/);
  const on = await ask(chat, [turn("What is one?", stopped), turn("And two?")]);
  assert.equal(on.written, " Another.");
  assert.ok(on.tokensRead <= on.lastTurnTokens + 1, `${on.tokensRead} of ${on.lastTurnTokens}`);
});

test("evicted states are computed again, and the reply is the same", async () => {
  // There is room for two states.
  const small = testInference(new FakeModel({ knows, chat: "world", margin: 20 }), { maxBytes: 1200 });
  const chat = new Chat(small, new ReplyTokenCache());
  const first = await ask(chat, [turn("What is one?")]);
  const turns = [turn("What is one?", first.written), turn("And two?")];
  const on = await ask(chat, turns);
  await ask(chat, [turn("Or three?")]);
  const again = await ask(chat, turns);
  assert.equal(again.written, on.written);
  assert.ok(again.tokensRead > again.lastTurnTokens);
});

test("a file attached first starts from the checkpoints of the open document", async () => {
  const here = inference();
  const text = Array.from({ length: 200 }, (_, i) => `const name${i} = ${i};\n`).join("");
  const session = openSession(here, text, { path: "src/a.ts" });
  await completeAt(here, session, { rawLine: "", line: 200, character: 0 }, { trigger: "invoked", prefixMode: "full" });
  const attachment = { label: "a.ts", headerPath: "src/a.ts", languageId: "typescript", text, isWholeFile: true };
  const { tokensRead, tokensFromCheckpoint, lastTurnTokens } = await ask(new Chat(here, new ReplyTokenCache()), [
    turn("What is one?", undefined, [attachment]),
  ]);
  assert.ok(tokensFromCheckpoint > 0.8 * session.document.tokens.tokenCount, `${tokensFromCheckpoint}`);
  assert.ok(tokensRead < lastTurnTokens + 128, `${tokensRead}`);
});

test("a model that was not trained to chat continues the text", async () => {
  const here = inference("untitled.ts\nconst one = 1;\nconst two = 2;\n", "none");
  const { written } = await ask(new Chat(here, new ReplyTokenCache()), [turn("const one")]);
  assert.equal(written, " = 1;\nconst two = 2;");
});

test("a reply that goes in circles is stopped", async () => {
  const circle = "User: Go on\n\nAssistant:" + " and again, and once more,".repeat(60);
  const { stop, tokensDecoded } = await ask(new Chat(inference(circle), new ReplyTokenCache()), [turn("Go on")]);
  assert.equal(stop, "repetition");
  assert.ok(tokensDecoded < 300, `${tokensDecoded}`);
});

test("a long message that was read in part is continued from within, not read again", async () => {
  const stopped = { isCancellationRequested: false };
  let runs = 0;
  const onRun = (): void => {
    stopped.isCancellationRequested = ++runs === 40;
  };
  const chat = new Chat(
    testInference(new FakeModel({ knows, chat: "world", margin: 20, onRun })),
    new ReplyTokenCache(),
  );
  const turns = [turn("What is one? ".repeat(1500))];
  await assert.rejects(ask(chat, turns, stopped), Cancelled);
  const { tokensRead, tokensFromCheckpoint } = await ask(chat, turns);
  assert.equal(tokensFromCheckpoint, 2048);
  assert.ok(tokensRead > 64);
});
