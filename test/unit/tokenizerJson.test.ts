import assert from "node:assert/strict";
import test from "node:test";
import { symbols } from "../../src/rwkv/tokenizers/byteLevel.js";
import type { BpeVocabulary } from "../../src/rwkv/tokenizers/bpe.js";
import { parseTokenizerJson } from "../../src/rwkv/tokenizers/tokenizerJson.js";

type Json = Readonly<Record<string, unknown>>;

/** The symbols of all bytes, and three more entries. */
const vocab: Readonly<Record<string, unknown>> = Object.fromEntries(
  [...symbols, "ab", "abc", "<end>"].map((symbol, id) => [symbol, id]),
);
const [ab, abc, end] = [256, 257, 258];
const size = 300;
const special = { id: end, content: "<end>", special: true };
const runs = [2, 3].map((length) => ({ id: 257 + length, content: " ".repeat(length), special: false }));
const model = { type: "BPE", vocab, merges: ["a b", ["ab", "c"]] };
const good = {
  added_tokens: [special, ...runs],
  normalizer: { type: "NFC" },
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
  model,
};

const parse = (json: unknown, vocabularySize = size): BpeVocabulary =>
  parseTokenizerJson(
    typeof json === "string" ? json : JSON.stringify(json),
    vocabularySize,
    (problem) => new Error(problem),
  );
const withModel = (change: Json): Json => ({ ...good, model: { ...model, ...change } });
const withEntries = (change: Json): Json => withModel({ vocab: { ...vocab, ...change } });
const withTokens = (...tokens: readonly unknown[]): Json => ({ ...good, added_tokens: tokens });

test("entries are bytes, merges are ids, and special tokens have no text", () => {
  const { entries, merges, maxSpaceRun } = parse(good);
  const texts = new Map(entries.map(({ token, bytes }) => [Number(token), Buffer.from(bytes).toString("latin1")]));
  assert.equal(texts.size, 260);
  for (let byte = 0; byte < 256; byte++) assert.equal(texts.get(byte), String.fromCharCode(byte));
  assert.deepEqual([ab, abc, end, 259, 260].map((id) => texts.get(id)), ["ab", "abc", undefined, "  ", "   "]); // prettier-ignore
  const [a, b, c] = ["a", "b", "c"].map((text) => text.charCodeAt(0));
  assert.deepEqual(merges, [{ left: a, right: b, merged: ab }, { left: ab, right: c, merged: abc }]); // prettier-ignore
  assert.equal(maxSpaceRun, 3);
});

const longest = "a".repeat(1024);
const accepted: readonly (readonly [string, Json])[] = [
  ["no added tokens", { ...good, added_tokens: undefined }],
  ["runs of spaces in any order", withTokens(special, ...[...runs].reverse())],
  ["no normalizer", { ...good, normalizer: undefined }],
  ["null as normalizer", { ...good, normalizer: null }],
  ["options that are off", withModel({ dropout: null, byte_fallback: false, continuing_subword_prefix: "", end_of_word_suffix: undefined })],
  ["an entry of 1024 bytes", withEntries({ [longest]: 299 })],
  ["no entries for bytes that UTF-8 never has", withModel({ vocab: Object.fromEntries(Object.entries(vocab).filter(([symbol]) => ![0xc0, 0xc1, 0xf5, 0xff].includes(symbols.indexOf(symbol)))) })],
  ["no merges", withModel({ merges: [] })],
]; // prettier-ignore

for (const [what, json] of accepted) {
  test(`a tokenizer.json with ${what} is accepted`, () => {
    assert.ok(parse(json).entries.length >= 250);
  });
}

test("a tokenizer.json without runs of spaces has none", () => {
  assert.equal(parse(withTokens(special)).maxSpaceRun, 0);
});

const splitsOtherwise = /splits text differently from GPT-2/;
const noToken = /one of its added tokens has no id or no text/;
const cases: readonly (readonly [string, unknown, RegExp])[] = [
  ["no JSON", "{", /is not JSON/],
  ["a list", [], /is not a tokenizer\.json/],
  ["null", "null", /is not a tokenizer\.json/],
  ["no model", { ...good, model: undefined }, /is not a BPE tokenizer/],
  ["a Unigram model", withModel({ type: "Unigram" }), /is not a BPE tokenizer/],
  ["a prefix of subwords", withModel({ continuing_subword_prefix: "##" }), /uses continuing_subword_prefix/],
  ["a suffix of words", withModel({ end_of_word_suffix: "</w>" }), /uses end_of_word_suffix/],
  ["a dropout", withModel({ dropout: 0.1 }), /uses dropout/],
  ["a fallback to bytes", withModel({ byte_fallback: true }), /uses byte_fallback/],
  ["no pre-tokenizer", { ...good, pre_tokenizer: null }, splitsOtherwise],
  ["another pre-tokenizer", { ...good, pre_tokenizer: { type: "Whitespace" } }, splitsOtherwise],
  ["a space before the text", { ...good, pre_tokenizer: { type: "ByteLevel", add_prefix_space: true } }, splitsOtherwise],
  ["no regular expression", { ...good, pre_tokenizer: { type: "ByteLevel", use_regex: false } }, splitsOtherwise],
  ["another normalizer", { ...good, normalizer: { type: "NFKC" } }, /uses a normalizer other than NFC/],
  ["a normalizer that is a text", { ...good, normalizer: "NFC" }, /uses a normalizer other than NFC/],
  ["added tokens that are no list", { ...good, added_tokens: {} }, /its added tokens are not a list/],
  ["null as added token", withTokens(null), noToken],
  ["an added token without an id", withTokens({ content: "  ", special: false }), noToken],
  ["an added token without a text", withTokens({ id: 259, special: false }), noToken],
  ["an added token with a negative id", withTokens({ ...runs[0], id: -1 }), noToken],
  ["an added token with half an id", withTokens({ ...runs[0], id: 259.5 }), noToken],
  ["an added token whose id is a text", withTokens({ ...runs[0], id: "259" }), noToken],
  ["an added token past 2^16", withTokens({ ...special, id: 2 ** 16 }), noToken],
  ["an added word", withTokens({ id: 259, content: "word", special: false }), /adds the token "word", but only runs of/],
  ["an added empty text", withTokens({ id: 259, content: "", special: false }), /adds the token ""/],
  ["a run past the model's vocabulary", withTokens({ ...runs[0], id: size }), /id 300 is not below the model's/],
  ["no run of two", withTokens(runs[1]), /lacks a run of spaces/],
  ["the same run twice", withTokens(runs[0], { ...runs[0], id: 261 }), /lacks a run of spaces/],
  ["no vocabulary", withModel({ vocab: undefined }), /has no vocabulary/],
  ["null as vocabulary", withModel({ vocab: null }), /has no vocabulary/],
  ["a text as id", withEntries({ x1: "5" }), /"x1" has no id/],
  ["a negative id", withEntries({ x1: -1 }), /"x1" has no id/],
  ["an entry past the model's vocabulary", withEntries({ ad: size }), /id 300 is not below the model's vocabulary size of 300/],
  ["an id twice", withEntries({ ad: 0 }), /id 0 occurs twice/],
  ["an entry with other characters", withEntries({ "a b": 299 }), /its entry 299 is not written as byte-level BPE/],
  ["an entry in Chinese", withEntries({ 中: 299 }), /its entry 299 is not written as byte-level BPE/],
  ["an entry of 1025 bytes", withEntries({ [`${longest}a`]: 299 }), /its entry 299 has 1025 bytes/],
  ["no merges", withModel({ merges: undefined }), /has no merges/],
  ["merges that are no list", withModel({ merges: {} }), /has no merges/],
  ["a merge of one", withModel({ merges: ["a b", "a"] }), /its merge 1 is not a pair/],
  ["a merge of three", withModel({ merges: ["a b c"] }), /its merge 0 is not a pair/],
  ["a merge that is a number", withModel({ merges: [5] }), /its merge 0 is not a pair/],
  ["a merge of numbers", withModel({ merges: [[97, 98]] }), /its merge 0 is not a pair/],
  ["a merge whose second part is a number", withModel({ merges: [["a", 98]] }), /its merge 0 is not a pair/],
  ["a merge with an unknown first part", withModel({ merges: ["xa b"] }), /its merge 0 does not consist of entries/],
  ["a merge with an unknown second part", withModel({ merges: ["a xb"] }), /its merge 0 does not consist of entries/],
  ["a merge with an unknown result", withModel({ merges: ["a c"] }), /its merge 0 does not consist of entries/],
  ...[0x00, 0xbf, 0xc2, 0xf4].map((byte) => [
    `no entry for the byte ${byte}`,
    withModel({ vocab: Object.fromEntries(Object.entries(vocab).filter(([symbol]) => symbol !== symbols[byte])) }),
    new RegExp(`has no entry for the byte ${byte};`),
  ] as const),
]; // prettier-ignore

for (const [what, json, message] of cases) {
  test(`a tokenizer.json with ${what} is refused`, () => {
    assert.throws(() => parse(json), message);
  });
}

test("an id just below 2^16 is accepted", () => {
  assert.equal(
    parse(withEntries({ ad: 65_535 }), 65_536).entries.some(({ token }) => Number(token) === 65_535),
    true,
  );
});
