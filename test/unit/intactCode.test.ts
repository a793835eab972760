import assert from "node:assert/strict";
import test from "node:test";
import { insertedText, type Surface } from "../support/scriptedModel.js";

/** A document with the cursor ¦, the text that the model writes there, and the part that may be inserted. */
type Case = readonly [
  what: string,
  surface: Surface,
  path: string,
  document: string,
  writes: string,
  expected: string | null,
];

const cases: readonly Case[] = [
  ["a space before a word after the cursor stays", "invoked", "a.ts", "¦foo();", "return foo();\n", "return "],
  [
    "a branch that begins below is not written again",
    "generate",
    "a.ts",
    "try {\n  ¦\n} catch {\n  c();\n}\n",
    "a();\n} catch {\n  b();\n}\n",
    "a();",
  ],
  [
    "another branch may come before the one below",
    "generate",
    "a.ts",
    "if (a) {\n  ¦\n} else {\n  c();\n}\n",
    "a();\n} else if (b) {\n  b();\n}\n",
    "a();\n} else if (b) {\n  b();",
  ],
  ["the quotes of a character stay a pair", "inline", "a.c", "char c = '¦';\n", "a';\n", "a';"],
  ["quotes in a language without strings stay a pair", "inline", "Makefile", "\techo `¦`\n", "date`\n", "date"],
  ["an include's brackets stay a pair", "inline", "a.c", "#include <¦>\n", "stdio.h>\n", "stdio.h"],
  ["type arguments after a space stay closed once", "inline", "a.cpp", "template <¦>\n", "typename T>\n", "typename T"],
  [
    "blank lines within a body do not end it",
    "generate",
    "a.ts",
    "function f() {\n  ¦\n}\n",
    "const a = 1;\n\n  const b = 2;\n\n  return a + b;\n}\n",
    "const a = 1;\n\n  const b = 2;\n\n  return a + b;",
  ],
  [
    "a body between braces gets lines of its own, though other text follows them",
    "invoked",
    "a.ts",
    "useEffect(() => {¦}, [x]);\n",
    "\n  b(a);\n}, [x]);\n",
    "\n  b(a);\n",
  ],
  [
    "the text may end both a block and the parentheses around it",
    "generate",
    "a.lua",
    "foo(function()¦)\n",
    "\n  return 1\nend)\n",
    "\n  return 1\nend)",
  ],
  [
    "closers that are added go below what the text has opened",
    "generate",
    "a.py",
    "def f():\n    ¦\n",
    "x = {\n        'a': [1,\n",
    "x = {\n        'a': [1,]\n    }",
  ],
  [
    "no comma remains before a closer of the text itself",
    "inline",
    "a.json",
    '{ "a": [¦] }\n',
    "1, 2, ] }\n",
    "1, 2 ] }",
  ],
  ["commas in strings stay", "inline", "a.json", '{ "a": [¦] }\n', '"x,]"] }\n', '"x,]"] }'],
  [
    "a shell's ;; is not written again",
    "generate",
    "a.sh",
    "case $1 in\n  a)\n    ¦\n    ;;\nesac\n",
    "foo\n    ;;\n",
    "foo",
  ],
  ["a comment that begins on a line may continue below", "inline", "a.ts", "¦\nf();\n", "/* foo\n", "/* foo"],
];

for (const [what, surface, path, document, writes, expected] of cases) {
  test(what, async () => {
    assert.equal(await insertedText(surface, { path, document, writes }), expected);
  });
}
