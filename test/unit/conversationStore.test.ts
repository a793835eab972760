import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileUri } from "../support/vscodeStandIn.js";
import { ConversationStore } from "../../src/extension/chat/conversationStore.js";
import type { Conversation } from "../../src/extension/chat/conversation.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** A store with its conversations loaded, as in a window that was just opened. */
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

test("a message that was read while another window was writing it is kept as that window finished it", () =>
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

test("a conversation that a newer version has overwritten is left alone, and additions go into a new file", () =>
  inTemporaryFolder(async (folder) => {
    const said: string[] = [];
    const store = new ConversationStore(fileUri(folder), (error) => said.push(String(error)));
    const conversation = store.create("typescript");
    put(conversation, "a");
    await store.save(conversation);
    const file = path.join(folder, `${conversation.id}.json`);
    const newer = JSON.stringify({ version: 2, id: conversation.id, threads: ["of a newer form"] });
    writeFileSync(file, newer);
    put(conversation, "b", "a");
    await store.save(conversation);
    put(conversation, "c", "b");
    await store.save(conversation);
    assert.equal(readFileSync(file, "utf8"), newer);
    assert.equal(readdirSync(folder).length, 2);
    assert.equal(said.length, 1);
    assert.match(said[0]!, /it has format 2, of a newer RWKV Code; this version reads 1; it is left as it is/);

    const next = new ConversationStore(fileUri(folder), (error) => said.push(String(error)));
    await next.load();
    assert.equal(said.length, 2);
    assert.deepEqual(idsOf(next), ["a", "b", "c"]);
    await store.delete(conversation.id);
    assert.deepEqual(readdirSync(folder), [path.basename(file)]);
  }));

test("what another version has added to a conversation is kept", () =>
  inTemporaryFolder(async (folder) => {
    const node = { id: "a", role: "user", text: "a", attachments: [], colour: "red" };
    const other = { version: 1, id: "x", languageId: "go", changed: 1, nodes: [node], shown: {}, pinned: true };
    writeFileSync(path.join(folder, "x.json"), JSON.stringify(other));
    const store = await opened(folder);
    put(store.get("x")!, "b", "a");
    await store.save(store.get("x")!);
    const kept = JSON.parse(readFileSync(path.join(folder, "x.json"), "utf8")) as typeof other;
    assert.equal(kept.pinned, true);
    assert.deepEqual(kept.nodes[0], node);
  }));

for (const [what, node] of [
  ["a message without text", { id: "a", role: "user", attachments: [] }],
  ["attachments that are not a list", { id: "a", role: "user", text: "", attachments: {} }],
  ["an answer to nothing", { id: "a", role: "assistant", text: "", written: "", thinking: "" }],
  ["another role", { id: "a", role: "tool", text: "" }],
  ["nothing", null],
] as const) {
  test(`a file with ${what} is not a conversation, and is left as it is`, () =>
    inTemporaryFolder(async (folder) => {
      const said: unknown[] = [];
      const stored = { version: 1, id: "x", languageId: "go", changed: 1, nodes: [node], shown: {} };
      writeFileSync(path.join(folder, "x.json"), JSON.stringify(stored));
      const store = new ConversationStore(fileUri(folder), (error) => said.push(error));
      await store.load();
      assert.deepEqual([store.all.length, said.length, readdirSync(folder)], [0, 1, ["x.json"]]);
    }));
}

test("a deleted conversation is gone from the list and from the folder; one that was never stored can be deleted", () =>
  inTemporaryFolder(async (folder) => {
    const store = await opened(folder);
    const [kept, deleted] = [store.create("go"), store.create("go")];
    for (const one of [kept, deleted]) {
      put(one, "a");
      await store.save(one);
    }
    await store.delete(deleted.id);
    await store.delete("never");
    assert.deepEqual([store.all, store.get(deleted.id)], [[kept], undefined]);
    assert.deepEqual(readdirSync(folder), [`${kept.id}.json`]);
    kept.delete("a");
    await store.save(kept);
    assert.deepEqual([store.all, readdirSync(folder)], [[], []]);
  }));
