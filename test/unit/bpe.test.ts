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

/** Encodes text with Hugging Face's library. The names of special tokens are encoded as ordinary text. */
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
  // One vector's text is not in form C. The expected tokens are those of its normalized form.
  assert.equal(texts.filter(({ text }) => text.normalize("NFC") !== text).length, 1);
});

test("the tokens of any text spell it byte for byte", () => {
  const random = randomFrom(5);
  const tokenizer = smallBpe();
  for (let i = 0; i < 2000; i++) {
    const text = randomText(random, 20);
    assert.equal(textOf(tokenizer, tokensOf(tokenizer, text) as never[]), text);
  }
  // Our tokenizer keeps e and a combining accent apart; the library would combine them.
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
