import assert from "node:assert/strict";
import test from "node:test";
import { generationStop } from "../../src/core/decoding/generationStop.js";
import { pointIn } from "../support/testInference.js";

interface Options {
  /** The document before generation, with the cursor at ║. */
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
    "a block after leading blank lines stops with itself",
    "\n\nclass A:\n    def a(self):\n        pass\n\n┤\nclass B:\n",
    { at: "a = 1\n\n║\n", path: "a.py" },
  ],
  [
    "a paragraph after leading blank lines may begin as the one above",
    "\n\na\nb┤\n\nc\n",
    { at: "a\n║", path: "a.txt" },
  ],
  ["nothing is kept of blank lines alone", "┤\n\n\n\n", { maxLines: 3 }],
  ["nothing is kept of blank lines, even if they are as many as requested", "┤\n\n\n", { maxLines: 3 }],
  [
    "the head of a function may have five lines above its brace, also below comments",
    "// a\n// b\n// c\nstatic\nunsigned\nlong\nint\nf(int a)\n{\n  return a;\n}┤\nint g()\n",
    { path: "a.c" },
  ],
  [
    "the head of a function may not have six lines above its brace",
    "static\nunsigned\nlong\nint\nlong\nf(int a)\n{\n  return a;\n}\nint g()\n┤",
    { path: "a.c" },
  ],
  [
    "a line with less indentation than the first belongs to the surrounding block",
    "a();\n    b();\n┤",
    { at: "if (x) {\n  ║\n}" },
  ],
  [
    "the text stops before a line that belongs to the surrounding block",
    "a();\n  b();┤\nc();\n",
    { at: "if (x) {\n  ║\n}" },
  ],
  ["no more lines are kept than requested", "a();\nb();┤\nc();\n", { maxLines: 2 }],
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
  [
    "the text stops before a line that opens a string although the cursor's line has left one open",
    'b┤\necho "c"\n',
    { at: 'echo "a║', path: "a.sh" },
  ],
  ["a string that the text opens may contain such a line", 'echo "a\necho "b\n┤', { path: "a.sh" }],
  ["a closer right before a word opens no string", "\n    a();\n  }catch (b) {\n    c();\n  }┤\n", { at: "  try {║" }],
  ["the line above may be repeated before other text on the line", "a = b;\nc();\n┤", { at: "a = b;\n║ // c" }],
  ["the first line may repeat a line of two characters below", "ab\nc();\n┤", { at: "║\nab" }],
  ["a later line may not repeat a line of two characters below", "c();┤\nab\n", { at: "║\nab" }],
  [
    "a list within a block delimited by indentation does not end the block",
    "def f():\n    a = [\n        1,\n    ]\n    return a┤\ng()\n",
    { path: "a.py" },
  ],
  ["a list outside blocks ends with its closer", "a = [\n    1,\n]┤\n", { path: "a.py" }],
  ["the cursor's block ends with its closer", "a();\n}┤\n", { at: "if (x) {\n  ║" }],
  [
    "blank lines after a word that ends the cursor's line do not stop the text",
    "\n\nb = 2┤\n\nc\n",
    { at: "a = d║", path: "a.rb" },
  ],
  ["a blank line below text of the cursor's line stops the text", "a();┤\n\nb();\n", {}],
  [
    "an opener's block ends before its next branch",
    "\n  b\n  c┤\n else:\n",
    { at: "def f():\n d = 1\n if a:║", path: "a.py" },
  ],
  ["statements before a block continue after it", "a();\nif (b) {\n  c();\n}\nd();\n┤", {}],
  [
    "blank lines do not stop the text in a block delimited by indentation",
    "b = 2\n\n    c = 3┤\nd = 4\n",
    { at: "def f():\n    a = 1\n    ║", path: "a.py" },
  ],
  [
    "a constructor is a definition",
    "A(int b) {\n        c();\n    }┤\n    int d() {\n",
    { at: "class A {\n    ║", path: "A.java" },
  ],
  [
    "a call with a trailing block is not",
    "Column(b) {\n        c()\n    }\n    d()\n}┤\n",
    { at: "fun a() {\n    ║", path: "a.kt" },
  ],
  ["an incomplete line is not considered", "a() {\n  b();\n}┤", {}],
] as const) {
  test(what, () => {
    assert.equal(kept(marked, options), marked);
  });
}
