import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Tokenizer as Library } from "@huggingface/tokenizers";
import { tokenize } from "../../src/core/tokens/healing.js";
import type { Tokenizer } from "../../src/core/model.js";
import { smallTokenizerJson } from "../support/bpeFile.js";
import { sharedPlace } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { randomText } from "../support/randomText.js";
import { textOf } from "../support/tokenizer.js";
import { smallBpe, twentyBTokenizer } from "../support/tokenizers.js";

function tokensOf(tokenizer: Tokenizer, text: string): number[] {
  const bytes = Buffer.from(text);
  return tokenize(tokenizer, bytes, 0, bytes.length);
}

/** Encodes text with Hugging Face's library, but as ordinary text even where it looks like a special token. */
function libraryOf(json: Record<string, unknown>): (text: string) => number[] {
  const added = json["added_tokens"] as readonly { readonly special: boolean }[];
  const library = new Library({ ...json, added_tokens: added.filter(({ special }) => !special) }, {});
  return (text) => library.encode(text, { add_special_tokens: false }).ids;
}

function assertAgree(tokenizer: Tokenizer, json: Record<string, unknown>): void {
  const expected = libraryOf(json);
  const random = randomFrom(20);
  for (let i = 0; i < 3000; i++) {
    // Unlike the tokenizer, the library normalizes text to form C.
    const text = randomText(random, 12).normalize("NFC");
    assert.deepEqual(tokensOf(tokenizer, text), expected(text), JSON.stringify(text));
  }
}

test("a small BPE gives the tokens of Hugging Face's library", () => {
  assertAgree(smallBpe(), smallTokenizerJson());
});

test("20B gives the tokens of Hugging Face's library", { skip: twentyBTokenizer.skip }, () => {
  const json = JSON.parse(readFileSync(twentyBTokenizer.file, "utf8")) as Record<string, unknown>;
  assertAgree(twentyBTokenizer.make(), json);
});

const expected = sharedPlace("fixtures/tokenizer-20b/expected.json");
test("20B's test vectors", { skip: expected.skip }, () => {
  const tokenizer = twentyBTokenizer.make();
  const { texts } = JSON.parse(readFileSync(expected.path, "utf8")) as {
    readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
  };
  assert.equal(texts.length, 21);
  for (const { text, ids } of texts) assert.deepEqual(tokensOf(tokenizer, text.normalize("NFC")), ids);
  // The text of one vector is not in form C; its tokens are those of the normalized text.
  assert.equal(texts.filter(({ text }) => text.normalize("NFC") !== text).length, 1);
});

test("the tokens of any text spell it byte for byte", () => {
  const random = randomFrom(5);
  const tokenizer = smallBpe();
  for (let i = 0; i < 2000; i++) {
    const text = randomText(random, 20);
    assert.equal(textOf(tokenizer, tokensOf(tokenizer, text) as never[]), text);
  }
  // e and a combining accent stay two characters; the library would combine them.
  assert.notDeepEqual(tokensOf(tokenizer, "e\u0301"), tokensOf(tokenizer, "\u00e9"));
});

test("the name of a special token is ordinary text", () => {
  const tokens = tokensOf(smallBpe(), "a<|endoftext|>b");
  assert.ok(!tokens.includes(0) && !tokens.includes(1));
  assert.equal(smallBpe().bytesOf(0 as never).length, 0);
});

test("bytes that do not occur in UTF-8 are rejected", { skip: twentyBTokenizer.skip }, () => {
  const { sentinelBytes } = twentyBTokenizer.make();
  assert.deepEqual([...sentinelBytes], [0xc0, 0xc1, ...Array.from({ length: 11 }, (_, i) => 0xf5 + i)]);
});

const small = smallTokenizerJson();
const added = small["added_tokens"] as readonly Record<string, unknown>[];
const withModel = (change: Record<string, unknown>) => ({ ...small, model: { ...small.model, ...change } });
const broken: readonly (readonly [string, unknown, RegExp])[] = [
  ["an array instead of an object", [], /is not a tokenizer\.json/],
  ["another kind of model", withModel({ type: "Unigram" }), /is not a BPE tokenizer/],
  ["no model", { ...small, model: undefined }, /is not a BPE tokenizer/],
  ["merges with dropout", withModel({ dropout: 0.1 }), /uses dropout/],
  ["a suffix of words", withModel({ end_of_word_suffix: "</w>" }), /uses end_of_word_suffix/],
  ["another split", { ...small, pre_tokenizer: { type: "Whitespace" } }, /splits text differently from GPT-2/],
  [
    "a space before the first word",
    { ...small, pre_tokenizer: { type: "ByteLevel", add_prefix_space: true } },
    /splits/,
  ],
  ["another normalizer", { ...small, normalizer: { type: "Lowercase" } }, /uses a normalizer other than NFC/],
  ["no vocabulary", withModel({ vocab: null }), /has no vocabulary/],
  ["an invalid id", withModel({ vocab: { a: -1 } }), /"a" has no id/],
  ["an id past the model's", withModel({ vocab: { a: 60_000 } }), /id 60000 is not below the model's vocabulary size/],
  ["an id twice", withModel({ vocab: { a: 1, b: 1 } }), /id 1 occurs twice/],
  ["a missing byte", withModel({ vocab: { a: 2 }, merges: [] }), /has no entry for the byte 0/],
  ["an invalid symbol", withModel({ vocab: { 中: 2 } }), /entry 2 is not written as byte-level/],
  ["no merges", withModel({ merges: {} }), /has no merges/],
  ["a merge of three", withModel({ merges: ["a b c"] }), /merge 0 is not a pair/],
  ["a merge of an unknown entry", withModel({ merges: ["a q"] }), /merge 0 does not consist of entries/],
  ["an added word", { ...small, added_tokens: [{ id: 1, content: "foo", special: false }] }, /adds the token "foo"/],
  ["a missing run of spaces", { ...small, added_tokens: added.slice(0, -1) }, /lacks a run of spaces/],
  ["invalid added tokens", { ...small, added_tokens: [{ id: "1" }] }, /has no id or no text/],
];
for (const [what, json, message] of broken) {
  test(`a tokenizer.json with ${what} is rejected`, () => {
    assert.throws(() => smallBpe(json), message);
  });
}
