import assert from "node:assert/strict";
import test from "node:test";
import type { Calibration } from "../../src/core/calibration.js";
import { confidentPart, expectedCorrectness, isConfident, completePart } from "../../src/core/decoding/confidence.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";

const correctness = { bias: 3, sum: 1, least: 0, length: 0 };

test("the surer the tokens, the likelier the text is right; each more makes it less so", () => {
  assert.ok(expectedCorrectness(correctness, [-0.1]) > expectedCorrectness(correctness, [-1]));
  assert.ok(expectedCorrectness(correctness, [-0.1]) > expectedCorrectness(correctness, [-0.1, -0.1]));
});

test("without fitted numbers, or with a threshold of 0, everything passes", () => {
  assert.equal(isConfident({ correctness: undefined, threshold: 0.9 }, [-99]), true);
  assert.equal(isConfident({ correctness, threshold: 0 }, [-99]), true);
  assert.equal(isConfident({ correctness, threshold: 0.5 }, [-99]), false);
});

test("where confidence ends within a word the whole word goes, and what is left of under three characters", () => {
  assert.equal(confidentPart("return total;", 10), "return");
  assert.equal(confidentPart("return total;", 12), "return total");
  assert.equal(confidentPart("a bcd", 3), "");
});

const known = "function add(first, second) {\n  return first + second;\n}\n";
const noScores = { longest: [-Infinity], entropy: [0], agreement: [0], model: [0], places: [0] };
const mixture = { bounds: noScores, experts: [noScores, noScores, noScores, noScores] };

/** The fake model is equally unsure of every token: how much is shown depends on the threshold alone. */
function inferenceWith(threshold: number): ReturnType<typeof testInference> {
  const calibration: Calibration = { mixture, correctness: { bias: 12, sum: 1, least: 0, length: 0 } };
  return testInference(new FakeModel({ knows: known, calibration }), { limits: { threshold } });
}

test("an automatic answer ends where its expected correctness falls under the threshold", async () => {
  const shown = async (threshold: number): Promise<string> => {
    const inference = inferenceWith(threshold);
    return complete(inference, openSession(inference, ""), "function add(first, second) {\n  ret║");
  };
  const eager = await shown(0.01);
  const careful = await shown(0.99);
  assert.ok(careful.length < eager.length, `${careful} against ${eager}`);
  assert.ok(known.includes(careful.replace(/[├┤]/g, "").trim()));
});

test("whoever asks sees what there is, also where an automatic answer was cut", async () => {
  const inference = inferenceWith(0.9999);
  const session = openSession(inference, "");
  const marked = "function add(first, second) {\n  ret║";
  const automatic = await complete(inference, session, marked);
  assert.notEqual(automatic, "  ret├urn first + second;┤");
  assert.equal(await complete(inference, session, marked, { trigger: "invoked" }), "  ret├urn first + second;┤");
});

test("if the whole of a line is dropped since it repeats the one above, what a stricter setting shows of it is shown", async () => {
  const above = "function add(first, second) {\n  return first + second;\n";
  const shown = async (threshold: number, otherThresholds?: readonly number[]): Promise<string> => {
    const knows = `${above}  return first + second;\n}\n`;
    const calibration: Calibration = { mixture, correctness: { bias: 6, sum: 1, least: 0, length: 0 } };
    const limits = { threshold, ...(otherThresholds === undefined ? {} : { otherThresholds }) };
    const inference = testInference(new FakeModel({ knows, calibration }), { limits });
    return complete(inference, openSession(inference, ""), `${above}  ║`);
  };
  assert.equal(await shown(0), "  ");
  const sure = await shown(0.5);
  assert.equal(sure, "  ├return first┤");
  assert.equal(await shown(0, [0.5]), sure);
});

test("of more than one line only whole ones are shown", () => {
  const text = "first();\n  second(a, b);\n  thi";
  assert.equal(confidentPart(text, text.indexOf("a, b")), "first();");
  assert.equal(confidentPart(text, text.indexOf("\n  thi")), "first();\n  second(a, b);");
  assert.equal(confidentPart(text, text.length), "first();\n  second(a, b);");
  assert.equal(confidentPart(text, text.indexOf("rst")), "");
});

test("what time or a limit cut off loses the word or line that may go on, unless little else is left", () => {
  assert.equal(completePart("return first + sec"), "return first +");
  assert.equal(completePart("first();\n  second(a, b);\n  thi"), "first();\n  second(a, b);");
  assert.equal(completePart("getElem"), "getElem");
  assert.equal(completePart("= getElem"), "= getElem");
});

test("an answer that confidence ended goes on while it is typed along, before its rest is a stub", async () => {
  const inference = inferenceWith(0.5);
  const session = openSession(inference, "");
  const shown = async (line: string): Promise<string> => {
    const asked = await complete(inference, session, `function add(first, second) {\n  ${line}║`);
    return /├(.*)┤/.exec(asked)?.[1] ?? "";
  };
  const first = await shown("ret");
  assert.ok(first.length >= 9 && !first.endsWith(";"), first);
  assert.equal(await shown(`ret${first.slice(0, 1)}`), first.slice(1));
  assert.equal(inference.counter.counts.reused, 1);
  const typed = first.length - 4;
  const later = await shown(`ret${first.slice(0, typed)}`);
  assert.ok(later.length > 4 && later.startsWith(first.slice(typed)), `${later} behind ${first}`);
  assert.equal(inference.counter.counts.reused, 1);
});

test("two characters are too few to be shown, three are enough", () => {
  assert.equal(confidentPart("ab cde", 4), "");
  assert.equal(confidentPart("abc def", 5), "abc");
  assert.equal(completePart("ab cde"), "ab cde");
  assert.equal(completePart("abc def"), "abc");
});
