import assert from "node:assert/strict";
import test from "node:test";
import { DocumentNgrams } from "../../src/core/decoding/documentNgrams.js";
import { PredictionBuilder, type NgramPrediction } from "../../src/core/decoding/ngramPrediction.js";
import { bucketsOf, gateWeights, MixedDistribution } from "../../src/core/decoding/mixture.js";
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
/** Indices of the experts in a prediction: matches of one, two and five tokens, and the nearest match. */
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
  const [last, first] = [far(32_761)!, far(32_762)!]; // just within and just outside the search radius
  assert.deepEqual(
    [matchesOf(last), matchesOf(first)],
    [
      [2, 2, 0, 2],
      [1, 1, 0, 1],
    ],
  );
  const text = textOf(`bX${".".repeat(5000)}bY `);
  assert.deepEqual(matchesOf(new DocumentNgrams(text, { from: 5004, to: 5004 }).predict(ids("b"))!), [1, 0, 0, 1]);
});

test("a match has at most sixteen tokens, and one at the end of the text predicts nothing", () => {
  const read = ids("0123456789abcdefgh");
  assert.equal(new DocumentNgrams(textOf("0123456789abcdefghX "), nothing).predict(read)!.maxMatch, 16);
  assert.deepEqual(matchesOf(new DocumentNgrams(textOf("abX ab"), nothing).predict(ids("ab"))!), [1, 1, 0, 1]);
  assert.deepEqual(matchesOf(new DocumentNgrams(textOf("aaX"), nothing).predict(ids("a"))!), [2, 0, 0, 2]);
});

test("a match weighs less with its distance, and the longest ones have an expert of their own", () => {
  const token = 1 as TokenId;
  const weights = (...matches: readonly (readonly [match: number, distance: number])[]): readonly unknown[] => {
    const builder = new PredictionBuilder();
    for (const [match, distance] of matches) builder.add(token, match, distance);
    const { experts } = builder.build()!;
    return [one, nearest].map((expert) => experts[expert]!.weights.get(token));
  };
  assert.deepEqual(weights([2, 0]), [1, 1]);
  assert.deepEqual(weights([2, 1024], [3, 16]), [0.5 + 64 / 65, 0.5]);
  assert.deepEqual(weights([1, 4095]), [1024 / 5119, 16 / 4111]);
  assert.equal(new PredictionBuilder().build(), undefined);
});

test("a single token counts only within 4,096 tokens, so not in other documents", () => {
  const builder = new PredictionBuilder();
  builder.add(1, 1, 4096);
  assert.equal(builder.build(), undefined);
  const other = { text: textOf("abX "), cursorToken: 0 };
  assert.equal(new DocumentNgrams(textOf("zz"), nothing, [other]).predict(ids("b")), undefined);
});

test("far down in a document its cursor's line is not searched either, but the lines around it are", () => {
  const above = ".".repeat(40_000);
  const text = textOf(`${above}abY\nabX`);
  const prediction = new DocumentNgrams(text, { from: 40_000, to: 40_004 }).predict(ids("ab"))!;
  assert.deepEqual([gateWeightOf(prediction, two, "X"), matchesOf(prediction)], [1, [1, 1, 0, 1]]);
});

test("the cursor's own line is not searched", () => {
  const text = textOf("abX\nabY\nab");
  assert.equal(new DocumentNgrams(text, { from: 8, to: 10 }).predict(ids("ab"))!.experts[two]!.matchCount, 2);
  assert.equal(new DocumentNgrams(textOf("abX"), { from: 0, to: 3 }).predict(ids("ab")), undefined);
  assert.equal(new DocumentNgrams(textOf("abX"), { from: 2, to: 3 }).predict(ids("ab")), undefined);
});

test("text that is inserted during decoding does not change predictions", () => {
  const text = textOf("abX ab");
  const ngrams = new DocumentNgrams(text, { from: 4, to: 6 });
  text.replace(0, 1, Buffer.from("abY abY z"));
  assert.equal(gateWeightOf(ngrams.predict(ids("ab"))!, two, "X"), 1);
});

/** Bucket bounds for a mixture in which only the length of the match and the model's entropy matter. */
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
  const alone = greedy(distributionOf(logits, undefined), undefined, mixture);
  assert.ok(Math.abs(Math.exp(alone.logProbability) - 0.6) < 1e-6);
});

test("a proposed token is chosen only if it is likelier than the others; its probability in the model is reported", () => {
  const logits = Float32Array.from([0.5, 0.25, 0.25], (share) => 3 + Math.log(share));
  const chosen = (prediction: NgramPrediction) => greedy(distributionOf(logits, undefined), prediction, mixture);
  assert.equal(chosen(predictionOf(2, { 1: 1 })).token, 0);
  const first = chosen(predictionOf(16, { 1: 1, 2: 1 }));
  assert.equal(first.token, 1);
  assert.ok(Math.abs(first.modelProbability! - 0.25) < 1e-6);
});

test("scores of any size give weights", () => {
  const view = { entropy: 0, probability: () => 0.5 };
  const sure = { bounds, experts: [never, { ...even, longest: [800, 800] }, never, never] };
  assert.deepEqual(gateWeights(sure, view, predictionOf(2, { 1: 1 })), [0, 0, 1, 0, 0]);
});

test("an expert's buckets are those of its most likely token", () => {
  const finer = { ...bounds, agreement: [0, 0.6], model: [0, 0.3, 0.6] };
  const view = { entropy: 0, probability: (token: TokenId) => token / 10 };
  const bucketsFor = (followers: Readonly<Record<number, number>>) =>
    bucketsOf(finer, view, predictionOf(2, followers).experts[two]!)!;
  const { agreement, model } = bucketsFor({ 3: 2, 7: 1 });
  assert.deepEqual([agreement, model], [1, 1]);
  assert.equal(bucketsFor({ 3: 1, 7: 1 }).model, 1); // equally likely, so the first counts
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
  const within = (text: string) => new DocumentNgrams(textOf("zz"), nothing, [{ text: textOf(text), cursorToken: 0 }]);
  assert.equal(within(`${".".repeat(8189)}abX `).predict(ids("ab"))!.maxMatch, 2);
  assert.equal(within(`${".".repeat(8190)}abX `).predict(ids("ab")), undefined);
  assert.equal(within("abX").predict(ids("ab")), undefined); // the last token might continue beyond the text
  const many = Array.from({ length: 6 }, () => ({ text: textOf("abX "), cursorToken: 0 }));
  assert.equal(new DocumentNgrams(textOf("zz"), nothing, many).predict(ids("ab"))!.experts[two]!.matchCount, 4);
});

test("what follows in other files of the workspace has experts of its own, each file with its weight", () => {
  const workspace = {
    forEachMatch: (_read: readonly TokenId[], visit: (next: number, length: number, weight: number) => void) => {
      visit(ids("X")[0]!, 3, 1);
      visit(ids("Y")[0]!, 4, 0.5);
      visit(ids("Z")[0]!, 4, 0.25);
      visit(ids("Z")[0]!, 2, 1);
    },
  };
  const prediction = new DocumentNgrams(textOf("zz"), nothing, [], workspace).predict(ids("abc"))!;
  assert.deepEqual(matchesOf(prediction), [0, 0, 0, 0]);
  const [all, longest] = [4, 5];
  assert.equal(prediction.experts[all]!.matchCount, 4);
  assert.equal(gateWeightOf(prediction, all, "X"), 1 / 2.75);
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
