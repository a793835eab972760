import assert from "node:assert/strict";
import test from "node:test";
import { isFlat } from "../../src/core/structure/reindent.js";
import { missingIndentation, statementColumns } from "../../src/core/structure/statementColumns.js";
import { pointIn } from "../support/testInference.js";

for (const [claim, marked, missing, path] of [
  ["a blank line in a block lacks the block's indentation", "if (a) {\n  b();\n║\n}", "  "],
  ["a part of it, if it has the rest", "if (a) {\n    b();\n ║\n}", "   "],
  ["nothing, if it has it", "if (a) {\n  ║\n}", ""],
  ["nothing, if it has more", "if (a) {\n     ║\n}", ""],
  ["nothing, if it is not blank", "if (a) {\nb║\n}", ""],
  ["nothing at the start of a document", "║\na();", ""],
  ["nothing outside of blocks", "a();\n║", ""],
  ["tabs, if the document has tabs", "if (a) {\n\tb();\n║\n}", "\t"],
  ["below an opener in Python", "def g():\n   x()\ndef f():\n║", "   ", "a.py"],
  ["nothing below a block in Python, which may have ended", "if a:\n    b()\n║", "", "a.py"],
  ["unless the line below is in the block", "if a:\n    b()\n║\n    c()", "    ", "a.py"],
  ["no more than the line below has", "if a:\n  if b:\n    c()\n║\n  d()", "  ", "a.py"],
  ["nothing below a comment outside of blocks", "  a();\n  // b\n║", ""],
  ["below a comment in a block of Python", "if a:\n    b()\n    # c\n║", "    ", "a.py"],
  ["below a comment in Python", "if a:\n    # b\n║", "    ", "a.py"],
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
  ["that of the switch in Go", "func a() {\n\tswitch b {\n║", 4, "a.go"],
  ["that of the switch, if the last switch above is so", "switch (a) {\ncase 1:\n  b();\n}\nswitch (c) {\n║", 0],
  ["one level more in a switch, if that is so", "switch (a) {\n  case 1:\n    b();\n}\nswitch (c) {\n║", 2],
  ["one level more than the `if` of an `else`", "if a; then\n  b\n    else\n║", 2, "a.sh"],
] as const satisfies readonly (readonly [string, string, number, string?])[]) {
  test(`a statement's indentation is ${claim}`, () => {
    assert.equal(statementColumns(pointIn(marked, path)), columns);
  });
}

const flat = "if (a) {\nb();\n}\n";
const indented = "if (a) {\n  b();\n}\n";
for (const [claim, marked, expected, path] of [
  ["most blocks above are", `${flat}${indented}${flat}║`, true],
  ["half of the blocks are not enough", `${flat}${indented}║`, false],
  ["a block below is", `║\n${flat}`, true],
  ["blocks below count with those above", `${indented}${indented}║\n${flat}`, false],
  ["a block below without content says nothing", "║\nif (a) {\n}\n", false],
  ["nor does one that begins with a comment", "║\nif (a) {\n# b\n}\n", false],
  ["nor one above", "if (a) {\n}\n║", false],
  ["a document without blocks is not", "a();\n║\nb();", false],
  ["a block right above is", "if (a) {\nb();\n║", true],
  ["a block at the end of the document is", "║\nif (a) {\nb();", true],
  ["only the three nearest blocks below count", `║\n${indented.repeat(2)}${flat.repeat(4)}`, false],
  ["with those above", `${flat}║\n${indented.repeat(2)}${flat.repeat(2)}`, false],
  ["twelve blocks count", `${flat.repeat(7)}${indented.repeat(6)}║`, false],
  ["a blank line in a block says nothing", "if (a) {\n\n  b();\n}\n║", false],
  ["nor does a comment", "if (a) {\n// b\n}\n║", false],
  ["code in a script may be", "<script>\n║", true, "a.html"],
  ["brackets of Python are not", "{\n'a': 1,\n}\n║", false, "a.py"],
  ["a document in Python is not", "if a:\n  b()\n║", false, "a.py"],
] as const satisfies readonly (readonly [string, string, boolean, string?])[]) {
  test(`whether blocks are not indented: ${claim}`, () => {
    assert.equal(isFlat(pointIn(marked, path)), expected);
  });
}
