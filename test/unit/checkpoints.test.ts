import assert from "node:assert/strict";
import test from "node:test";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
import { starterTokenizer } from "../support/tokenizer.js";

const empty = emptyBlockHash("m");
const state = (floats: number) => ({ data: new Float32Array(floats) });

function textOf(content: string): TokenizedText {
  const text = new TokenizedText(starterTokenizer, empty, []);
  text.replace(0, 0, Buffer.from(content));
  return text;
}

test("the nearest checkpoint covers the most tokens", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf("const a = 1;\n".repeat(100));
  for (const count of [64, 128, 130, 192]) store.save(text.prefixAt(count), state(10));
  assert.equal(store.nearest(text, 500)?.tokenCount, 192);
  assert.equal(store.nearest(text, 191)?.tokenCount, 130);
  assert.equal(store.nearest(text, 129)?.tokenCount, 128);
  assert.equal(store.nearest(text, 63), undefined);
  store.checkInvariants();
});

test("a checkpoint of other tokens is not found until the text is restored", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf("const a = 1;\n".repeat(100));
  store.save(text.prefixAt(128), state(10));
  text.replace(0, 5, Buffer.from("let"));
  assert.equal(store.nearest(text, 500), undefined);
  text.replace(0, 3, Buffer.from("const"));
  assert.equal(store.nearest(text, 500)?.tokenCount, 128);
});

test("a checkpoint of a single token is found, and one that has read exactly as much as is wanted", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf("const a = 1;\n".repeat(100));
  for (const count of [1, 50, 128]) store.save(text.prefixAt(count), state(10));
  assert.equal(store.nearest(text, 49)?.tokenCount, 1);
  assert.equal(store.nearest(text, 100)?.tokenCount, 50);
  assert.equal(store.nearest(text, 128)?.tokenCount, 128);
});

test("a checkpoint that was found as the nearest counts as used, so it is evicted last", () => {
  const store = new CheckpointStore(1200); // room for two states
  const text = textOf("const a = 1;\n".repeat(100));
  for (const count of [64, 128]) store.save(text.prefixAt(count), state(10));
  assert.equal(store.nearest(text, 100)?.tokenCount, 64);
  store.save(text.prefixAt(192), state(10));
  assert.deepEqual([64, 128, 192].map((count) => store.has(text.prefixAt(count))), [true, false, true]); // prettier-ignore
});

test("rounded checkpoints are found only if they are wanted", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf("const a = 1;\n".repeat(100));
  const rounded = store.save(text.prefixAt(70).rounded(), state(10));
  const exact = store.save(text.prefixAt(66), state(10));
  assert.equal(store.inBlock(text, 1, 128, true), rounded);
  assert.equal(store.inBlock(text, 1, 128), exact);
  assert.equal(store.nearest(text, 128), exact);
});

test("another model's checkpoints are never found", () => {
  const store = new CheckpointStore(2 ** 20);
  store.save(textOf("x = 1;\n".repeat(60)).prefixAt(64), state(10));
  const other = new TokenizedText(starterTokenizer, emptyBlockHash("other"), []);
  other.replace(0, 0, Buffer.from("x = 1;\n".repeat(60)));
  assert.equal(store.nearest(other, 500), undefined);
});

test("the byte limit is kept, the least recently used is evicted first, and states that are too large are counted", () => {
  const store = new CheckpointStore(10_000);
  const prefix = (i: number) => new TokenPrefix(empty, 0, [i as never]);
  for (let i = 0; i < 20; i++) {
    store.save(prefix(i), state(250)); // 1,000 bytes plus the overhead of an entry
    store.get(prefix(0));
    store.checkInvariants();
  }
  assert.equal(store.count, 6);
  assert.equal(store.has(prefix(0)), true);
  assert.equal(store.has(prefix(1)), false);
  store.save(prefix(99), state(5000));
  assert.equal(store.tooLarge, 1);
});

test("of two checkpoints after the same block, the one that matches the text is found", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf("const a = 1;\n".repeat(100));
  for (const count of [64, 128]) store.save(text.prefixAt(count), state(10));
  const other = text.prefixAt(128);
  other.push([...text.tokens(0, 2)].toReversed());
  assert.notDeepEqual(other.remainder, text.tokens(128, 130));
  store.save(other, state(10));
  assert.equal(store.nearest(text, 500)?.tokenCount, 128);
});

test("when a checkpoint is deleted, others after the same block are still found", () => {
  const store = new CheckpointStore(2 ** 20);
  const text = textOf("const a = 1;\n".repeat(100));
  for (const count of [128, 130, 140]) store.save(text.prefixAt(count), state(10));
  for (const [deleted, nearest] of [
    [140, 130],
    [128, 130],
    [130, undefined],
  ] as const) {
    store.delete(text.prefixAt(deleted).key);
    assert.equal(store.nearest(text, 500)?.tokenCount, nearest);
    store.checkInvariants();
  }
});
