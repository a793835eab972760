import assert from "node:assert/strict";
import test from "node:test";
import { AlternativeGenerator } from "../../src/core/completion/alternatives.js";
import { distributionOf } from "../../src/core/decoding/distribution.js";
import { randomFrom, sampleTopP } from "../../src/core/decoding/sampler.js";
import { type TokenId } from "../../src/core/model.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const probabilities = [0.5, 0.3, 0.15, 0.05];
const model = distributionOf(Float32Array.from(probabilities, Math.log), undefined);

function shares(count: number, draw: ReturnType<typeof sampleTopP>, guess?: Parameters<typeof draw>[1]): number[] {
  const even = { longest: [0], entropy: [0], agreement: [0], model: [0], places: [0] };
  const mixture = { bounds: even, experts: [even] };
  const counts = probabilities.map(() => 0);
  for (let i = 0; i < count; i++) counts[draw(model, guess, mixture).token]! += 1 / count;
  return counts;
}

test("tokens are drawn as often as their sharpened probabilities say, and never from the tail", () => {
  const drawn = shares(20_000, sampleTopP(randomFrom(1)));
  const sharpened = probabilities.slice(0, 3).map((p) => p ** (1 / 0.8));
  const sum = sharpened.reduce((a, b) => a + b, 0);
  sharpened.forEach((weight, i) => {
    assert.ok(Math.abs(drawn[i]! - weight / sum) < 0.015, `${drawn[i]} of token ${i}`);
  });
  assert.equal(drawn[3], 0);
});

test("the document's n-grams also count when drawing", () => {
  const guess = {
    maxMatch: 4,
    experts: [{ maxMatch: 4, matchCount: 1, weights: new Map([[3 as TokenId, 1]]), sum: 1 }],
  };
  const drawn = shares(2000, sampleTopP(randomFrom(1)), guess);
  assert.ok(drawn[3]! > 0.4);
  assert.equal(drawn[2], 0); // mixed with the n-grams, it has become the least likely token
});

test("the reported probability of a sampled token is the mixture's, not the sharpened one", () => {
  const { token, logProbability } = sampleTopP(randomFrom(1))(model, undefined, undefined);
  assert.ok(Math.abs(Math.exp(logProbability) - probabilities[token]!) < 1e-6);
});

test("with many tokens, all or some of them allowed, the drawn ones are the most likely ones", () => {
  const numbers = randomFrom(5);
  for (let i = 0; i < 200; i++) {
    const logits = Float32Array.from({ length: 500 }, () => Math.floor(numbers() * 40) / 4);
    const tokens = Array.from(logits.keys(), (token) => token as TokenId);
    const allowed = i % 2 === 0 ? undefined : tokens.filter((token) => token % 3 === 1).reverse();
    const distribution = distributionOf(logits, allowed);
    const likely = (allowed ?? tokens)
      .filter((token) => logits[token]! > logits[distribution.top]! - 7)
      .sort((a, b) => logits[b]! - logits[a]!)
      .slice(0, 40);
    const random = { temperature: 1, topP: 1 };
    // A random number of 0 draws the first of the kept tokens, and 1 draws the last.
    assert.equal(sampleTopP(() => 0, random)(distribution, undefined, undefined).token, likely[0]);
    assert.equal(sampleTopP(() => 1, random)(distribution, undefined, undefined).token, likely.at(-1));
  }
});

test("the limits are exact: as many tokens as reach the sum, and none seven below the best", () => {
  const even = distributionOf(new Float32Array(2), undefined);
  const first = sampleTopP(() => 0.99, { temperature: 1, topP: 0.5 })(even, undefined, undefined);
  const second = sampleTopP(() => 0.5, { temperature: 1, topP: 1 })(even, undefined, undefined);
  assert.deepEqual([first.token, second.token], [0, 1]);
  const unlikely = distributionOf(Float32Array.from([7, 0, 0.25]), undefined);
  assert.equal(sampleTopP(() => 1, { temperature: 1, topP: 1 })(unlikely, undefined, undefined).token, 2);
});

test("random numbers are the same for the same seed", () => {
  const next = randomFrom(1);
  assert.deepEqual([next(), next(), next()], [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
});

/** Generates up to five alternatives after "const ". @returns their texts, and the model, which counted its runs. */
async function drawn(isOverdue: () => boolean): Promise<{ found: readonly string[]; model: FakeModel }> {
  const fake = new FakeModel({ knows: "const first = compute(1, 2);\n" });
  const inference = testInference(fake);
  const session = openSession(inference, "const first = compute(1, 2);\nconst ");
  const context = {
    session,
    line: 1,
    linePrefix: "const ",
    afterCursor: "",
    prefixMode: "full",
    neighbors: [],
  } as const;
  const options = { count: 5, maxTokens: 16, isOverdue, cancellation: neverCancelled };
  const found = await new AlternativeGenerator(inference).generate(context, options);
  return { found: found.map(({ text }) => text), model: fake };
}

test("the prompt is read once, however many alternatives there are", async () => {
  const { found, model: fake } = await drawn(() => false);
  assert.ok(found.length >= 1);
  assert.equal(new Set(found).size, found.length);
  assert.equal(fake.runs.filter((tokens) => tokens > 1).length, 1);
});

test("nothing more is drawn when time is up", async () => {
  assert.deepEqual((await drawn(() => true)).found, []);
});
