import assert from "node:assert/strict";
import test from "node:test";
import {
  blockTokens,
  emptyBlockHash,
  isRoundedDigest,
  nextBlockHash,
  numericHash,
  roundedDigest,
  TokenPrefix,
} from "../../src/core/tokens/tokenPrefix.js";
import type { TokenId } from "../../src/core/model.js";

const tokens = Array.from({ length: 130 }, (_, i) => i * 7 + 1) as TokenId[];
const prefixOf = (read: readonly TokenId[]): TokenPrefix => new TokenPrefix(emptyBlockHash("model-1"), 0, read);

// Archived states are found by their digests. If these changed, an update would lose all archived states.
test("hashes and digests are those of earlier versions", () => {
  assert.deepEqual(emptyBlockHash("model-1"), { high: 3216499162, low: 2155206784 });
  assert.deepEqual(nextBlockHash(emptyBlockHash("m"), tokens, 3), { high: 3892318807, low: 379954750 });
  assert.equal(prefixOf(tokens).digest, "1lilzv8.1czvkko.130");
});

test("a key is the hash over the full blocks, their number and the tokens after them", () => {
  assert.equal(prefixOf(tokens).key, "19fv1z6.1hm0iwa.2:897,904");
});

test("a prefix is the same whether its tokens were pushed at once or one by one", () => {
  const prefix = prefixOf([]);
  for (const [i, token] of tokens.entries()) {
    assert.equal(prefix.tokenCount, i);
    assert.equal(prefix.remainder.length, i % blockTokens);
    assert.equal(prefix.key, prefixOf(tokens.slice(0, i)).key);
    prefix.push([token]);
  }
  assert.equal(prefix.key, prefixOf(tokens).key);
});

test("a copy does not change with its original, and a rounded one is another prefix", () => {
  const prefix = prefixOf(tokens.slice(0, 5));
  const [copy, rounded] = [prefix.copy(), prefix.rounded()];
  prefix.push(tokens);
  assert.equal(copy.key, prefixOf(tokens.slice(0, 5)).key);
  assert.deepEqual([copy.isRounded, rounded.isRounded, rounded.copy().isRounded], [false, true, true]);
  assert.equal(rounded.key, `${copy.key}~`);
  assert.equal(rounded.digest, `${copy.digest}~`);
  assert.equal(rounded.tokenCount, 5);
});

test("a digest says whether its state was rounded, and is marked once", () => {
  assert.deepEqual(["a.b.1", "a.b.1~"].map(isRoundedDigest), [false, true]);
  assert.deepEqual(["a.b.1", "a.b.1~"].map(roundedDigest), ["a.b.1~", "a.b.1~"]);
});

test("53 bits of a hash are a number: all of the high half, and the upper bits of the low one", () => {
  assert.equal(numericHash({ high: 0, low: 0xffffffff }), 2 ** 21 - 1);
  assert.equal(numericHash({ high: 0, low: 2 ** 11 - 1 }), 0);
  assert.equal(numericHash({ high: 1, low: 0 }), 2 ** 21);
  assert.equal(numericHash({ high: 0xffffffff, low: 0xffffffff }), Number.MAX_SAFE_INTEGER);
});
