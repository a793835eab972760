import assert from "node:assert/strict";
import test from "node:test";
import type { Calibration } from "../../src/core/calibration.js";
import { type TokenId } from "../../src/core/model.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import type { NothingShown } from "../../src/shared/nothingShown.js";
import { FakeModel } from "../support/fakeModel.js";
import { testEngine } from "../support/testEngine.js";
import { withCursor } from "../support/testInference.js";
import { prefixFormat } from "../support/tokenizer.js";

const uri = "file:///src/a.ts";
const knows = "function add(first, second) {\n  return first + second;\n}\n";
const noScores = { longest: [-Infinity], entropy: [0], agreement: [0], model: [0], places: [0] };
const mixture = { bounds: noScores, experts: [noScores, noScores, noScores, noScores] };

/** Requests a completion at the cursor of `marked`. @returns why nothing is shown; undefined if something is. */
async function reasonAt(
  model: FakeModel,
  marked: string,
  { threshold = 0, trigger = "automatic" }: { threshold?: number; trigger?: "automatic" | "invoked" } = {},
): Promise<NothingShown | undefined> {
  const { engine } = testEngine(model, { limits: { threshold } });
  const { text, line, character } = withCursor(marked);
  engine.documents.open({ uri, headerPath: "src/a.ts" }, text);
  const request = { uri, line, character, rawLine: text.split("\n")[line]! };
  const outcome = await engine.complete(request, { trigger }, neverCancelled);
  return outcome.kind === "nothing" ? outcome.nothing : undefined;
}

test("a completion that is shown has no reason", async () => {
  assert.equal(await reasonAt(new FakeModel({ knows }), "function add(first, second) {\n  ret║"), undefined);
});

test("text after the cursor is a reason only for automatic requests", async () => {
  const marked = "function add(first, second) {\n  ret║ + other";
  assert.deepEqual(await reasonAt(new FakeModel({ knows }), marked), { reason: "midLine" });
  assert.equal(await reasonAt(new FakeModel({ knows }), marked, { trigger: "invoked" }), undefined);
});

test("a text that is not likely enough has its expected correctness and the threshold", async () => {
  const calibration: Calibration = { mixture, correctness: { bias: 0, coefficients: {} } };
  const model = new FakeModel({ knows, calibration });
  const marked = "function add(first, second) {\n  ret║";
  assert.deepEqual(await reasonAt(model, marked, { threshold: 0.65 }), {
    reason: "belowThreshold",
    correctness: 0.5,
    threshold: 0.65,
  });
});

test("a text that saves no more than reading it costs is not shown", async () => {
  const calibration: Calibration = { mixture, correctness: { bias: -1.4, coefficients: {} } };
  const model = new FakeModel({ knows: "let ab\n", calibration });
  assert.deepEqual(await reasonAt(model, "let a║", { threshold: 0.1 }), { reason: "notWorthReading" });
});

test("a model that ends at once wrote nothing", async () => {
  class Ending extends FakeModel {
    override logitsAfter(read: readonly TokenId[]): Float32Array {
      const logits = super.logitsAfter(read);
      logits[0] = 100;
      return logits;
    }
  }
  assert.deepEqual(await reasonAt(new Ending({ knows }), "let a║"), { reason: "nothingWritten" });
});

test("the filter that rejects a text is the reason", async () => {
  const repeats = new FakeModel({ knows: "  return a;\n  return a;\n" });
  assert.deepEqual(await reasonAt(repeats, "  return a;\n  ret║"), { reason: "repeatsAbove" });
  assert.deepEqual(await reasonAt(new FakeModel({ knows }), "function add(first, second) {\n  ret║\n  return first + second;\n}"), { reason: "repeatsBelow" }); // prettier-ignore
});

test("at the start of a document without a header there is nothing to read", async () => {
  const model = new FakeModel({ knows, prompt: { ...prefixFormat, header: undefined } });
  assert.deepEqual(await reasonAt(model, "║"), { reason: "emptyPrompt" });
});
