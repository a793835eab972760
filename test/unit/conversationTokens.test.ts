import assert from "node:assert/strict";
import test from "node:test";
import { conversationTokens } from "../../src/core/chat/conversation.js";
import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import type { ChatTurn } from "../../src/core/chat/turn.js";
import type { ChatFormat } from "../../src/core/model.js";
import { FakeModel } from "../support/fakeModel.js";
import { textOf } from "../support/tokenizer.js";

const turn = (message: string, reply?: string): ChatTurn => ({ message, reply, attachments: [], think: false });

/** The text of a conversation, with | at the positions of checkpoints. */
function marked(chat: ChatFormat, turns: readonly ChatTurn[], system = ""): string {
  const model = new FakeModel({ chat });
  const conversation = { turns, system, scratchPath: "a.ts" };
  const { tokens, checkpointPositions } = conversationTokens(conversation, model, new ReplyTokenCache());
  const positions = [0, ...checkpointPositions, tokens.length];
  return positions
    .slice(1)
    .map((position, i) => textOf(model.tokenizer, tokens.slice(positions[i], position)))
    .join("|");
}

test("there is a checkpoint before and after each reply, and one after the system message", () => {
  const turns = [turn("What?", " This."), turn("And?", " That."), turn("So?")];
  assert.equal(
    marked("world", turns),
    "User: What?\n\nAssistant|: This.|\n\nUser: And?\n\nAssistant|: That.|\n\nUser: So?\n\nAssistant|:",
  );
  assert.equal(
    marked("world", turns, "Be brief."),
    "System: Be brief.\n\nUser: |What?\n\nAssistant|: This.|\n\nUser: And?\n\nAssistant|: That.|\n\nUser: So?\n\nAssistant|:",
  );
});

test("conversations with the same system message begin with the same tokens up to its checkpoint", () => {
  const starts = ["What?", "And?", "}"].map((message) => marked("g1", [turn(message)], "Be brief.").split("|")[0]);
  assert.equal(new Set(starts).size, 1);
  assert.match(starts[0]!, /Be brief\./);
});

test("the tokens of the last opening are counted", () => {
  const model = new FakeModel({ chat: "world" });
  const { tokens, lastTurnTokens } = conversationTokens(
    { turns: [turn("What?", " This."), turn("And?")], system: "", scratchPath: "a.ts" },
    model,
    new ReplyTokenCache(),
  );
  assert.equal(textOf(model.tokenizer, tokens.slice(-lastTurnTokens)), "\n\nUser: And?\n\nAssistant:");
});
