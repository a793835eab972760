import assert from "node:assert/strict";
import test from "node:test";
import { generationStop } from "../../src/core/decoding/generationStop.js";
import { pointIn } from "../support/testInference.js";

interface Options {
  /** The document, with the cursor at ║. */
  readonly at?: string;
  readonly maxLines?: number;
  readonly path?: string;
}

/** The text of `marked` with ┤ where generation stops, or at its end if generation may continue. */
function kept(marked: string, { at = "║", maxLines = 20, path }: Options): string {
  const text = marked.replace("┤", "");
  const end = generationStop(text, { kind: "generation", point: pointIn(at, path), maxLines });
  return `${text.slice(0, end)}┤${end === undefined ? "" : text.slice(end)}`;
}

for (const [what, marked, options] of [
  ["a block ends with the line that closes it", "f() {\n  a();\n\n  b();\n}┤\n\nfunction g() {\n", {}],
  ["a block that continues after its closer does not stop there", "if (a) {\n  b();\n} else {\n  c();\n}┤\nd();\n", {}],
  [
    "a block delimited by indentation stops before the next line with its opener's indentation",
    "def f(a):\n    b = 1\n\n    return b┤\ndef g():\n",
    { path: "a.py" },
  ],
  [
    "else, except and finally continue a block",
    "try:\n    a()\nexcept Error:\n    b()\nelse:\n    c()\nfinally:\n    d()┤\ne()\n",
    { path: "a.py" },
  ],
  ["a block with branches in Ruby stops at its end", "if a\n  b\nelsif c\n  d\nelse\n  e\nend┤\nf\n", { path: "a.rb" }],
  [
    "cases with the indentation of their switch continue it",
    "switch (a) {\n  b;\ncase 1:\n  c;\ndefault:\n  d;\n}┤\ne;\n",
    {},
  ],
  ["a name `end` closes nothing", "for a in b:\n    c()┤\nend = 3\n", { path: "a.py" }],
  ["a name that begins with a keyword does not continue a block", "if a:\n    b()┤\nelsewhere()\n", { path: "a.py" }],
  ["statements outside blocks stop at a blank line", "a();\nb();┤\n\nc();\n", {}],
  ["leading blank lines do not stop the text", "\n\na();\nb();┤\n\nc();\n", {}],
  [
    "a line with less indentation than the first belongs to the surrounding block",
    "a();\n    b();\n┤",
    { at: "if (x) {\n  ║\n}" },
  ],
  ["the text stops before such a line", "a();\n  b();┤\nc();\n", { at: "if (x) {\n  ║\n}" }],
  ["no more lines than requested", "a();\nb();┤\nc();\n", { maxLines: 2 }],
  ["the text stops before it repeats the line below", "a();\nb();┤\nc();\n", { at: "║\nc();" }],
  ["the text stops before it repeats a line", "a();\nb = b;┤\nb = b;\n", {}],
  [
    "within a block, the text continues after an inner block to the end of the cursor's block",
    "for (const a of b) {\n    c(a);\n  }\n  return b;\n}┤\nd();\n",
    { at: "function f(b) {\n  ║" },
  ],
  [
    "a definition stops with its block",
    "def b(self):\n        return 1\n┤\n    def c(self):\n        return 2\n",
    { at: "class A:\n    def a(self):\n        return 0\n\n    ║", path: "a.py" },
  ],
  ["a short line may be repeated", "a();\n;;\n;;\nb();┤", {}],
  ["closers may be equal", "f(() => {\n  g(() => {\n    a();\n  });\n});┤\n", {}],
  ["a line of three characters may not be repeated", "a();\nb()┤\nb()\nc();\n", {}],
  [
    "a definition without brackets stops with its block too",
    "class B {\n    b = 1;\n  }┤\n  class C {\n",
    { at: "namespace a {\n  ║" },
  ],
  ["blank lines may be repeated in a block", "f() {\n  a();\n\n\n  b();\n}┤\n", {}],
  ["the first line stops before it repeats the line above", "┤a = b;\nc();\n", { at: "a = b;\n║" }],
  ["an incomplete line is not considered", "a() {\n  b();\n}┤", {}],
] as const) {
  test(what, () => {
    assert.equal(kept(marked, options), marked);
  });
}
