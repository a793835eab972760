import assert from "node:assert/strict";
import test from "node:test";
import type { Calibration } from "../../src/core/calibration.js";
import { firstOf } from "../../src/core/engine/engineOptions.js";
import { completerLimits } from "../../src/server/engineSettings.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { defaultSettings, type ServerSettings } from "../../src/shared/protocol.js";
import { FakeModel } from "../support/fakeModel.js";
import { testEngine } from "../support/testEngine.js";
import { withCursor } from "../support/testInference.js";
import type { CompleterLimits } from "../../src/core/completion/completer.js";

const knows = "function add(first, second) {\n  return first + second * third - fourth / fifth;\n}\n";
const { text, line, character } = withCursor("function add(first, second) {\n  ret║");
const uri = "file:///src/a.ts";

const noScores = { longest: [-Infinity], entropy: [0], agreement: [0], model: [0], places: [0] };
/** Expected correctness falls a little with each token, so different thresholds show texts of different lengths. */
const calibration: Calibration = {
  mixture: { bounds: noScores, experts: [noScores, noScores, noScores, noScores] },
  correctness: { bias: 2, coefficients: { sum: 0.06 } },
};

/** The text that an automatic request shows at the cursor. */
async function shownWithin(limits: Partial<CompleterLimits>): Promise<string> {
  const { engine } = testEngine(new FakeModel({ knows, calibration }), { limits });
  engine.documents.open({ uri, headerPath: "src/a.ts" }, text);
  const request = { uri, line, character, rawLine: text.split("\n")[line]! };
  return firstOf(await engine.complete(request, { trigger: "automatic" }, neverCancelled))?.text ?? "";
}

function shownWith(settings: Partial<ServerSettings>): Promise<string> {
  return shownWithin({ ...completerLimits({ ...defaultSettings, ...settings }), timeBudgetMs: Infinity });
}

test("each level of the setting is a threshold of its own; without a setting it is `balanced`", async () => {
  const levels = { careful: 0.62, balanced: 0.4, eager: 0.22, always: 0 } as const;
  const expected = await Promise.all(Object.values(levels).map((threshold) => shownWithin({ threshold })));
  assert.equal(new Set(expected).size, 4, JSON.stringify(expected));
  const shown = Object.keys(levels).map((level) => shownWith({ confidence: level as keyof typeof levels }));
  assert.deepEqual(await Promise.all(shown), expected);
  assert.equal(await shownWith({}), await shownWithin({ threshold: 0.4 }));
});
