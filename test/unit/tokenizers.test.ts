import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { tokenize } from "../../src/core/tokens/healing.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { vocabularyText } from "../../src/rwkv/tokenizers/vocabularyText.js";
import { sharedPlace } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { starterTokenizer } from "../support/tokenizer.js";

function entriesOf(lines: string): Promise<string[]> {
  return inTemporaryFolder((folder) => {
    const file = path.join(folder, "vocab.txt");
    writeFileSync(file, lines);
    const entries = readVocabularyFile(file, 300);
    return entries.map(({ token, bytes }) => `${token} ${Buffer.from(bytes).toString("hex")}`);
  });
}

test("a vocabulary line is an id, a Python literal and a length", async () => {
  assert.deepEqual(
    await entriesOf(
      "1 'a' 1\r\n2 b'\\xff\\x00' 2\r\n3 '\\xff' 2\n4 \"it's\" 4\n5 '\\u20ac' 3\n6 '  ' 2\n7 '\\n\\t\\\\' 3\n",
    ),
    ["1 61", "2 ff00", "3 c3bf", "4 69742773", "5 e282ac", "6 2020", "7 0a095c"],
  );
});

const broken: readonly (readonly [string, RegExp])[] = [
  ["1 'a' 1\n2 'bc' 3\n", /vocab\.txt:2: the literal has 2 bytes, not 3 as stated/],
  ["1 'a' 1\n1 'b' 1\n", /vocab\.txt:2: id 1 occurs twice/],
  ["400 'a' 1\n", /vocab\.txt:1: id 400 is not below the model's vocabulary size of 300/],
  ["1 a 1\n", /vocab\.txt:1: the literal is not a Python str or bytes/],
  ["1 '\\q' 1\n", /the literal is not a Python str or bytes/],
  ["{\n", /vocab\.txt:1: is not `id literal length`/],
  ["1 '' 0\n", /the literal is empty/],
];
for (const [lines, message] of broken) {
  test(`a vocabulary of ${JSON.stringify(lines)} is rejected with its line`, async () => {
    await assert.rejects(entriesOf(lines), message);
  });
}

test("the longest entry is matched at each position", () => {
  const entry = (token: number, text: string) => ({ token: token as never, bytes: Buffer.from(text) });
  const tokenizer = new GreedyTrieTokenizer(
    [entry(1, "a"), entry(2, "b"), entry(3, "ab"), entry(4, "abab"), entry(5, "c")],
    6,
  );
  assert.deepEqual(tokenize(tokenizer, Buffer.from("ababcab"), 0, 7), [4, 5, 3]);
  assert.deepEqual(tokenize(tokenizer, Buffer.from("abac"), 0, 4), [3, 1, 5]);
});

test("any text without sentinel bytes is reproduced byte for byte", () => {
  const random = randomFrom(11);
  for (let i = 0; i < 300; i++) {
    const bytes = Buffer.from(Array.from({ length: random.below(200) }, () => 6 + random.below(250)));
    const tokens = tokenize(starterTokenizer, bytes, 0, bytes.length);
    assert.deepEqual(Buffer.concat(tokens.map((token) => starterTokenizer.bytesOf(token))), bytes);
  }
});

test("with raw bytes, each byte is a token, and sentinels are not text", () => {
  const tokenizer = bytesTokenizer([0]);
  assert.deepEqual(tokenize(tokenizer, Buffer.from("aé"), 0, 3), [97, 195, 169]);
  assert.deepEqual([...tokenizer.sentinelBytes], [0]);
  assert.equal(tokenizer.lookAheadBytes, 0);
});

const world = sharedPlace("fixtures/tokenizer-world");
test("the World vocabulary's test vectors", { skip: world.skip }, () => {
  const entries = readVocabularyFile(path.join(world.path, "rwkv_vocab_v20230424.txt"), 65_536);
  const tokenizer = new GreedyTrieTokenizer(entries, 65_536);
  assert.equal(entries.length, 65_529);
  assert.equal(tokenizer.sentinelBytes.size, 0);
  assert.equal(tokenizer.lookAheadBytes, 127);
  const vectors = JSON.parse(readFileSync(path.join(world.path, "expected.json"), "utf8")) as Vectors;
  const all = [
    ...vectors.texts.map(({ text, ids }) => ({ bytes: Buffer.from(text), ids })),
    ...vectors.raw_bytes.map(({ bytes_hex: hex, ids }) => ({ bytes: Buffer.from(hex, "hex"), ids })),
  ];
  assert.equal(all.length, 34);
  for (const { bytes, ids } of all) {
    assert.deepEqual(tokenize(tokenizer, bytes, 0, bytes.length), ids);
    assert.deepEqual(Buffer.concat(ids.map((token) => tokenizer.bytesOf(token))), bytes);
  }
});

test("the World vocabulary is written exactly like the published file", { skip: world.skip }, () => {
  const file = path.join(world.path, "rwkv_vocab_v20230424.txt");
  assert.equal(Buffer.compare(vocabularyText(readVocabularyFile(file, 65_536)), readFileSync(file)), 0);
});

interface Vectors {
  readonly texts: readonly { readonly text: string; readonly ids: readonly never[] }[];
  readonly raw_bytes: readonly { readonly bytes_hex: string; readonly ids: readonly never[] }[];
}
