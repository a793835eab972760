import assert from "node:assert/strict";
import test from "node:test";
import { generationStop } from "../../src/core/decoding/generationStop.js";
import { pointIn } from "../support/testInference.js";

interface Options {
  /** The document with the cursor. */
  readonly at?: string;
  readonly maxLines?: number;
  readonly path?: string;
}

/** The part of `text` before its stop, if the model would continue after ┤; all of it if it may continue. */
function kept(marked: string, { at = "║", maxLines = 20, path }: Options): string {
  const text = marked.replace("┤", "");
  const end = generationStop(text, { kind: "generation", point: pointIn(at, path), maxLines });
  return `${text.slice(0, end)}┤${end === undefined ? "" : text.slice(end)}`;
}

for (const [what, marked, options] of [
  ["a block ends with the line that closes it", "f() {\n  a();\n\n  b();\n}┤\n\nfunction g() {\n", {}],
  ["a block that goes on behind its closer is not at its end", "if (a) {\n  b();\n} else {\n  c();\n}┤\nd();\n", {}],
  [
    "a block by indentation ends before the next line of its depth",
    "def f(a):\n    b = 1\n\n    return b┤\ndef g():\n",
    { path: "a.py" },
  ],
  [
    "a block goes on with else, except and finally",
    "try:\n    a()\nexcept Error:\n    b()\nelse:\n    c()\nfinally:\n    d()┤\ne()\n",
    { path: "a.py" },
  ],
  ["and so it does in Ruby, up to its end", "if a\n  b\nelsif c\n  d\nelse\n  e\nend┤\nf\n", { path: "a.rb" }],
  ["cases are of the depth of their switch", "switch (a) {\n  b;\ncase 1:\n  c;\ndefault:\n  d;\n}┤\ne;\n", {}],
  ["a name that is `end` closes nothing", "for a in b:\n    c()┤\nend = 3\n", { path: "a.py" }],
  ["a name that begins with a keyword goes on with nothing", "if a:\n    b()┤\nelsewhere()\n", { path: "a.py" }],
  ["lines of one depth end at a blank line", "a();\nb();┤\n\nc();\n", {}],
  ["a blank line before there is any text does not end it", "\n\na();\nb();┤\n\nc();\n", {}],
  [
    "a line that is less deep than the first belongs to what is around",
    "a();\n    b();\n┤",
    { at: "if (x) {\n  ║\n}" },
  ],
  ["so it ends before it", "a();\n  b();┤\nc();\n", { at: "if (x) {\n  ║\n}" }],
  ["no more lines than asked for", "a();\nb();┤\nc();\n", { maxLines: 2 }],
  ["it ends where it would say what stands below", "a();\nb();┤\nc();\n", { at: "║\nc();" }],
  ["it ends where it says a line twice", "a();\nb = b;┤\nb = b;\n", {}],
  [
    "within a block the text goes on after an inner block, to the end of the block that the cursor is in",
    "for (const a of b) {\n    c(a);\n  }\n  return b;\n}┤\nd();\n",
    { at: "function f(b) {\n  ║" },
  ],
  [
    "a definition ends with its own block",
    "def b(self):\n        return 1\n┤\n    def c(self):\n        return 2\n",
    { at: "class A:\n    def a(self):\n        return 0\n\n    ║", path: "a.py" },
  ],
  ["a line that is not whole yet says nothing", "a() {\n  b();\n}┤", {}],
] as const) {
  test(what, () => {
    assert.equal(kept(marked, options), marked);
  });
}
