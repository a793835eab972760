import assert from "node:assert/strict";
import test from "node:test";
import { DocumentNgrams } from "../../src/core/decoding/documentNgrams.js";
import type { NgramPrediction } from "../../src/core/decoding/ngramPrediction.js";
import { gateWeights, MixedDistribution } from "../../src/core/decoding/mixture.js";
import type { Mixture } from "../../src/core/calibration.js";
import { distributionOf, greedy } from "../../src/core/decoding/distribution.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
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
/** Indices of the experts of a prediction. */
const [one, two, five, nearest] = [0, 1, 2, 3];

function gateWeightOf(prediction: NgramPrediction, expert: number, character: string): number {
  const { weights, sum } = prediction.experts[expert]!;
  return (weights.get(ids(character)[0]!) ?? 0) / sum;
}

const matchesOf = (prediction: NgramPrediction): number[] =>
  prediction.experts.slice(0, 4).map(({ matchCount }) => matchCount);

test("the weight of a next token is its share of the matches", () => {
  const ngrams = new DocumentNgrams(textOf("abX. abY. abX. "), nothing);
  const prediction = ngrams.predict(ids("ab"))!;
  assert.deepEqual(matchesOf(prediction), [3, 3, 0, 3]);
  assert.equal(prediction.maxMatch, 2);
  assert.ok(Math.abs(gateWeightOf(prediction, two, "X") - 2 / 3) < 0.01);
  assert.ok(Math.abs(gateWeightOf(prediction, two, "X") + gateWeightOf(prediction, two, "Y") - 1) < 1e-9);
});

test("an expert counts the matches of at least its order", () => {
  const prediction = new DocumentNgrams(textOf("call(abX) abY bZ "), nothing).predict(ids("call(ab"))!;
  assert.equal(prediction.maxMatch, 7);
  assert.deepEqual(matchesOf(prediction), [3, 2, 1, 1]);
  assert.ok(gateWeightOf(prediction, one, "Z") > 0.3);
  assert.equal(gateWeightOf(prediction, two, "Z"), 0);
  assert.equal(gateWeightOf(prediction, five, "X"), 1);
});

test("the last expert counts the longest matches and weighs near ones more", () => {
  const text = textOf(`zabX${".".repeat(61)}zabY bZ`);
  const prediction = new DocumentNgrams(text, { from: 69, to: 69 }).predict(ids("zab"))!;
  assert.deepEqual([...prediction.experts[nearest]!.weights.keys()].sort(), [...ids("X"), ...ids("Y")].sort());
  assert.ok(Math.abs(gateWeightOf(prediction, nearest, "Y") / gateWeightOf(prediction, nearest, "X") - 83 / 18) < 0.01);
});

test("a match 1,024 tokens from the cursor has half the weight", () => {
  const text = textOf(`abX${".".repeat(1021)}abY`);
  const prediction = new DocumentNgrams(text, { from: 1027, to: 1027 }).predict(ids("ab"))!;
  assert.ok(Math.abs(gateWeightOf(prediction, two, "Y") / gateWeightOf(prediction, two, "X") - 2) < 0.01);
});

test("matches outside the search radius are ignored, and so are distant matches of a single token", () => {
  const far = (distance: number): NgramPrediction | undefined => {
    const text = textOf(`abX${".".repeat(distance)}abY `);
    return new DocumentNgrams(text, { from: distance + 7, to: distance + 7 }).predict(ids("ab"));
  };
  assert.deepEqual(matchesOf(far(40_000)!), [1, 1, 0, 1]);
  assert.deepEqual(matchesOf(far(30_000)!), [2, 2, 0, 2]);
  const text = textOf(`bX${".".repeat(5000)}bY `);
  assert.deepEqual(matchesOf(new DocumentNgrams(text, { from: 5004, to: 5004 }).predict(ids("b"))!), [1, 0, 0, 1]);
});

test("the cursor's own line is not searched", () => {
  const text = textOf("abX\nabY\nab");
  assert.equal(new DocumentNgrams(text, { from: 8, to: 10 }).predict(ids("ab"))!.experts[two]!.matchCount, 2);
  assert.equal(new DocumentNgrams(textOf("abX"), { from: 0, to: 3 }).predict(ids("ab")), undefined);
});

test("text that is inserted during decoding does not change predictions", () => {
  const text = textOf("abX ab");
  const ngrams = new DocumentNgrams(text, { from: 4, to: 6 });
  text.replace(0, 1, Buffer.from("abY abY z"));
  assert.equal(gateWeightOf(ngrams.predict(ids("ab"))!, two, "X"), 1);
});

/** Bounds of buckets for scores that depend only on the length of the match and the model's entropy. */
const bounds = { longest: [1, 4], entropy: [0, 2], agreement: [0], model: [0], places: [0] };
const even = { longest: [0, 0], entropy: [0, 0], agreement: [0], model: [0], places: [0] };
const never = { ...even, longest: [-Infinity, -Infinity] };
const mixture: Mixture = {
  bounds,
  experts: [never, { ...even, longest: [Math.log(0.25), Math.log(4)], entropy: [0, Math.log(3)] }, never, never],
};

function predictionOf(maxMatch: number, followers: Readonly<Record<number, number>>): NgramPrediction {
  const weights = new Map(Object.entries(followers).map(([token, weight]) => [Number(token) as TokenId, weight]));
  const sum = [...weights.values()].reduce((a, b) => a + b, 0);
  const silent = { maxMatch, matchCount: 0, weights: new Map<TokenId, number>(), sum: 0 };
  return { maxMatch, experts: [silent, { maxMatch, matchCount: 1, weights, sum }, silent, silent] };
}

test("gate weights are a softmax of the scores of each expert's buckets; the model's score is 0", () => {
  const view = (entropy: number) => ({ entropy, probability: () => 0.5 });
  const near = (shares: number[], expected: number): void => {
    assert.ok(Math.abs(shares[two + 1]! - expected) < 1e-9, String(shares));
    assert.ok(Math.abs(shares[0]! + shares[two + 1]! - 1) < 1e-9);
  };
  near(gateWeights(mixture, view(0.5), predictionOf(2, { 1: 1 })), 0.25 / 1.25);
  near(gateWeights(mixture, view(9), predictionOf(3, { 1: 1 })), 0.75 / 1.75);
  near(gateWeights(mixture, view(0), predictionOf(16, { 1: 1 })), 4 / 5);
});

test("an expert without matches has no gate weight", () => {
  const view = { entropy: 0, probability: () => 0.5 };
  assert.deepEqual(gateWeights(mixture, view, predictionOf(2, {})), [1, 0, 0, 0, 0]);
});

test("the token and its probability are those of the mixture", () => {
  const logits = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
  const prediction = predictionOf(4, { 1: 1 });
  const next = greedy(distributionOf(logits, undefined), prediction, mixture);
  assert.equal(next.token, 1);
  assert.ok(Math.abs(Math.exp(next.logProbability) - (0.8 * 1 + 0.2 * 0.3)) < 1e-6);
  assert.equal(greedy(distributionOf(logits, undefined), undefined, mixture).token, 0);
  assert.equal(greedy(distributionOf(logits, undefined), prediction, undefined).token, 0);
});

test("only allowed tokens are chosen, and probabilities are relative to them", () => {
  const logits = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
  const allowed = [1, 2] as TokenId[];
  const next = greedy(distributionOf(logits, allowed), predictionOf(16, { 0: 0.9, 2: 0.1 }), mixture);
  assert.equal(next.token, 2);
  assert.ok(Math.abs(Math.exp(next.logProbability) - (0.8 + 0.2 * 0.25)) < 1e-6);
});

test("the entropy of a distribution is in nats", () => {
  assert.ok(Math.abs(distributionOf(new Float32Array(8), undefined).entropy - Math.log(8)) < 1e-6);
  assert.ok(distributionOf(Float32Array.from([50, 0, 0]), undefined).entropy < 1e-6);
});

test("matches in other open documents count as 4,096 tokens away", () => {
  const other = { text: textOf("abX "), cursorToken: 0 };
  const alone = new DocumentNgrams(textOf("zz"), nothing, [other]).predict(ids("ab"))!;
  assert.equal(gateWeightOf(alone, two, "X"), 1);
  const both = new DocumentNgrams(textOf("abY"), { from: 1, to: 1 }, [other]).predict(ids("ab"))!;
  assert.equal(both.experts[two]!.matchCount, 2);
  assert.ok(Math.abs(gateWeightOf(both, two, "Y") / gateWeightOf(both, two, "X") - 5) < 0.01);
});

test("another document is searched around its last cursor, and at most four documents are searched", () => {
  const far = { text: textOf(`${".".repeat(20_000)}abX `), cursorToken: 0 };
  assert.equal(new DocumentNgrams(textOf("zz"), nothing, [far]).predict(ids("ab")), undefined);
  const near = new DocumentNgrams(textOf("zz"), nothing, [{ ...far, cursorToken: 20_000 }]).predict(ids("ab"))!;
  assert.equal(near.experts[two]!.matchCount, 1);
  const many = Array.from({ length: 6 }, () => ({ text: textOf("abX "), cursorToken: 0 }));
  assert.equal(new DocumentNgrams(textOf("zz"), nothing, many).predict(ids("ab"))!.experts[two]!.matchCount, 4);
});

test("what follows in other files of the workspace has experts of its own, each file with its weight", () => {
  const workspace = {
    forEachMatch: (_read: readonly TokenId[], visit: (next: number, length: number, weight: number) => void) => {
      visit(ids("X")[0]!, 3, 1);
      visit(ids("Y")[0]!, 4, 0.5);
      visit(ids("Z")[0]!, 4, 0.25);
    },
  };
  const prediction = new DocumentNgrams(textOf("zz"), nothing, [], workspace).predict(ids("abc"))!;
  assert.deepEqual(matchesOf(prediction), [0, 0, 0, 0]);
  const [all, longest] = [4, 5];
  assert.equal(prediction.experts[all]!.matchCount, 3);
  assert.equal(gateWeightOf(prediction, all, "X"), 1 / 1.75);
  assert.equal(gateWeightOf(prediction, longest, "X"), 0);
  assert.equal(gateWeightOf(prediction, longest, "Y"), 0.8);
  assert.equal(prediction.experts[longest]!.maxMatch, 4);
});

test("numbers fitted for the document's experts alone give those of the workspace no weight", () => {
  const workspace = {
    forEachMatch: (_: unknown, visit: (...match: number[]) => void) => {
      visit(ids("X")[0]!, 9, 1);
    },
  };
  const prediction = new DocumentNgrams(textOf("abY"), nothing, [], workspace).predict(ids("ab"))!;
  const scores = { longest: [0], entropy: [0], agreement: [0], model: [0], places: [0] };
  const mixture = { bounds: scores, experts: [scores, scores, scores, scores] };
  const weights = gateWeights(mixture, { entropy: 1, probability: () => 0 }, prediction);
  assert.equal(weights.length, 5);
  const mixed = new MixedDistribution({ entropy: 1, probability: () => 0 }, prediction, mixture);
  assert.equal(mixed.probability(ids("X")[0]!), 0);
});
