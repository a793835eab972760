import assert from "node:assert/strict";
import test from "node:test";
import { possibleRepetitionStop, repetitionAtEnd, repetitionStop } from "../../src/core/decoding/repetitionStops.js";
import { randomFrom } from "../support/random.js";

test("text that repeats itself stops after the first of at least three copies with 64 characters in all", () => {
  assert.equal(repetitionStop(`x = ${"foo(1, ".repeat(10)}`), "x = foo(1, ".length);
  assert.equal(repetitionStop(`x = ${"foo(1, ".repeat(9)}`), undefined);
  assert.equal(repetitionStop("callbacks.register();\n".repeat(3)), "callbacks.register();\n".length);
  assert.equal(repetitionStop("callbacks.register(handler);\n".repeat(2)), undefined);
  assert.equal(repetitionStop(`x = ${"foo(1, bar(1, ".repeat(4)}foo(1, `), undefined);
  assert.equal(repetitionStop(`// ${"1-".repeat(40)}`), "// 1-1-".length);
});

for (const [claim, text, stop] of [
  ["are a repetition", "foo();\n  foo();\n  foo();\n  foo();\n", "foo();\n  foo();".length],
  ["are a repetition even if punctuation follows each", "a || size || size || size || size ||", "a || size ||".length],
  ["are no repetition if they are too short", "very very very very", undefined],
  ["are no repetition if they are numbers", "    0,    1,    1,    1,    1,    1,", undefined],
  ["are no repetition if they are punctuation, as in a table", "| --- | --- | --- | --- | --- |", undefined],
  ["are no repetition if something else is at the end", "foo();\n  foo();\n  foo();\n  foo();\n}", undefined],
] as const)
  test(`copies at the end of a text ${claim}`, () => {
    assert.equal(repetitionAtEnd(text), stop);
  });

for (const text of [
  "[true, true, true, false]",
  "foo(null, null, null, null, null, timeout);",
  "create function f(text, text, text, text, bool);",
  "    1,    0,    0,    0,    0,    0,    0,    2,",
  "{ 0, 0, 1 },\n  { 0, 0, 1 },\n  { 0, 0, 1 },\n  { 0, 0, 1 },\n  { 1, 0, 1 },",
  "| yes | no | no | no | no | yes |",
  'magic = "\\x00\\x00\\x00\\x00\\x00\\x00\\x01";',
  "b = dirname(dirname(dirname(a)));",
  "a = '00000000-0000-0000-0000-000000000000';",
])
  test(`an item may recur several times: ${JSON.stringify(text)}`, () => {
    for (let end = 0; end <= text.length; end++) assert.equal(repetitionStop(text.slice(0, end)), undefined);
  });

test("a suffix counts as varied only if its last 200 characters are varied", () => {
  assert.notEqual(repetitionStop(`x${"-=".repeat(99)}-`.repeat(5)), undefined);
  assert.equal(repetitionStop(`x${"-".repeat(200)}`.repeat(5)), undefined);
});

test("a ruler of one character is not a repetition, and one of two characters only from 200 characters on", () => {
  for (const sign of ["-", "="]) assert.equal(repetitionStop(`//${sign.repeat(300)}`), undefined);
  for (const signs of ["-=", "- ", "---- ", "+---", "#\n"]) {
    const ruler = signs.repeat(200).slice(0, 239);
    const growing = Array.from(ruler, (_, i) => ruler.slice(0, i + 1));
    assert.equal(growing.findIndex((soFar) => repetitionStop(soFar) !== undefined) + 1, 200, signs);
    assert.equal(possibleRepetitionStop(ruler), undefined);
  }
});

test("the copies of a ruler have both of its characters", () => {
  assert.equal(repetitionStop(`+${"-".repeat(66)}`.repeat(3)), 67);
  assert.equal(repetitionStop(`${"+-".repeat(80)}${"-".repeat(90)}`), undefined);
});

/** Implements the doc comment of `repetitionStop` literally, without regard to speed. */
function afterFirstCopy(text: string): number | undefined {
  for (let period = 4; period * 3 <= text.length; period++) {
    const last = text.slice(-period);
    const isRuler = new Set(last).size === 2 && !/[\p{L}\p{N}]/u.test(last);
    let copies = 1;
    while (text.endsWith(last.repeat(copies + 1))) copies++;
    if (new Set(last).size > 1 && copies >= 3 && copies * period >= (isRuler ? 200 : 64))
      return text.length - (copies - 1) * period;
  }
  return undefined;
}

test("a text that ends with enough equal substrings is a repetition", () => {
  const random = randomFrom(7);
  let found = 0;
  for (let i = 0; i < 4000; i++) {
    const unit = Array.from({ length: 1 + random.below(25) }, () => random.pick(["a", "b", "-", " ", "\n", "😀", "é"]));
    const text = ["x=", ...Array.from({ length: 3 + random.below(8) }, () => unit.join(""))].join("");
    const cut = repetitionStop(text);
    assert.equal(cut, afterFirstCopy(text), JSON.stringify(text));
    if (cut !== undefined) found++;
  }
  assert.ok(found > 1000 && found < 3900, `${found} repetitions`);
});
