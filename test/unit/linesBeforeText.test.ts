import assert from "node:assert/strict";
import test from "node:test";
import { applyFilters } from "../../src/core/filters/applyFilters.js";
import { pointIn } from "../support/testInference.js";

/**
 * A document, a text that the model writes at the cursor, and the resulting line or lines up to ┤, where the document's
 * own text continues.
 */
type Row = readonly [document: string, text: string, shown: string, path?: string];

function testRows(claim: string, rows: readonly Row[]): void {
  test(claim, () => {
    for (const [document, text, shown, path] of rows) {
      const point = pointIn(document, path);
      const insertion = applyFilters(text, point);
      const found = typeof insertion === "string" ? "" : `${point.linePrefix}${insertion.text}┤`;
      assert.equal(found, shown, `${document} ${JSON.stringify(text)}`);
    }
  });
}

testRows("a whole line before a line's text gets a line of its own, and that text keeps its indentation", [
  ["function f() {\n  ║return x;\n}", "foo();\n", "  foo();\n  ┤"],
  ["function f() {\n║  return x;\n}", "  foo();\n", "  foo();\n┤"],
  ["def f(x):\n    ║return x\n", "foo()\n", "    foo()\n    ┤", "a.py"],
  ["func f() {\n\t║return x\n}\n", "foo()\n", "\tfoo()\n\t┤", "a.go"],
  ["║import b from 'b';\n", "import a from 'a';\n", "import a from 'a';\n┤"],
  ["class A {\n  ║name: string;\n}", "@Input()\n", "  @Input()\n  ┤"],
  ["function f() {\n  ║g();\n}", "// A comment.\n", "  // A comment.\n  ┤"],
  ["f(\n  ║a,\n  b,\n);", "x,\n", "  x,\n  ┤"],
  ['{\n  ║"b": 1\n}', '"a": 2,\n', '  "a": 2,\n  ┤', "a.json"],
  ["# A\n\n║Some text.\n", "More of it.\n", "More of it.\n┤", "a.md"],
  ["  ║return a;\n  }\n", "if (x) { return 1; }\n", "  if (x) { return 1; }\n  ┤"],
]);

testRows("a statement that ends with a semicolon is a whole line before another statement, wherever decoding stopped", [
  ["function f() {\n  ║return x;\n}", "foo();", "  foo();\n  ┤"],
  ["  ║ shift", "local bundle;", "  local bundle;┤", "a.sh"],
  ["║i < n; i++ {\n}\n", "for i := 0;", "for i := 0;┤", "a.go"],
  ["a = `\n║text\n`;", "not code;", "not code;┤"],
]);

testRows("text that only begins a line is not ended", [
  ["function f() {\n  ║f();\n}", "await ", "  await ┤"],
  ["function f() {\n  ║g();\n}", "const x = ", "  const x = ┤"],
  ["function f() {\n  ║g();\n}", "const x = g();\n", "  const x = ┤"],
  ["function f(x) {\n  ║return x;\n}", "if (x) return x;\n", "  if (x) ┤"],
  ["class A {\n  ║name: string;\n}", "@Input() ", "  @Input() ┤"],
  ["║class A {\n}", "export ", "export ┤"],
  ["fn f() {\n    ║x\n}", "let mut ", "    let mut ┤", "a.rs"],
  ["x = [\n  ║2, 3,\n]", "1, ", "  1, ┤", "a.py"],
  ["function f() {\n  ║a, b);\n}", "foo(\n", "  foo(┤"],
  ["  ║return a;\n  }\n", "if (x) {\n", "  if (x) {┤"],
]);

testRows("text that continues an expression is not moved to the next line, unless both lines begin alike", [
  ["║.then(b);\n", "foo();\n", "foo()┤"],
  ["a\n  ║.then(b);\n", ".map(x)\n", "  .map(x)\n  ┤"],
  ["║(x);\n", "foo();\n", "foo()┤"],
  ["║(a)\n", "(b)\n", "(b)\n┤", "a.el"],
  ["x\n  ║in list\n", "a\n", "  a┤", "a.py"],
  ["║.a { }\n", ".b { }\n", ".b { }\n┤", "a.css"],
]);

testRows("a line that only opens what nothing closes is not shown before a line's text", [
  ["function f() {\n  ║return x;\n}", "for (let i = 0; i < 3; i++) {\n", ""],
  ["function f() {\n  ║return x;\n}", "foo(a,\n", ""],
]);

testRows("an item before another one gets its comma", [
  ['{\n  ║"a": 1\n}', '"b": 2\n', '  "b": 2,\n  ┤', "a.json"],
  ["[\n  ║1\n]", "0\n", "  0,\n  ┤", "a.json"],
  ['[\n  {},\n  ║{\n    "a": 1\n  }\n]', "{}\n", "  {},\n  ┤", "a.json"],
  ["f(\n  ║a,\n  b,\n);", "x\n", "  x,\n  ┤"],
  ["f(\n  a,\n  ║b\n);", "x\n", "  x,\n  ┤"],
  ["a = {\n  ║b: 1,\n};", "c: 2\n", "  c: 2,\n  ┤"],
  ["a = [\n    ║2,\n]\n", "1\n", "    1,\n    ┤", "a.py"],
  ["match a {\n    ║2 => b(),\n}", "1 => c()\n", "    1 => c(),\n    ┤", "a.rs"],
]);

testRows("text that is not an item, or is only a part of one, gets no comma", [
  ["function f() {\n  ║g(),\n  h();\n}", "i()\n", "  i()\n  ┤"],
  ["f(\n  ║b && c,\n)", "a &&\n", "  a &&\n  ┤"],
  ["f(\n  ║a,\n)", "// A comment\n", "  // A comment\n  ┤"],
  ["f(\n  ║a,\n)", "b, // comment\n", "  b, // comment\n  ┤"],
  ["class A {\n  constructor(\n    ║a: B,\n  ) {}\n}", "@C()\n", "    @C()\n    ┤"],
  ['f(\n    "a"\n    ║B,\n    c);\n', "D\n", "    D\n    ┤", "a.c"],
  ["match a {\n    ║2 => b(),\n}", "1 => {}\n", "    1 => {}\n    ┤", "a.rs"],
]);

testRows("a word that only begins a line is not one", [
  ["║function f() {\n}", "async\n", ""],
  ["function f() {\n  ║g();\n}", "await\n", ""],
  ["function f() {\n  ║g();\n}", "return\n", ""],
  ["func f() {\n\t║g()\n}", "go\n", "", "a.go"],
  ["║apt update\n", "sudo\n", "", "a.sh"],
  ["switch (a) {\n  ║case 1:\n}", "return\n", "  return\n  ┤"],
  ["function f() {\n  ║function g() {}\n}", "return\n", "  return\n  ┤"],
  ["║SELECT 1\n", "go\n", "go\n┤", "a.sql"],
  ["if a\n║end\n", "return\n", "    return\n┤", "a.rb"],
  ["func f() {\n\t║// G.\n\tg()\n}", "return\n", "\treturn\n\t┤", "a.go"],
  ["f(\n  ║a,\n)", "async\n", "  async,\n  ┤"],
  ["║a word\n", "return\n", "return\n┤", "a.md"],
]);

testRows("in a line that a backslash continues, a line must end with one", [
  ["#define A \\\n  ║b(); \\\n  c()", "a(); \\\n", "  a(); \\\n  ┤", "a.c"],
  ["#define A \\\n  ║b()\n", "a(); \\\n", "  a(); \\\n  ┤", "a.c"],
  ["#define A \\\n  ║b(); \\\n  c()", "a();\n", "", "a.c"],
  ["#define A \\\n  ║b()\n", "a();\n", "", "a.c"],
  ["#define A \\\n  a(); \\\n  ║\\\n  c()", "b();\n", "  b();┤", "a.c"],
]);

testRows("lines above and below are not repeated, and the document's own line does not count", [
  ["function f() {\n  ║g();\n  g();\n}", "h();\n", "  h();\n  ┤"],
  ["function f() {\n  ║g();\n  h();\n}", "h();\n", ""],
  ["function f() {\n  h();\n  ║g();\n}", "h();\n", ""],
  ["function f() {\n  ║return x;\n}", "return x;\n", ""],
]);
