import assert from "node:assert/strict";
import test from "node:test";
import type { Calibration, Correctness } from "../../src/core/calibration.js";
import { beforeRepetition, completePart } from "../../src/core/decoding/confidence.js";
import { expectedCorrectness, featuresAtLineEnd, TextEvidence } from "../../src/core/decoding/expectedCorrectness.js";
import { worthReading } from "../../src/core/decoding/readingBenefit.js";
import { isTextEnd, TextEnds, type TextEnd } from "../../src/core/decoding/textEnds.js";
import type { TokenId } from "../../src/core/model.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";

const correctness = { bias: 3, coefficients: { sum: 1 } };

function chanceOf(...logProbabilities: number[]): number {
  const evidence = new TextEvidence();
  for (const logProbability of logProbabilities) evidence.add({ token: 1 as TokenId, logProbability });
  return expectedCorrectness(correctness, evidence.features("text"));
}

test("the surer the tokens, the likelier the text is right; each further token makes it less likely", () => {
  assert.ok(chanceOf(-0.1) > chanceOf(-1));
  assert.ok(chanceOf(-0.1) > chanceOf(-0.1, -0.1));
});

test("odds beyond any doubt stay finite: tokens of probability 1 and 0", () => {
  const evidence = new TextEvidence();
  evidence.add({ token: 1 as TokenId, logProbability: 0 });
  assert.equal(evidence.features("a").product, 9);
  evidence.add({ token: 1 as TokenId, logProbability: -Infinity });
  assert.equal(evidence.features("a").product, -9);
});

test("the features of a text are those of its tokens and of what they spell", () => {
  const evidence = new TextEvidence();
  const untouched = { sum: 0, least: 0, length: 0, units: 0, model: 0, open: 0, lines: 0, lineEnd: 0, lineEndUnits: 0 };
  assert.deepEqual(evidence.features(" "), { ...untouched, product: 9 });
  evidence.add({ token: 1 as TokenId, logProbability: Math.log(0.5), modelProbability: 0.25 });
  evidence.add({ token: 2 as TokenId, logProbability: Math.log(0.4), modelProbability: 0.001 });
  const { product, sum, least, length, units, model, open, lines } = evidence.features("f(a\n ");
  assert.deepEqual([length, units, open, lines], [Math.log(2), Math.log(3), 1, 0]);
  const expected = [Math.log(0.2 / 0.8), Math.log(0.2), Math.log(0.4), Math.log(0.25) + Math.log(0.006)];
  [product, sum, least, model].forEach((feature, i) => {
    assert.ok(Math.abs(feature - expected[i]!) < 1e-12, `${feature}, not ${expected[i]}`);
  });
  assert.deepEqual([evidence.features("a\nb").lines, evidence.features("f((a)").open], [1, 1]);
  assert.deepEqual(
    ["()", "a)", "[{}]", "a["].map((text) => evidence.features(text).open),
    [0, 0, 0, 1],
  );
});

test("at the end of a line, the length of a text counts once more", () => {
  const evidence = new TextEvidence();
  evidence.add({ token: 1 as TokenId, logProbability: -0.1 });
  const features = evidence.features("four ");
  assert.deepEqual(featuresAtLineEnd(features), { ...features, lineEnd: 1, lineEndUnits: Math.log(4) });
});

test("the odds of a sure text are bounded by one in ten thousand, and expected correctness is a logistic function", () => {
  const evidence = new TextEvidence();
  evidence.add({ token: 1 as TokenId, logProbability: -0.001 });
  assert.ok(Math.abs(evidence.features("a").product - Math.log(Math.exp(-0.001) / (1 - Math.exp(-0.001)))) < 1e-9);
  const { model } = evidence.features("a"); // the mixture's, because the model's own is absent
  assert.ok(Math.abs(model - -0.001) < 1e-12);
  const chance = expectedCorrectness({ bias: Math.log(3), coefficients: { lines: 2 } }, evidence.features("a"));
  assert.ok(Math.abs(chance - 0.75) < 1e-12);
});

/**
 * The parts of a text that are worth showing, the best one first. A `|`, or at the end of a line a `$`, marks where a
 * part may end. The number after it is the probability that the text up to there is right.
 */
function parts(marked: string, threshold: number): string[] {
  const ends: TextEnd[] = [];
  const features = new TextEvidence().features("");
  let text = "";
  for (const [, piece = "", mark = "", chance] of marked.matchAll(/([^|$]*)(?:([|$])([\d.]+))?/g)) {
    text += piece;
    if (chance !== undefined) {
      ends.push({ units: text.length, chance: Number(chance), features, isLineEnd: mark === "$" });
    }
  }
  return worthReading(text, ends, threshold);
}

test("a longer part is offered as long as its chance allows", () => {
  assert.deepEqual(parts("return first|0.9 + second;$0.8", 0.5)[0], "return first + second;");
  assert.deepEqual(parts("return first|0.9 + second;$0.4", 0.5), ["return first"]);
  assert.deepEqual(parts("return first|0.4 + second;$0.9", 0.5), []);
});

test("a whole line is preferred to one that lacks its last character", () => {
  assert.equal(parts("call(value)|0.9;$0.7", 0.5)[0], "call(value);");
});

test("a part that ends in the middle of a construct is offered after one that does not", () => {
  assert.equal(parts("value|0.9[|0.89", 0.5)[0], "value");
  assert.equal(parts("value|0.9 +|0.89", 0.5)[0], "value");
  assert.equal(parts("value|0.9[0]|0.89", 0.5)[0], "value[0]");
});

test("a text that saves no more than reading it costs is not offered", () => {
  assert.deepEqual(parts("ab|0.99", 0.5), []);
  assert.deepEqual(parts(",$0.1", 0.05), []);
  assert.deepEqual(parts("abc|0.3", 0.2), []);
  assert.deepEqual(parts("abc|0.99", 0.5), ["abc"]);
  assert.deepEqual(parts(");$0.9", 0.5), [");"]);
});

test("costs and gains are weighed in saved characters", () => {
  const claims = [
    ["abc|0.47", ["abc"]], // 3 × 0.47 - (0.5 + 3 × 0.8 × 0.1 / 0.9) × 0.53 = 1.004
    ["abc|0.46", []],
    ["abc|0.46 |0.46", []], // the space at the end saves nothing more
    ["ab+|1", ["ab+"]], // 3 - 2 = 1
    [";$0.29", [";"]], // 0.29 + 4 × 0.29 - (0.5 + 0.8 × 0.1 / 0.9) × 0.71 = 1.03
    [";$0.28", []],
  ] as const;
  for (const [marked, expected] of claims) assert.deepEqual(parts(marked, 0.1), expected, marked);
  assert.deepEqual(parts("abcdefghijklm|0.5", 0.5), ["abcdefghijklm"]); // exactly the threshold
});

test("the higher the threshold, the more a wrong suggestion costs, above all a long one", () => {
  const [short, long] = ["abc|0.68", "value|0.9 again|0.72"];
  assert.deepEqual(parts(short, 0.5), ["abc"]);
  assert.deepEqual(parts(short, 0.6), []);
  assert.equal(parts(long, 0.5)[0], "value again");
  assert.equal(parts(long, 0.7)[0], "value");
});

test("the indentation of further lines costs nothing, as it saves nothing", () => {
  const shown = (indent: string): number => {
    const lines = `first();$0.9\n${indent}second();$0.8\n${indent}third();$0.75`;
    return parts(lines, 0.62)[0]!.split("\n").length;
  };
  assert.deepEqual(
    [2, 8, 24].map((columns) => shown(" ".repeat(columns))),
    [3, 3, 3],
  );
});

test("a multi-line text may end at the end of any line, even within a token", () => {
  const ends = new TextEnds({ bias: 9, coefficients: {} });
  let text = "";
  for (const piece of ["first", "();\n  ", "second", "();\n", "third"]) {
    const units = text.length;
    text += piece;
    ends.add({ token: 1 as TokenId, logProbability: -0.1 }, text, units);
  }
  const found = ends.finished(undefined)!.map(({ units }) => text.slice(0, units));
  assert.deepEqual(found, ["first", "first();", "first();\n  second();"]);
  assert.equal(worthReading(text, ends.finished(undefined)!, 0.5)[0], "first();\n  second();");
});

test("a text may end after a word or a punctuation mark, but after its first line only at the end of a line", () => {
  const text = "first(a);\n  second(b);\n";
  const ends = Array.from({ length: text.length }, (_, units) => units).filter((units) => isTextEnd(text, units));
  assert.deepEqual(ends, [5, 6, 7, 8, 9, 22]);
});

const known = "function add(first, second) {\n  return first + second;\n}\n";
const noScores = { longest: [-Infinity], entropy: [0], agreement: [0], model: [0], places: [0] };
const mixture = { bounds: noScores, experts: [noScores, noScores, noScores, noScores] };

/** Expected correctness falls with each token by the same factor, so the threshold alone decides how much is shown. */
function inferenceWith(
  threshold: number,
  fitted: Correctness = { bias: 12, coefficients: { sum: 1 } },
): ReturnType<typeof testInference> {
  const calibration: Calibration = { mixture, correctness: fitted };
  return testInference(new FakeModel({ knows: known, calibration }), { limits: { threshold } });
}

test("an automatic completion ends when its expected correctness falls below the threshold", async () => {
  const shown = async (threshold: number): Promise<string> => {
    const inference = inferenceWith(threshold);
    return complete(inference, openSession(inference, ""), "function add(first, second) {\n  ret║");
  };
  const eager = await shown(0.01);
  const careful = await shown(0.99);
  assert.ok(careful.length < eager.length, `${careful} against ${eager}`);
  assert.ok(known.includes(careful.replace(/[├┤]/g, "").trim()));
});

test("an invoked request shows the whole text, even if the automatic completion was cut", async () => {
  const inference = inferenceWith(0.9999);
  const session = openSession(inference, "");
  const marked = "function add(first, second) {\n  ret║";
  const automatic = await complete(inference, session, marked);
  assert.notEqual(automatic, "  ret├urn first + second;┤");
  assert.equal(await complete(inference, session, marked, { trigger: "invoked" }), "  ret├urn first + second;┤");
});

test("if a whole line is dropped because it repeats the one above, a part of it is shown", async () => {
  const above = "function add(first, second) {\n  return first + second;\n";
  const knows = `${above}  return first + second;\n}\n`;
  const calibration: Calibration = { mixture, correctness: { bias: 12, coefficients: { sum: 1 } } };
  for (const threshold of [0, 0.1]) {
    const inference = testInference(new FakeModel({ knows, calibration }), { limits: { threshold } });
    const shown = await complete(inference, openSession(inference, ""), `${above}  ║`);
    assert.match(shown, /├return first/, `${threshold}`);
    assert.doesNotMatch(shown, /;┤/);
  }
});

test("after a rejection a completion on the same line must be surer", async () => {
  const shown = async (isRejected: boolean): Promise<string> => {
    const inference = inferenceWith(0.5, { bias: 1.2, coefficients: { sum: 0.1 } });
    const session = openSession(inference, "");
    const above = "function add(first, second) {\n";
    if (isRejected) {
      assert.match(await complete(inference, session, `${above}  ║`), /├return/);
      assert.doesNotMatch(await complete(inference, session, `${above}  x║`), /├eturn/);
    }
    return complete(inference, session, `${above}  ret║`);
  };
  const [surer, usual] = [await shown(true), await shown(false)];
  assert.ok(surer.length < usual.length, `${surer} against ${usual}`);
});

test("a text cut by time or a limit loses its incomplete last word or line, unless too little remains", () => {
  assert.equal(completePart("return first + sec"), "return first +");
  assert.equal(completePart("first();\n  second(a, b);\n  thi"), "first();\n  second(a, b);");
  assert.equal(completePart("first();\n  second(a, b"), "first();");
  assert.equal(completePart("\n  second(a, b"), "\n  second(a, b");
  assert.equal(completePart("getElem"), "getElem");
  assert.equal(completePart("= getElem"), "= getElem");
});

test("a completion that low confidence cut short is extended as the user types it, before too little of it is left", async () => {
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

test("a text that a limit cut off keeps at least three characters", () => {
  assert.equal(completePart("ab cde"), "ab cde");
  assert.equal(completePart("abc def"), "abc");
});

for (const [text, expected] of [
  ["a = b;\nc = d;\nc = d;", "a = b;\nc = d;"],
  ["a\nb", "a"],
  ["\nb", ""],
  ["It is. It is. It is", "It is. It is."],
  ["Is it? Yes! Yes", "Is it? Yes!"],
  ["a.b a.b a.b", ""],
  ["", ""],
] as const) {
  test(`of a text that ends in a repetition, complete lines or sentences are left: ${JSON.stringify(text)}`, () => {
    assert.equal(beforeRepetition(text), expected);
  });
}
