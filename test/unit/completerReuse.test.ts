import assert from "node:assert/strict";
import test from "node:test";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";

const known = "function add(first, second) {\n  return first + second;\n}\nadd(1, 2);\n";

for (const [claim, timeBudgetMs, isReused] of [
  ["that the model ended needs no further run", Infinity, true],
  ["that time ended is made again", 0, false],
] as const) {
  test(`at the same position, a completion ${claim}`, async () => {
    const model = new FakeModel({ knows: known });
    const inference = testInference(model, { limits: { timeBudgetMs } });
    const session = openSession(inference, "");
    const marked = "function add(first, second) {\n  return║";
    const shown = await complete(inference, session, marked);
    const runs = model.runs.length;
    assert.equal(await complete(inference, session, marked), shown);
    assert.deepEqual([model.runs.length === runs, inference.counter.counts.reused], [isReused, Number(isReused)]);
  });
}

test("a completion from a window stays as long as much of it is left; after that, or by command, a better one is made", async () => {
  for (const [typed, trigger, isReused] of [
    ["fi", "automatic", true],
    ["first, s", "automatic", true],
    ["first, se", "automatic", false],
    ["fi", "invoked", false],
  ] as const) {
    const model = new FakeModel({ knows: known });
    const inference = testInference(model);
    const session = openSession(inference, "");
    const above = Array.from({ length: 300 }, (_, i) => `const value${i} = compute(${i});\n`).join("");
    const shown = "first, second) {";
    assert.equal(await complete(inference, session, `${above}function add(║`), `function add(├${shown}┤`);
    const runs = model.runs.length;
    const rest = `function add(${typed}├${shown.slice(typed.length)}┤`;
    assert.equal(await complete(inference, session, `${above}function add(${typed}║`, { trigger }), rest);
    assert.deepEqual([model.runs.length === runs, inference.counter.counts.reused], [isReused, Number(isReused)]);
  }
});

const noScores = { longest: [-Infinity], entropy: [0], agreement: [0], model: [0], places: [0] };
const mixture = { bounds: noScores, experts: [noScores, noScores, noScores, noScores] };

for (const [threshold, isShown] of [
  [0.45, false],
  [0.35, true],
] as const) {
  test(`after a rejection on the line, a text that is right with 0.5 is ${isShown ? "still" : "not"} shown at ${threshold}`, async () => {
    const calibration = { mixture, correctness: { bias: 0, coefficients: {} } };
    const model = new FakeModel({ knows: "  firmly();\n  firstOne();\n", calibration });
    const inference = testInference(model, { limits: { threshold } });
    const session = openSession(inference, "");
    assert.equal(await complete(inference, session, "  fir║"), "  fir├stOne();┤");
    assert.equal(await complete(inference, session, "  firm║"), isShown ? "  firm├ly();┤" : "  firm");
    assert.equal(await complete(inference, session, "  firm║", { trigger: "invoked" }), "  firm├ly();┤");
  });
}

test("a whole line before a line's text ends with a newline; if it must not be shown, no part of it is shown instead", async () => {
  const calibration = { mixture, correctness: { bias: 0, coefficients: {} } };
  const known = "def f(x):\n  print(x)\n  print(x)\n  log(x)\n";
  for (const [document, expected] of [
    ["def f(x):\n  print(x)\n  print(x)\n  ║return x", "  ├log(x)\n  ┤return x"],
    ["def f(x):\n  print(x)\n  ║return x", "  return x"],
  ] as const) {
    const inference = testInference(new FakeModel({ knows: known, calibration }));
    const session = openSession(inference, "");
    assert.equal(await complete(inference, session, document, { trigger: "invoked" }), expected);
  }
});

test("a disposed completer disposes of its reader after the last request", async () => {
  const model = new FakeModel({ knows: known });
  const open = model.open.bind(model);
  let readers = 0;
  model.open = (from) => {
    readers++;
    return { ...open(from), dispose: () => readers-- };
  };
  const inference = testInference(model);
  const session = openSession(inference, "");
  const asked = complete(inference, session, "function add(first, second) {\n  ret║");
  await inference.completer.dispose();
  assert.equal(readers, 0);
  assert.equal(await asked, "  ret├urn first + second;┤");
});
