import assert from "node:assert/strict";
import test from "node:test";
import { stopPosition, stopScopeAt } from "../../src/core/decoding/stopRules.js";
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
  assert.equal(kindAt('fun f() {\n    """a"""\n    ║', "a.kt"), "line"); // a string there is not documentation
  assert.deepEqual(stopScopeAt(pointIn("if (x) {\n  a║")), { kind: "line", isBlank: false });
  assert.deepEqual(stopScopeAt(pointIn("x = 1;\n║")), { kind: "line", isBlank: true });
  assert.deepEqual(stopScopeAt(pointIn("║")), { kind: "line", isBlank: true });
});

test("a completion at the start of a line that has text stops after its newline", () => {
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
