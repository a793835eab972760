import assert from "node:assert/strict";
import test from "node:test";
import { DocumentCache } from "../../src/core/cache/documentCache.js";
import { cacheWeight } from "../../src/core/cache/mixture.js";
import type { Mixture } from "../../src/core/calibration.js";
import { distributionOf, likeliest } from "../../src/core/completion/nextToken.js";
import { emptyBlockHash } from "../../src/core/document/tokenChain.js";
import { TokenizedText } from "../../src/core/document/tokenizedText.js";
import type { TokenId } from "../../src/core/model.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";

const tokenizer = bytesTokenizer([]);
const ids = (text: string): TokenId[] => [...Buffer.from(text)] as TokenId[];

function textOf(content: string): TokenizedText {
  const text = new TokenizedText(tokenizer, emptyBlockHash("m"), []);
  text.replace(0, 0, Buffer.from(content));
  return text;
}

const nothing = { from: 0, to: 0 };
const shareOf = (shares: ReadonlyMap<TokenId, number>, character: string): number =>
  shares.get(ids(character)[0]!) ?? 0;

test("what followed where the same tokens stood has the share of its places", () => {
  const cache = new DocumentCache(textOf("abX. abY. abX. "), nothing);
  const guess = cache.guess(ids("ab"))!;
  assert.equal(guess.places, 3);
  assert.equal(guess.longest, 2);
  assert.ok(Math.abs(shareOf(guess.shares, "X") - 2 / 3) < 0.01);
  assert.ok(Math.abs(shareOf(guess.shares, "X") + shareOf(guess.shares, "Y") - 1) < 1e-9);
});

test("a place that agrees in more tokens counts for more", () => {
  const cache = new DocumentCache(textOf("call(abX) abY abY "), nothing);
  const guess = cache.guess(ids("call(ab"))!;
  assert.equal(guess.longest, 7);
  assert.ok(shareOf(guess.shares, "X") > 0.9);
});

test("a place 1,024 tokens from the cursor counts half", () => {
  const text = textOf(`abX${".".repeat(1021)}abY`);
  const guess = new DocumentCache(text, { from: 1027, to: 1027 }).guess(ids("ab"))!;
  assert.ok(Math.abs(shareOf(guess.shares, "Y") / shareOf(guess.shares, "X") - 2) < 0.01);
});

test("places out of reach are not looked at", () => {
  const text = textOf(`abX${".".repeat(40_000)}abY `);
  const guess = new DocumentCache(text, { from: 40_007, to: 40_007 }).guess(ids("ab"))!;
  assert.equal(guess.places, 1);
  assert.equal(shareOf(guess.shares, "Y"), 1);
});

test("the cursor's own line is no source, and neither is a single token", () => {
  const text = textOf("abX\nabY\nab");
  const own = { from: 8, to: 10 };
  assert.equal(new DocumentCache(text, own).guess(ids("ab"))!.places, 2);
  assert.equal(new DocumentCache(textOf("abX"), { from: 0, to: 3 }).guess(ids("ab")), undefined);
  assert.equal(new DocumentCache(text, nothing).guess(ids("b")), undefined);
});

test("once the text changed there is no guess: the request is of another text", () => {
  const text = textOf("abX ab");
  const cache = new DocumentCache(text, nothing);
  text.replace(0, 1, Buffer.from("z"));
  assert.equal(cache.guess(ids("ab")), undefined);
});

const mixture: Mixture = {
  lengths: [2, 4],
  places: [1, 3],
  entropies: [0, 2],
  weights: [
    [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
    [
      [0.5, 0.6],
      [0.7, 0.9],
    ],
  ],
};

test("the weight is that of the bucket of length, places and entropy", () => {
  const guess = (longest: number, places: number) => ({ longest, places, shares: new Map<TokenId, number>() });
  assert.equal(cacheWeight(mixture, guess(2, 1), 0.5), 0.1);
  assert.equal(cacheWeight(mixture, guess(3, 2), 2), 0.2);
  assert.equal(cacheWeight(mixture, guess(16, 3), 9), 0.9);
});

test("model and document together decide, and the probability is that of the mixture", () => {
  const logits = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
  const guess = { longest: 4, places: 1, shares: new Map([[1 as TokenId, 1]]) };
  const next = likeliest(distributionOf(logits, undefined), guess, mixture);
  assert.equal(next.token, 1);
  assert.ok(Math.abs(Math.exp(next.logProbability) - (0.5 * 1 + 0.5 * 0.3)) < 1e-6);
  assert.equal(likeliest(distributionOf(logits, undefined), undefined, mixture).token, 0);
  assert.equal(likeliest(distributionOf(logits, undefined), guess, undefined).token, 0);
});

test("only what the typed bytes allow is chosen, and probabilities are among that", () => {
  const logits = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
  const allowed = [1, 2] as TokenId[];
  const guess = {
    longest: 16,
    places: 5,
    shares: new Map([
      [0 as TokenId, 0.9],
      [2 as TokenId, 0.1],
    ]),
  };
  const next = likeliest(distributionOf(logits, allowed), guess, mixture);
  assert.equal(next.token, 2);
  assert.ok(Math.abs(Math.exp(next.logProbability) - (0.7 + 0.3 * 0.25)) < 1e-6);
});

test("the entropy of a distribution is in nats", () => {
  assert.ok(Math.abs(distributionOf(new Float32Array(8), undefined).entropy - Math.log(8)) < 1e-6);
  assert.ok(distributionOf(Float32Array.from([50, 0, 0]), undefined).entropy < 1e-6);
});

test("other open documents are a source too, each place as one 4,096 tokens away", () => {
  const other = { text: textOf("abX "), cursor: 0 };
  const alone = new DocumentCache(textOf("zz"), nothing, [other]).guess(ids("ab"))!;
  assert.equal(shareOf(alone.shares, "X"), 1);
  const both = new DocumentCache(textOf("abY"), { from: 1, to: 1 }, [other]).guess(ids("ab"))!;
  assert.equal(both.places, 2);
  assert.ok(Math.abs(shareOf(both.shares, "Y") / shareOf(both.shares, "X") - 5) < 0.01);
});

test("of another document what lies around the last place worked in is searched, and no more than four documents", () => {
  const far = { text: textOf(`${".".repeat(20_000)}abX `), cursor: 0 };
  assert.equal(new DocumentCache(textOf("zz"), nothing, [far]).guess(ids("ab")), undefined);
  const near = new DocumentCache(textOf("zz"), nothing, [{ ...far, cursor: 20_000 }]).guess(ids("ab"))!;
  assert.equal(near.places, 1);
  const many = Array.from({ length: 6 }, () => ({ text: textOf("abX "), cursor: 0 }));
  assert.equal(new DocumentCache(textOf("zz"), nothing, many).guess(ids("ab"))!.places, 4);
});
