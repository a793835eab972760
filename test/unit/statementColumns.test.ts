import assert from "node:assert/strict";
import test from "node:test";
import { missingIndentation, statementColumns } from "../../src/core/structure/statementColumns.js";
import { pointIn } from "../support/testInference.js";

for (const [claim, marked, missing, path] of [
  ["a blank line in a block lacks the block's indentation", "if (a) {\n  b();\n║\n}", "  "],
  ["a blank line that has a part of the indentation lacks the rest", "if (a) {\n    b();\n ║\n}", "   "],
  ["a blank line that has the indentation lacks nothing", "if (a) {\n  ║\n}", ""],
  ["a blank line that has more lacks nothing", "if (a) {\n     ║\n}", ""],
  ["a line that is not blank lacks nothing", "if (a) {\nb║\n}", ""],
  ["nothing is missing at the start of a document", "║\na();", ""],
  ["nothing is missing outside of blocks", "a();\n║", ""],
  ["a blank line in a document with tabs lacks tabs", "if (a) {\n\tb();\n║\n}", "\t"],
  ["a blank line below an opener in Python lacks a level", "def g():\n   x()\ndef f():\n║", "   ", "a.py"],
  ["nothing is missing below a block in Python, which may have ended", "if a:\n    b()\n║", "", "a.py"],
  [
    "a blank line in a block of Python that continues below lacks its indentation",
    "if a:\n    b()\n║\n    c()",
    "    ",
    "a.py",
  ],
  ["a blank line in Python lacks no more than the line below has", "if a:\n  if b:\n    c()\n║\n  d()", "  ", "a.py"],
  ["nothing is missing below a comment outside of blocks", "  a();\n  // b\n║", ""],
  [
    "a blank line below a comment in a block of Python lacks the comment's indentation",
    "if a:\n    b()\n    # c\n║",
    "    ",
    "a.py",
  ],
  [
    "a blank line within a block scalar of YAML lacks the scalar's indentation",
    "a:\n  - run: |\n      b\n║\n      c",
    "      ",
    "a.yml",
  ],
  ["a blank line below a comment in Python lacks the comment's indentation", "if a:\n    # b\n║", "    ", "a.py"],
] as const satisfies readonly (readonly [string, string, string, string?])[]) {
  test(`missing indentation: ${claim}`, () => {
    assert.equal(missingIndentation(pointIn(marked, path)), missing);
  });
}

for (const [claim, marked, columns, path] of [
  ["that of the statement above", "a();\n  b();\n║", 2],
  ["one level more below an opener", "    if (a) {\n        b();\n        if (c) {\n║", 12],
  ["that of the construct below its closer", "  if (a) {\n    b();\n  }\n║", 2],
  ["that of the first line of a statement over several", "  a(\n      b,\n      c);\n║", 2],
  ["that of the first line of a continued statement", "a \\\n    b\n║", 0, "a.sh"],
  ["one level more than a block below its middle part", "if a\n  b\n    else\n║", 2, "a.rb"],
  ["that of a comment in Python", "if a:\n    b()\n        # c\n\n║", 8, "a.py"],
  ["not that of a comment elsewhere", "if (a) {\n  b();\n      // c\n║", 2],
  ["none at the start", "║", 0],
  ["none in a C++ namespace without indentation", "namespace a {\n║", 0, "a.cpp"],
  ["one level in a C++ function", "void a() {\n  b();\n  if (c) {\n║", 4, "a.cpp"],
  ["not that of a comment with its words", "if a # b or\n  c do\n║", 4, "a.rb"],
  ["that of the switch in Go", "func a() {\n\tswitch b {\n║", 4, "a.go"],
  [
    "that of the switch, if the cases of the last switch above are flat",
    "switch (a) {\ncase 1:\n  b();\n}\nswitch (c) {\n║",
    0,
  ],
  [
    "one level more in a switch, if the cases of the last switch above are indented",
    "switch (a) {\n  case 1:\n    b();\n}\nswitch (c) {\n║",
    2,
  ],
  ["one level more than the `if` of an `else`", "if a; then\n  b\n    else\n║", 2, "a.sh"],
] as const satisfies readonly (readonly [string, string, number, string?])[]) {
  test(`a statement's indentation is ${claim}`, () => {
    assert.equal(statementColumns(pointIn(marked, path)), columns);
  });
}
