import assert from "node:assert/strict";
import test from "node:test";
import { DocumentCache } from "../../src/core/cache/documentCache.js";
import type { CacheGuess } from "../../src/core/cache/guess.js";
import { sharesOf } from "../../src/core/cache/mixture.js";
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
/** Experts of a guess, in their order. */
const [one, two, five, nearest] = [0, 1, 2, 3];

function shareOf(guess: CacheGuess, expert: number, character: string): number {
  const { weights, sum } = guess.experts[expert]!;
  return (weights.get(ids(character)[0]!) ?? 0) / sum;
}

const placesOf = (guess: CacheGuess): number[] => guess.experts.map(({ places }) => places);

test("what followed where the same tokens stood has the share of its places", () => {
  const cache = new DocumentCache(textOf("abX. abY. abX. "), nothing);
  const guess = cache.guess(ids("ab"))!;
  assert.deepEqual(placesOf(guess), [3, 3, 0, 3]);
  assert.equal(guess.longest, 2);
  assert.ok(Math.abs(shareOf(guess, two, "X") - 2 / 3) < 0.01);
  assert.ok(Math.abs(shareOf(guess, two, "X") + shareOf(guess, two, "Y") - 1) < 1e-9);
});

test("an expert counts the places where as many tokens agree as its order says", () => {
  const guess = new DocumentCache(textOf("call(abX) abY bZ "), nothing).guess(ids("call(ab"))!;
  assert.equal(guess.longest, 7);
  assert.deepEqual(placesOf(guess), [3, 2, 1, 1]);
  assert.ok(shareOf(guess, one, "Z") > 0.3);
  assert.equal(shareOf(guess, two, "Z"), 0);
  assert.equal(shareOf(guess, five, "X"), 1);
});

test("the nearest looks at the places where most tokens agree, and more at what is near", () => {
  const text = textOf(`zabX${".".repeat(61)}zabY bZ`);
  const guess = new DocumentCache(text, { from: 69, to: 69 }).guess(ids("zab"))!;
  assert.deepEqual([...guess.experts[nearest]!.weights.keys()].sort(), [...ids("X"), ...ids("Y")].sort());
  assert.ok(Math.abs(shareOf(guess, nearest, "Y") / shareOf(guess, nearest, "X") - 83 / 18) < 0.01);
});

test("a place 1,024 tokens from the cursor counts half", () => {
  const text = textOf(`abX${".".repeat(1021)}abY`);
  const guess = new DocumentCache(text, { from: 1027, to: 1027 }).guess(ids("ab"))!;
  assert.ok(Math.abs(shareOf(guess, two, "Y") / shareOf(guess, two, "X") - 2) < 0.01);
});

test("places out of reach are not looked at, nor those far away where one token agrees", () => {
  const far = (distance: number): CacheGuess | undefined => {
    const text = textOf(`abX${".".repeat(distance)}abY `);
    return new DocumentCache(text, { from: distance + 7, to: distance + 7 }).guess(ids("ab"));
  };
  assert.deepEqual(placesOf(far(40_000)!), [1, 1, 0, 1]);
  assert.deepEqual(placesOf(far(30_000)!), [2, 2, 0, 2]);
  const text = textOf(`bX${".".repeat(5000)}bY `);
  assert.deepEqual(placesOf(new DocumentCache(text, { from: 5004, to: 5004 }).guess(ids("b"))!), [1, 0, 0, 1]);
});

test("the cursor's own line is no source", () => {
  const text = textOf("abX\nabY\nab");
  assert.equal(new DocumentCache(text, { from: 8, to: 10 }).guess(ids("ab"))!.experts[two]!.places, 2);
  assert.equal(new DocumentCache(textOf("abX"), { from: 0, to: 3 }).guess(ids("ab")), undefined);
});

test("what is put into the text meanwhile, as a command does while it writes, changes no guess", () => {
  const text = textOf("abX ab");
  const cache = new DocumentCache(text, { from: 4, to: 6 });
  text.replace(0, 1, Buffer.from("abY abY z"));
  assert.equal(shareOf(cache.guess(ids("ab"))!, two, "X"), 1);
});

/** Scores by the length of the match and by the model's entropy; nothing else counts. */
const bounds = { longest: [1, 4], entropy: [0, 2], agreement: [0], model: [0], places: [0] };
const even = { longest: [0, 0], entropy: [0, 0], agreement: [0], model: [0], places: [0] };
const never = { ...even, longest: [-Infinity, -Infinity] };
const mixture: Mixture = {
  bounds,
  experts: [never, { ...even, longest: [Math.log(0.25), Math.log(4)], entropy: [0, Math.log(3)] }, never, never],
};

function guessOf(longest: number, followers: Readonly<Record<number, number>>): CacheGuess {
  const weights = new Map(Object.entries(followers).map(([token, weight]) => [Number(token) as TokenId, weight]));
  const sum = [...weights.values()].reduce((a, b) => a + b, 0);
  const silent = { places: 0, weights: new Map<TokenId, number>(), sum: 0 };
  return { longest, experts: [silent, { places: 1, weights, sum }, silent, silent] };
}

test("the shares are a softmax of the scores of each expert's buckets; the model's score is 0", () => {
  const view = (entropy: number) => ({ entropy, probability: () => 0.5 });
  const near = (shares: number[], expected: number): void => {
    assert.ok(Math.abs(shares[two + 1]! - expected) < 1e-9, String(shares));
    assert.ok(Math.abs(shares[0]! + shares[two + 1]! - 1) < 1e-9);
  };
  near(sharesOf(mixture, view(0.5), guessOf(2, { 1: 1 })), 0.25 / 1.25);
  near(sharesOf(mixture, view(9), guessOf(3, { 1: 1 })), 0.75 / 1.75);
  near(sharesOf(mixture, view(0), guessOf(16, { 1: 1 })), 4 / 5);
});

test("an expert that has seen nothing follow has no share", () => {
  const view = { entropy: 0, probability: () => 0.5 };
  assert.deepEqual(sharesOf(mixture, view, guessOf(2, {})), [1, 0, 0, 0, 0]);
});

test("model and document together decide, and the probability is that of the mixture", () => {
  const logits = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
  const guess = guessOf(4, { 1: 1 });
  const next = likeliest(distributionOf(logits, undefined), guess, mixture);
  assert.equal(next.token, 1);
  assert.ok(Math.abs(Math.exp(next.logProbability) - (0.8 * 1 + 0.2 * 0.3)) < 1e-6);
  assert.equal(likeliest(distributionOf(logits, undefined), undefined, mixture).token, 0);
  assert.equal(likeliest(distributionOf(logits, undefined), guess, undefined).token, 0);
});

test("only what the typed bytes allow is chosen, and probabilities are among that", () => {
  const logits = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
  const allowed = [1, 2] as TokenId[];
  const next = likeliest(distributionOf(logits, allowed), guessOf(16, { 0: 0.9, 2: 0.1 }), mixture);
  assert.equal(next.token, 2);
  assert.ok(Math.abs(Math.exp(next.logProbability) - (0.8 + 0.2 * 0.25)) < 1e-6);
});

test("the entropy of a distribution is in nats", () => {
  assert.ok(Math.abs(distributionOf(new Float32Array(8), undefined).entropy - Math.log(8)) < 1e-6);
  assert.ok(distributionOf(Float32Array.from([50, 0, 0]), undefined).entropy < 1e-6);
});

test("other open documents are a source too, each place as one 4,096 tokens away", () => {
  const other = { text: textOf("abX "), cursor: 0 };
  const alone = new DocumentCache(textOf("zz"), nothing, [other]).guess(ids("ab"))!;
  assert.equal(shareOf(alone, two, "X"), 1);
  const both = new DocumentCache(textOf("abY"), { from: 1, to: 1 }, [other]).guess(ids("ab"))!;
  assert.equal(both.experts[two]!.places, 2);
  assert.ok(Math.abs(shareOf(both, two, "Y") / shareOf(both, two, "X") - 5) < 0.01);
});

test("of another document what lies around the last place worked in is searched, and no more than four documents", () => {
  const far = { text: textOf(`${".".repeat(20_000)}abX `), cursor: 0 };
  assert.equal(new DocumentCache(textOf("zz"), nothing, [far]).guess(ids("ab")), undefined);
  const near = new DocumentCache(textOf("zz"), nothing, [{ ...far, cursor: 20_000 }]).guess(ids("ab"))!;
  assert.equal(near.experts[two]!.places, 1);
  const many = Array.from({ length: 6 }, () => ({ text: textOf("abX "), cursor: 0 }));
  assert.equal(new DocumentCache(textOf("zz"), nothing, many).guess(ids("ab"))!.experts[two]!.places, 4);
});
