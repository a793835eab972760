import assert from "node:assert/strict";
import test from "node:test";
import { repetitionAtEnd, repetitionStop, stopPosition, stopScopeAt } from "../../src/core/decoding/stopRules.js";
import { randomFrom } from "../support/random.js";
import { pointIn } from "../support/testInference.js";

test("a line stops at the newline; on a blank line, text may begin on the next line", () => {
  assert.equal(stopPosition("a + b;", { kind: "line", isBlank: false }), undefined);
  assert.equal(stopPosition("a + b;\nc", { kind: "line", isBlank: false }), 6);
  assert.equal(stopPosition("\nc", { kind: "line", isBlank: false }), 0);
  assert.equal(stopPosition("\nc\nd", { kind: "line", isBlank: true }), 2);
});

test("a blank line below a block's opener gets several lines, and so does the end of the opener's line", () => {
  const kindAt = (marked: string, path?: string) => stopScopeAt(pointIn(marked, path)).kind;
  assert.equal(kindAt("if (x) {\n  ║"), "block");
  assert.equal(kindAt("def f():\n    ║", "a.py"), "block");
  assert.equal(kindAt('def f():\n    """Doc."""\n    ║', "a.py"), "block");
  assert.equal(kindAt('def f():\n\n    """Doc,\n    and more.\n    """\n    ║', "a.py"), "block");
  assert.equal(kindAt('"""Doc."""\n║', "a.py"), "line");
  assert.equal(kindAt('if a:\n    b\n    """c"""\n    ║', "a.py"), "line");
  assert.equal(kindAt("x => \n  ║"), "block");
  assert.equal(kindAt("if (x) {║}"), "block");
  assert.equal(kindAt("def f():║", "a.py"), "block");
  assert.equal(kindAt("if (x) {\n\n  ║"), "line");
  assert.equal(kindAt('fun f() {\n    """a"""\n    ║', "a.kt"), "line"); // a string there documents nothing
  assert.deepEqual(stopScopeAt(pointIn("if (x) {\n  a║")), { kind: "line", isBlank: false });
  assert.deepEqual(stopScopeAt(pointIn("x = 1;\n║")), { kind: "line", isBlank: true });
  assert.deepEqual(stopScopeAt(pointIn("║")), { kind: "line", isBlank: true });
});

test("at the start of a line that has text, a line stops after its newline", () => {
  for (const marked of ["if (x) {\n  ║a();", "x = 1;\n║y", "║#include"]) {
    const scope = stopScopeAt(pointIn(marked));
    assert.equal(stopPosition("\n  b();", scope), undefined);
    assert.equal(stopPosition("\n  b();\n  c();", scope), 8);
  }
  for (const marked of ["if (x) {\n  ║}", "<p>\n║</p>", "x║y"]) {
    assert.notEqual(stopScopeAt(pointIn(marked)).kind, "lineBefore", marked);
  }
});

test("a block stops at a line with less indentation, at a blank line, and after eight lines", () => {
  const scope = stopScopeAt(pointIn("if (x) {\n  ║"));
  assert.equal(stopPosition("a();\n  b();\n", scope), undefined);
  assert.equal(stopPosition("a();\n  b();\n}", scope), 11);
  assert.equal(stopPosition("a();\n\n  b();", scope), 4);
  assert.equal(stopPosition("a();\n  ".repeat(8), scope), 4 + 7 * 7);
});

test("at the end of a line that opens a block, text is a block only if it begins on the next line", () => {
  const scope = stopScopeAt(pointIn("f(() => {║});"));
  assert.equal(stopPosition(" a();\n  b();", scope), 5);
  assert.equal(stopPosition("\n  a();\n  b();\n", scope), undefined);
  assert.equal(stopPosition("\n  a();\n  b();\n});", scope), 14);
  assert.equal(stopPosition("a\n  b();", scope), 1);
  assert.equal(stopPosition("\n\n});\n  b();\n", scope), 0);
  assert.equal(stopPosition("\n\n", scope), undefined);
  assert.equal(stopPosition("\n  a();".repeat(9) + "\n", scope), 8 * 7);
});

test("one column more than the opener has is enough for its block", () => {
  const scope = stopScopeAt(pointIn("def f():\n a = 1\n if a:║", "a.py"));
  assert.equal(stopPosition("\n  b = 2\n  c = 3\n", scope), undefined);
  assert.equal(stopPosition("\n  b = 2\n c = 3\n", scope), 8);
});

test("the lines of a string have no indentation", () => {
  assert.equal(stopPosition("a = `\nb\n`;\n  c();\n", stopScopeAt(pointIn("if (x) {\n  ║"))), undefined);
});

test("the cases of a switch may be indented as much as the switch, and blank lines may precede a block", () => {
  assert.equal(stopPosition("\ncase 1:\n  b;\n", stopScopeAt(pointIn("switch (a) {║"))), undefined);
  assert.equal(stopPosition("\n    case 1:\n  b;\n", stopScopeAt(pointIn("switch (a) {║"))), undefined);
  assert.equal(stopPosition("\n\n  a();\n  b();\n", stopScopeAt(pointIn("if (x) {\n  ║"))), undefined);
});

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
  ["are one even if signs follow it in each", "a || size || size || size || size ||", "a || size ||".length],
  ["may be too short", "very very very very", undefined],
  ["may be numbers", "    0,    1,    1,    1,    1,    1,", undefined],
  ["may be signs, as in a table", "| --- | --- | --- | --- | --- |", undefined],
  ["are none if something else is at the end", "foo();\n  foo();\n  foo();\n  foo();\n}", undefined],
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

test("a suffix is varied only if it is so within 200 characters", () => {
  assert.notEqual(repetitionStop(`x${"-=".repeat(99)}-`.repeat(5)), undefined);
  assert.equal(repetitionStop(`x${"-=".repeat(100)}`.repeat(5)), undefined);
});

test("a rule of dashes is not a repetition", () => {
  for (const rule of ["-", "-=", "* "]) assert.equal(repetitionStop(`// ${rule.repeat(40)}`), undefined);
});

/** A literal implementation of what the comment of `repetitionStop` says. */
function afterFirstCopy(text: string): number | undefined {
  for (let period = 4; period * 3 <= text.length; period++) {
    const last = text.slice(-period);
    const isVaried = new Set(last).size >= (/[\p{L}\p{N}]/u.test(last) ? 2 : 3);
    let copies = 1;
    while (text.endsWith(last.repeat(copies + 1))) copies++;
    if (isVaried && copies >= 3 && copies * period >= 64) return text.length - (copies - 1) * period;
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
