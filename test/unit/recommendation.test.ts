import assert from "node:assert/strict";
import test from "node:test";
import { recommendedModel, type Candidate } from "../../src/hub/recommendation.js";
import { memoryBytes } from "../../src/hub/requirements.js";

const sizes: Readonly<Record<string, number>> = { "0.1B": 0.19e9, "0.4B": 0.45e9, "1.5B": 1.5e9, "2.9B": 2.9e9 };
/** The chat formats that are not g1, by model. */
const mute: Readonly<Record<string, "none">> = { "9B code": "none" };

/** Candidates from their names and speeds in tokens per second; undefined if the speed is not known. */
function candidates(speeds: Readonly<Record<string, number | undefined>>): Candidate[] {
  return Object.entries(speeds).map(([name, tokensPerSecond]) => {
    const model = { name, parameters: sizes[name] ?? 9e9, chat: mute[name] ?? ("g1" as const) };
    return { model, tokensPerSecond };
  });
}

const fast = { "0.1B": 100, "0.4B": 40, "1.5B": 14, "2.9B": 7 };
const cases: readonly (readonly [string, Readonly<Record<string, number | undefined>>, number, string | undefined])[] = [
  ["the largest one that writes 10 tokens/s", fast, 64e9, "1.5B"],
  ["10 tokens/s are enough", { ...fast, "2.9B": 10 }, 64e9, "2.9B"],
  ["the order of the list does not matter", { "1.5B": 14, "0.1B": 100 }, 64e9, "1.5B"],
  ["a model that needs more than half of the memory is too large", fast, 3.8e9, "0.4B"],
  ["a model that only completes is not recommended", { "0.4B": 40, "9B code": 30 }, 64e9, "0.4B"],
  ["a slow machine gets no recommendation", { "0.1B": 9, "0.4B": 4 }, 64e9, undefined],
  ["without a speed there is no recommendation", { "0.1B": undefined, "0.4B": undefined }, 64e9, undefined],
  ["a model whose speed is not known is left out", { "0.1B": 100, "0.4B": undefined }, 64e9, "0.1B"],
]; // prettier-ignore

for (const [what, speeds, machineBytes, recommended] of cases) {
  test(`the recommended model: ${what}`, () => {
    assert.equal(recommendedModel(candidates(speeds), machineBytes), recommended);
  });
}

test("a model may use exactly half of the memory", () => {
  const bytes = memoryBytes({ parameters: sizes["1.5B"]! });
  assert.equal(recommendedModel(candidates({ "1.5B": 20 }), 2 * bytes), "1.5B");
  assert.equal(recommendedModel(candidates({ "1.5B": 20 }), 2 * bytes - 1), undefined);
});
