import assert from "node:assert/strict";
import test from "node:test";
import { withoutHalfGrapheme } from "../../src/core/filters/graphemes.js";
import { whitespaceOnly } from "../../src/core/filters/visible.js";
import { testPlaces, type Place } from "../support/insertionPlaces.js";
import { pointIn } from "../support/testInference.js";

const places: readonly Place[] = [
  [
    "generate",
    "a.ts",
    "/************¦\n",
    "********\n * One.\n **********************/\n",
    "/********************\n * One.\n **********************/\n",
  ],
  ["inline", "a.ts", "const a = ¦;\n", "1000000000;\n", "const a = 1000000000;\n"],
  [
    "inline",
    "a.ts",
    "const a = ¦;\n",
    "10000000000000000000000000000;\n",
    "const a = 10000000000000000000000000000;\n",
  ],
  ["inline", "a.ts", "const a = ¦;\n", "10000000000000000000000000000\n", null],
  ["inline", "a.ts", "/************¦\n", "***********\n", "/***********************\n"],
  ["inline", "a.ts", "/************¦\n", "*******************************\n", null],
  [
    "inline",
    "a.md",
    "a ¦\n",
    "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\n",
    null,
  ],
  [
    "inline",
    "a.md",
    "a ¦\n",
    "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\n",
    "a \ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\n",
  ],
  [
    "inline",
    "a.md",
    "a ¦\n",
    "b \ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\n",
    "a b\n",
  ],
  [
    "inline",
    "a.md",
    "a ¦\n",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\n",
    null,
  ],
  [
    "inline",
    "a.md",
    "a ¦\n",
    "\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\ud83c\udde9\ud83c\uddea\n",
    null,
  ],
  ["inline", "a.md", "a ¦\n", "b \ud83c\udde9\n", "a b\n"],
  ["inline", "a.md", "a ¦\n", "b \ud83c\udde9\ud83c\uddea\n", "a b \ud83c\udde9\ud83c\uddea\n"],
  [
    "inline",
    "a.md",
    "a ¦\n",
    "b \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 c\n",
    "a b \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 c\n",
  ],
  ["inline", "a.md", "a ¦\n", "b \ud83d\udc68\u200d\n", "a b \ud83d\udc68\n"],
  ["invoked", "a.md", "a ¦c\n", "b \ud83d\udc68\u200d", "a b \ud83d\udc68c\n"],
  [
    "inline",
    "a.ts",
    "const a = '¦';\n",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67';\n",
    "const a = '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67';\n",
  ],
  ["invoked", "a.ts", "f('¦\ud83d\udc69');\n", "\ud83d\udc68\u200d\ud83d\udc69\n", "f('\ud83d\udc68\ud83d\udc69');\n"],
  ["inline", "a.md", "a ¦\n", "~~~~~~~~~~~~~~~~~~~~\n", null],
  ["inline", "a.ts", "// a\n¦\n", "// ----------------------------------------\n", null],
  [
    "inline",
    "a.ts",
    "// ----------------------------------------\n// a\n¦\n",
    "// ----------------------------------------\n",
    "// ----------------------------------------\n// a\n// ----------------------------------------\n",
  ],
  ["inline", "a.ts", "// ----------\n// a\n¦\n", "// ----------------------------------------\n", null],
  ["inline", "a.ts", "// **********\n// a\n¦\n", "// **********\n", "// **********\n// a\n// **********\n"],
  ["inline", "a.md", "a ¦\n", "))))))))))))))))))))))))\n", null],
  ["inline", "a.md", "a ¦\n", "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\n", null],
  ["inline", "a.ts", "// --¦\n", "--------------------------------------------\n", null],
  ["inline", "a.ts", "// --¦\n// ------------\n", "----------\n", "// ------------\n// ------------\n"],
  ["inline", "a.ts", "// ¦\n", "==============================================\n", null],
  ["inline", "a.ts", "const a = '¦';\n", "aaaaaaaaaaaaaaaaaaaaaaaa';\n", "const a = 'aaaaaaaaaaaaaaaaaaaaaaaa';\n"],
  ["inline", "a.ts", "const a = '¦';\n", "aaaaaaaaaaaaaaaaaaaaaaaa\n", null],
  ["inline", "a.ts", "const a = ¦;\n", "[[[[[[[[[[[[[[[[\n", null],
  ["inline", "a.ts", "const a = ¦;\n", "0x00000000;\n", "const a = 0x00000000;\n"],
  [
    "generate",
    "a.md",
    "# A\n\n¦\n",
    "b\n\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\ud83c\udf89\n\n",
    "# A\n\nb\n",
  ],
  [
    "generate",
    "a.py",
    "def f():\n    ¦\n",
    "a = 1\n    # ==========================\n    return a\n",
    "def f():\n    a = 1\n    # ==========================\n    return a\n",
  ],
  ["inline", "a.md", "a ¦\n", "b\u0301b\u0301b\u0301b\u0301b\u0301b\u0301b\u0301b\u0301b\u0301\n", null],
  ["inline", "a.py", '"""\nA title\n¦\n"""\n', "=======\n", '"""\nA title\n=======\n"""\n'],
  ["inline", "a.py", '"""\nA longer title\n===¦\n"""\n', "===========\n", '"""\nA longer title\n==============\n"""\n'],
  ["inline", "a.py", '"""\nA longer title\n===¦\n"""\n', "=======================\n", null],
  [
    "inline",
    "a.ts",
    "const a = ¦;\n",
    "'0x0000000000000000000000000000000000000000'\n",
    "const a = '0x0000000000000000000000000000000000000000';\n",
  ],
  [
    "inline",
    "a.ts",
    "const a = '0x1111111111111111111111111111111111111111';\nconst b = ¦;\n",
    "'0x2222222222222222222222222222222222222222'\n",
    "const a = '0x1111111111111111111111111111111111111111';\nconst b = '0x2222222222222222222222222222222222222222';\n",
  ],
  ["inline", "a.md", "a ¦\n", "\u0928\u093f \u0928\u093f\n", "a \u0928\u093f \u0928\u093f\n"],
  // Runs of one character are kept if something ends them: in numbers, strings, brackets and table rulers.
  ...finished(),
  // If nothing ends the run, it is cut, along with its line.
  ["generate", "a.ts", "function f() {\n  ¦\n}\n", "a();\n  b = c + ~~~~~~~~~~~~~~~~\n", "function f() {\n  a();\n}\n"],
  ["generate", "a.ts", "¦\n", "a();\n~~~~~~~~~~~~~~~~~~~~\n~~~~~~~~~~~~~~~\n", "a();\n"],
  ["inline", "a.ts", "¦\n", `a = "${"-".repeat(100)}"\n`, null],
  ["inline", "a.clj", "(a ¦)\n", "b))))))))))))\n", null],
];

function finished(): Place[] {
  const texts: readonly (readonly [path: string, text: string])[] = [
    ["a.ts", "const a = 0xFFFFFFFFFFFFFFFFn;"],
    ["a.ts", "const a = 0xFFFFFFFFFFFFFFFF;"],
    ["a.py", "a = 0xFFFFFFFFFFFFFFFF"],
    ["a.py", "a = 0b1111111111111111"],
    ["a.py", "a = 0.0000000001"],
    ["a.py", "a = 111111111111"],
    ["a.py", "a = -1000000000"],
    ["a.ts", "const a = '0000000000000000';"],
    ["a.ts", "const a = '00000000-0000-0000-0000-000000000000';"],
    ["a.yml", "a: 00000000-0000-0000-0000-000000000000"],
    ["a.yml", "a: 0000000000000000000000000000000000000000"],
    ["a.sh", 'echo "=============="'],
    ["a.py", "a = [[[[[[[[[1]]]]]]]]]"],
    ["a.clj", "(a (b (c (d (e (f (g (h (i (j))))))))))"],
    ["a.lisp", "((((((((((a))))))))))"],
    ["a.md", "| a          | b |\n|------------|---|\n| 1          | 2 |"],
    ["a.md", "a            | b\n------------ | ------------"],
    ["a.rst", "+----------+----------+\n| a        | b        |\n+==========+==========+"],
    ["a.ts", "/* ------------ */\na();"],
  ];
  return texts.flatMap(([path, text]): Place[] => {
    const [first = ""] = text.split("\n");
    const inline: Place = ["inline", path, "¦\n", `${first}\n`, `${first}\n`];
    const whole: Place = ["generate", path, "¦\n", `${text}\n`, `${text}\n`];
    return [inline, whole];
  });
}

testPlaces("runs and graphemes stay whole", places);

test("half a grapheme at the end does not count as the whitespace before the next word", () => {
  const point = pointIn("a ║c", "src/a.md");
  const shown = (text: string): string | undefined => whitespaceOnly({ text, replaced: 0 }, point)?.text;
  assert.equal(shown("b \u{1f468}\u200d"), "b \u{1f468}");
  assert.equal(shown("b \u{1f468}\u200d "), "b \u{1f468} ");
  assert.equal(shown("b \u{1f468}\u200d\n"), "b \u{1f468}\n");
});

test("a text does not end with half a grapheme", () => {
  const cases = [
    ["a\ud83d", "a"],
    ["a\u{1f468}\u200d", "a\u{1f468}"],
    ["a\u{1f1e9}", "a"],
    ["a\u{1f1e9}\u{1f1ea}", "a\u{1f1e9}\u{1f1ea}"],
    ["a\u{1f1e9}\u{1f1ea}\u{1f1e9}", "a\u{1f1e9}\u{1f1ea}"],
  ] as const;
  for (const [text, whole] of cases) assert.equal(withoutHalfGrapheme(text), whole);
});
