import assert from "node:assert/strict";
import test from "node:test";
import { prepare } from "../../src/core/completion/preparedRequest.js";
import type { Calibration } from "../../src/core/calibration.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const mixture = { experts: [], bounds: { longest: [], entropy: [], agreement: [], model: [], places: [] } };

for (const [what, calibration] of [
  [
    "with a calibration the document's tokens are copied for its n-grams",
    { mixture, correctness: { bias: 0, coefficients: {} } },
  ],
  ["without a calibration nothing is copied for n-grams", undefined],
] as const satisfies readonly (readonly [string, Calibration | undefined])[]) {
  test(what, () => {
    const inference = testInference(new FakeModel({ knows: "", ...(calibration && { calibration }) }));
    const session = openSession(inference, "let a = 1;\nlet b = a");
    const context = { session, line: 1, linePrefix: "let b = a", prefixMode: "window", neighbors: [] } as const;
    assert.equal(prepare(context, inference, Infinity)?.ngrams !== undefined, calibration !== undefined);
  });
}
