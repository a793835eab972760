import assert from "node:assert/strict";
import test from "node:test";
import { insertedText, type Surface } from "../support/scriptedModel.js";

/**
 * A document with ¦ at the cursor, the text that the model writes there, and the text that is inserted: null if none
 * is.
 */
type Case = readonly [
  what: string,
  surface: Surface,
  path: string,
  document: string,
  writes: string,
  expected: string | null,
];

const twoBlanks = "def f(a):\n  if a:\n    g(1)\n  for i in a:\n    g(i)\n  ¦\n";
const fourBlanks = "def f(a):\n    if a:\n        g(1)\n    for i in a:\n        g(i)\n    ¦\n";

const tabs = "function a() {\n\tlock();\n\trun();\n}\n\n".repeat(3);

const cases: readonly Case[] = [
  [
    "a text that mixes spaces and tabs, in a document whose only spaces align an argument",
    "invoked",
    "a.ts",
    `${tabs}function b(self,\n           flags) {\n¦\n}\n`,
    "  run();\n\treturn 0;\n",
    "\trun();\n\treturn 0;",
  ],
  [
    "text with levels of four spaces in a document with two",
    "generate",
    "a.py",
    twoBlanks,
    "if b:\n        for i in b:\n            g(i)\n    return a\n",
    "if b:\n    for i in b:\n      g(i)\n  return a",
  ],
  [
    "text with levels of four spaces, relative to the cursor, in a document with two",
    "generate",
    "a.py",
    twoBlanks,
    "if b:\n      for i in b:\n          g(i)\n  return a\n",
    "if b:\n    for i in b:\n      g(i)\n  return a",
  ],
  [
    "text with levels of two spaces in a document with four",
    "generate",
    "a.py",
    fourBlanks,
    "if b:\n    for i in b:\n      g(i)\n  return a\n",
    "if b:\n        for i in b:\n            g(i)\n    return a",
  ],
  [
    "text with levels of two spaces, relative to the cursor, in a document with four",
    "generate",
    "a.py",
    fourBlanks,
    "if b:\n      for i in b:\n        g(i)\n    return a\n",
    "if b:\n        for i in b:\n            g(i)\n    return a",
  ],
  [
    "a list that is written from the left margin",
    "generate",
    "a.html",
    "<div>\n  <p>a</p>\n  <div>\n    ¦\n  </div>\n</div>\n",
    "<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>\n",
    "<ul>\n      <li>One</li>\n      <li>Two</li>\n    </ul>",
  ],
  [
    "a block that is written from the left margin",
    "generate",
    "a.ts",
    "class A {\n  b() {\n    ¦\n  }\n}\n",
    "if (c) {\n  d();\n}\n",
    "if (c) {\n      d();\n    }",
  ],
  [
    "a start tag and its end tag after the cursor",
    "inline",
    "a.html",
    "<ul>\n  <li¦></li>\n</ul>\n",
    ">One</li>\n",
    ">One</li>",
  ],
  [
    "a start tag whose end tag is after the cursor",
    "inline",
    "a.html",
    "<ul>\n  <li¦></li>\n</ul>\n",
    ">One\n",
    ">One",
  ],
  [
    "the second half of a word that opens a block",
    "generate",
    "a.lua",
    "local a = 1\nlocal f = func¦\n",
    "tion(x)\n  return x\nend\n",
    "tion(x)\n  return x\nend",
  ],
  ["a call that ends with the text is closed", "generate", "a.ts", "¦\n", "foo(a, b", "foo(a, b)"],
  [
    "a branch at the depth of the body is not one",
    "inline",
    "a.py",
    "def f(a):\n    if a:\n        g(1)\n        ¦\n",
    "elif b:\n",
    null,
  ],
  [
    "a branch at the depth of the body ends the text",
    "generate",
    "a.py",
    "def f(a):\n    ¦\n",
    "if a:\n        g(1)\n        else:\n            g(2)\n",
    "if a:\n        g(1)",
  ],
  [
    "a branch at the depth of its statement",
    "generate",
    "a.py",
    "def f(a):\n    ¦\n",
    "if a:\n        g(1)\n    else:\n        g(2)\n",
    "if a:\n        g(1)\n    else:\n        g(2)",
  ],
  [
    "parameters two levels deep say nothing about the unit",
    "generate",
    "a.py",
    "def f(\n        a,\n        b):\n    return a\n\n\ndef g(\n        c):\n    ¦\n",
    "if c:\n        return 1\n",
    "if c:\n        return 1",
  ],
  [
    "a line that differs from the next one only in its quotes",
    "inline",
    "a.ts",
    "¦\nimport c from 'c';\n",
    'import c from "c";\n',
    null,
  ],
  [
    "a line that differs from the one above only in its quotes",
    "inline",
    "a.ts",
    "import c from 'c';\n¦\n",
    'import c from "c";\n',
    null,
  ],
  [
    "a regular expression after a condition",
    "generate",
    "a.ts",
    "function f(s) {\n  if (s) /`/.test(s);\n  ¦\n}\n",
    "return g(s);\n}\n",
    "return g(s);",
  ],
  [
    "an interpolation in Vue",
    "inline",
    "a.vue",
    "<template>\n  <p>{{ ¦ }}</p>\n</template>\n",
    "user.name }}</p>\n",
    "user.name",
  ],
  ["an interpolation in a page", "inline", "a.html", "<p>{{ ¦ }}</p>\n", "user.name }}</p>\n", "user.name"],
  ["a condition in a template", "inline", "a.html", "<p>{% if ¦ %}</p>\n", "user.name %}</p>\n", "user.name"],
  ["a call that another one would follow", "invoked", "a.ts", "f(¦, 1);\n", "); g(\n", null],
  [
    "the value of an attribute above the next element",
    "inline",
    "a.tsx",
    "const a = (\n  <div className=¦\n    <p>b</p>\n  </div>\n);\n",
    '"c">\n',
    '"c">',
  ],
  ["a body that the text only begins", "inline", "a.ts", "foo(() => { ¦ });\n", "return {\n", null],
  [
    "a closer at the depth to which the user has unindented",
    "inline",
    "a.json",
    '{\n  "a": {\n    "b": 1\n  ¦\n    "c": 2\n  }\n}\n',
    "},\n",
    "},",
  ],
  [
    "a closer on an empty line in the middle of a block",
    "inline",
    "a.ts",
    "function f() {\n  a();\n¦\n  b();\n}\n",
    "}\n",
    null,
  ],
];

for (const [what, surface, path, document, writes, expected] of cases) {
  test(what, async () => {
    assert.equal(await insertedText(surface, { path, document, writes }), expected);
  });
}
