import assert from "node:assert/strict";
import test from "node:test";
import { heal, tokenize } from "../../src/core/tokens/healing.js";
import { randomFrom } from "../support/random.js";
import { randomText } from "../support/randomText.js";
import { starterTokenizer as tokenizer, textOf } from "../support/tokenizer.js";
import { everyTokenizer } from "../support/tokenizers.js";

test("healed tokens and forced bytes together spell the text", () => {
  const bytes = Buffer.from("const result = await this.loadConfig(path, opt");
  for (let end = 0; end <= bytes.length; end++) {
    const { tokens, forcedBytes } = heal(tokenizer, bytes, 0, end);
    assert.equal(textOf(tokenizer, tokens) + Buffer.from(forcedBytes).toString(), bytes.toString("utf8", 0, end));
  }
});

for (const { name, skip, make } of everyTokenizer) {
  test(`wherever a text is cut, tokens can spell the forced bytes (${name})`, { skip }, () => {
    const own = make();
    const random = randomFrom(6);
    for (let i = 0; i < 200; i++) {
      const bytes = Buffer.from(randomText(random, 10));
      for (let end = 0; end <= bytes.length; end++) {
        const { tokens, forcedBytes } = heal(own, bytes, 0, end);
        const spelt = Buffer.concat([...tokens.map((token) => own.bytesOf(token)), forcedBytes]);
        assert.equal(Buffer.compare(spelt, bytes.subarray(0, end)), 0);
        // Some token begins with the forced bytes and is longer.
        if (forcedBytes.length === 0) continue;
        assert.ok(
          own.tokensCompatibleWith(forcedBytes).some((token) => own.bytesOf(token).length > forcedBytes.length),
        );
      }
    }
  });
}

test("no entry extends past the end from a boundary before the forced bytes", () => {
  const bytes = Buffer.from("import { readFileSync, existsSync } from 'node:fs';\n    return");
  for (let end = 0; end <= bytes.length; end++) {
    const { tokens } = heal(tokenizer, bytes, 0, end);
    let at = 0;
    for (const token of tokens) {
      assert.equal(tokenizer.canExtendPast(bytes, at, end), false);
      at += tokenizer.bytesOf(token).length;
    }
  }
});

test("the tokens of a continued text begin with the healed ones", () => {
  const whole = Buffer.from("    for (const entry of entries) {\n        console.log(entry.name);\n");
  const all = tokenize(tokenizer, whole, 0, whole.length);
  for (let end = 0; end <= whole.length; end++) {
    const { tokens } = heal(tokenizer, whole, 0, end);
    assert.deepEqual(tokens, all.slice(0, tokens.length));
  }
});

test("entries compatible with forced bytes are their prefixes and entries that begin with them", () => {
  const required = Buffer.from("ret");
  const agreeing = new Set(tokenizer.tokensCompatibleWith(required));
  for (let token = 6; token < tokenizer.vocabularySize; token++) {
    const bytes = Buffer.from(tokenizer.bytesOf(token as never)).toString("latin1");
    const agrees = bytes !== "" && ("ret".startsWith(bytes) || bytes.startsWith("ret"));
    assert.equal(agreeing.has(token as never), agrees, JSON.stringify(bytes));
  }
});
