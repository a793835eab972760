import { fileUri } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { ConversationStore } from "../../src/extension/chat/conversationStore.js";
import { storedDraft } from "../../src/extension/chat/storedText.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("a draft is not taken for a conversation, and its attachments are in a file of their version", () =>
  inTemporaryFolder(async (folder) => {
    const { draft, attachments } = storedDraft(fileUri(folder), assert.ifError);
    await Promise.all([draft.save("{}"), attachments.save("[]")]);
    assert.deepEqual(readdirSync(folder).sort(), ["attachments.v1.txt", "draft.txt"]);
    const store = new ConversationStore(fileUri(folder), assert.ifError);
    await store.load();
    assert.deepEqual(store.all, []);
  }));
