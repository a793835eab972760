import assert from "node:assert/strict";
import test from "node:test";
import { WrittenText } from "../../src/core/completion/writtenText.js";
import { repetitionStop } from "../../src/core/decoding/repetitionStops.js";
import type { Insertion } from "../../src/core/structure/insertionPoint.js";
import { pointIn } from "../support/testInference.js";

interface Options {
  readonly path?: string;
  readonly missing?: string;
}

/**
 * The parts of a text that are sent at the cursor of `marked`: while the text grows, and when it ends. A number after a
 * part is the number of UTF-16 code units after the cursor that the part replaces.
 */
function sent(marked: string, growing: readonly string[], { path = "src/a.ts", missing = "" }: Options = {}) {
  const parts: (string | number)[] = [];
  const onText = ({ text, replaced }: Insertion): void => void parts.push(text, ...(replaced > 0 ? [replaced] : []));
  const written = new WrittenText(pointIn(marked, path), missing, onText);
  const counts = growing.slice(0, -1).map((soFar) => {
    written.continued(soFar);
    return parts.length;
  });
  const whole = written.ended(growing.at(-1)!);
  assert.equal(parts.filter((part) => typeof part === "string").join(""), whole);
  return [parts.slice(0, counts.at(-1) ?? 0), parts.slice(counts.at(-1) ?? 0)];
}

const loop = "one();\ntwo();\n";
for (const [claim, marked, growing, early, late, options] of [
  [
    "whole lines are sent, and the rest at the end",
    "║",
    ["a();\nb", "a();\nb();\nc", "a();\nb();\nc();"],
    ["a();", "\nb();"],
    ["\nc();"],
  ],
  ["a line that may continue is not sent", "║", ["a();", "a();"], [], ["a();"]],
  ["blank lines are sent with the line after them", "║", ["a();\n\n\n", "a();\n\nb();"], ["a();"], ["\n\nb();"]],
  ["an endless run is not sent", "║", ["a();\nb", `a();\nb(${"x".repeat(40)}`], ["a();"], []],
  ["of copies, the first is sent", "║", [`${loop.repeat(3)}o`, loop], ["one();\ntwo();"], []],
  [
    "of copies that end within a line, the first is sent",
    "║",
    [`${loop.repeat(3)}one();\ntwo`, loop],
    ["one();\ntwo();"],
    [],
  ],
  [
    "of copies that hold copies themselves, the first is sent",
    "║",
    [`${`f(true, true, true);\n${loop}`.repeat(3)}f(true, true, true`, "f(true, true, true);"],
    [`f(true, true, true);\n${loop}`.trimEnd()],
    [],
  ],
  [
    "the other copies are sent once another line follows",
    "║",
    [`${loop.repeat(3)}o`, `${loop.repeat(3)}a();\nb`, `${loop.repeat(3)}a();\nb();`],
    ["one();\ntwo();", `\n${loop.repeat(2)}a();`],
    ["\nb();"],
  ],
  [
    "the other copies are sent when the text ends",
    "║",
    [`${loop.repeat(3)}o`, loop.repeat(3)],
    ["one();\ntwo();"],
    [`\n${loop.repeat(2)}`.trimEnd()],
  ],
  ["nothing is sent at the end if all was sent", "║", ["a();\nb", "a();"], ["a();"], []],
  [
    "nothing is sent at the end if the text was cut before what was sent",
    "║",
    ["a();\nb();\n", "a();"],
    ["a();\nb();"],
    [],
  ],
  ["a single line before closers is sent when it is whole", "f(║);", ["a\n", "a"], [], ["a"]],
  [
    "several lines before closers are sent at once",
    "f(║);",
    ["() => {\n  a();\n  b", "() => {\n  a();\n}"],
    ["() => {\n  a();"],
    ["\n}"],
  ],
  [
    "a separator that follows the cursor is sent at the end, in its place",
    "const a = ║;",
    ["{\n  b,\n};\nc", "{\n  b,\n};"],
    ["{\n  b,\n}"],
    [";", 1],
  ],
  [
    "a separator that follows the cursor is sent with the next line, if the text has one",
    "x = [\n  ║,\n];",
    ["{\n  a: 1,\n},\nb", "{\n  a: 1,\n},\n{ b: 1 }"],
    ["{\n  a: 1,\n}"],
    [",\n{ b: 1 }"],
  ],
  ["before other text nothing is sent until the end", "f(║ + 1);", ["() => {\n  a();\n  b", "a"], [], ["a"]],
  ["nothing is sent if the text is not shown", "a();\n║\nb();", ["b();\nc", "b();"], [], []],
  ["without any text, missing indentation is not sent", "if (a) {\n║\n}", ["", ""], [], [], { missing: "  " }],
  [
    "missing indentation is sent once, before the text",
    "if (a) {\n  ║\n}",
    ["b();\nc", "b();\n  c();"],
    ["  b();"],
    ["\n  c();"],
    { missing: "  " },
  ],
  ["a comma that may stay is sent at once", "f([\n  ║\n]);", ["1,\n  2", "1,\n  2,"], ["1,"], ["\n  2,"]],
  [
    "a comma that may not be last is sent with the line after it",
    "[\n  ║\n]",
    ["1,\n  2", "1,\n  2"],
    ["1"],
    [",\n  2"],
    { path: "a.json" },
  ],
  [
    "each part replaces only closers that no part before it has replaced",
    "each(one, (║));",
    ["it) => {\n  a();\n})", "it) => {\n  a();\n});"],
    ["it) => {\n  a();", 1],
    ["\n});", 2],
  ],
] as const satisfies readonly (readonly [
  string,
  string,
  readonly string[],
  readonly (string | number)[],
  readonly (string | number)[],
  Options?,
])[]) {
  test(claim, () => {
    assert.deepEqual(sent(marked, growing, options), [early, late]);
  });
}

test("of an endless repetition, fewer than two copies are sent", () => {
  const copy = Array.from({ length: 10 }, (_, i) => `call${i}(${"true, ".repeat(i)}one);\n`).join("");
  const whole = copy.repeat(6);
  const growing = Array.from(whole, (_, i) => whole.slice(0, i + 1));
  const stop = growing.findIndex((soFar) => repetitionStop(soFar) !== undefined);
  const [early = [], late = []] = sent("║", [
    ...growing.slice(0, stop),
    whole.slice(0, repetitionStop(growing[stop]!)),
  ]);
  assert.ok(early.join("").length < 2 * copy.length);
  assert.deepEqual(late, []);
});
