import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { fileUri } from "../support/vscodeStandIn.js";
import { ConversationStore } from "../../src/extension/chat/conversationStore.js";
import type { Conversation } from "../../src/extension/chat/conversation.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** A window's store, with what it finds. */
async function opened(folder: string): Promise<ConversationStore> {
  const store = new ConversationStore(fileUri(folder), assert.ifError);
  await store.load();
  return store;
}

function put(conversation: Conversation, id: string, parent?: string): void {
  conversation.put({ id, role: "user", parent, text: id, attachments: [] });
}

function idsOf({ all }: ConversationStore): readonly string[] {
  return all.flatMap((conversation) => conversation.stored().nodes.map(({ id }) => id)).sort();
}

test("two windows that have one conversation open keep what each of them adds and deletes", () =>
  inTemporaryFolder(async (folder) => {
    const one = await opened(folder);
    const first = one.create("typescript");
    for (const id of ["a", "b", "c"]) put(first, id);
    put(first, "below c", "c");
    await one.save(first);
    const other = await opened(folder);
    const second = other.get(first.id)!;
    put(first, "one");
    first.delete("a");
    await one.save(first);
    put(second, "other");
    put(second, "below c too", "c");
    await other.save(second);
    first.delete("c");
    await one.save(first);
    assert.deepEqual(idsOf(one), ["b", "one", "other"]);
    assert.deepEqual(idsOf(await opened(folder)), ["b", "one", "other"]);
  }));

test("an answer that another window was still writing when it was read is kept as that one ended it", () =>
  inTemporaryFolder(async (folder) => {
    const one = await opened(folder);
    const first = one.create("typescript");
    put(first, "a");
    await one.save(first);
    const other = await opened(folder);
    first.put({ id: "a", role: "user", parent: undefined, text: "whole", attachments: [] });
    await one.save(first);
    const second = other.get(first.id)!;
    put(second, "other");
    await other.save(second);
    assert.equal((await opened(folder)).get(first.id)!.node("a")!.text, "whole");
  }));

test("windows that write at once leave one file for each conversation", () =>
  inTemporaryFolder(async (folder) => {
    const one = await opened(folder);
    const first = one.create("typescript");
    put(first, "a");
    await one.save(first);
    const other = await opened(folder);
    await Promise.all([one.save(first), other.save(other.get(first.id)!), one.save(first)]);
    assert.deepEqual(readdirSync(folder), [`${first.id}.json`]);
  }));
