import assert from "node:assert/strict";
import test from "node:test";
import { strayBranch } from "../../src/core/filters/branches.js";
import { insertedCode } from "../../src/core/filters/insertedCode.js";
import { endsBeforeCloser } from "../../src/core/filters/plainBrackets.js";
import { endsBeforePlainQuote } from "../../src/core/filters/plainQuotes.js";
import { caseBelow, redeclaration } from "../../src/core/filters/redeclaration.js";
import { pointIn } from "../support/testInference.js";
import { testFilter } from "../support/filterRows.js";

testFilter("a closer that the lexer does not count is not doubled", endsBeforeCloser, [
  ["in a comment", "// (a║)", "b) c", "b"],
  ["in a string", "a = '${{ ║ }}';", "b }} c", "b "],
  ["after brackets of the text's own", "// (a║)", "(b) c) d", "(b) c"],
  ["not if the text has none", "// (a║)", "b c", "b c"],
  ["not without an opener before the cursor", "// a║)", "b) c", "b) c"],
  ["not if the opener before the cursor is closed there", "// (a) b║)", "c) d", "c) d"],
  ["not if the closer is outside of the string", "f('(', 'a║)')", "b) c", "b) c"],
  ["not in code", "f(║)", "a) b", "a) b"],
  ["not in a tag", "<a b(║)>", "c) d", "c) d", "a.html"],
  ["in the text of a page", "<a>(║)", "b) c", "b", "a.html"],
  ["right after the quote", "a = '(║)';", "b) c", "b"],
  ["not if the text ends the string", "a = '(║)';", "b)';", "b)';"],
  ["if other text is in the string", "a = '(║) c';", "b)'", "b"],
]);

const json = (line: string): string => `x = \`{\n${line}\n}\`;`;
testFilter("a quote that the lexer does not count is not doubled", endsBeforePlainQuote, [
  ["in a string of several lines", json('  "a": "b║"'), 'c" d', "c"],
  ["after closers", json('  "a": "$(b║)"'), 'c)" d', "c"],
  ["not if those closers are missing in the text", json('  "a": "$(b║)"'), 'c" d', 'c" d'],
  ["not if the text has none", json('  "a": "b║"'), "c d", "c d"],
  ["not if the text has two quotes", json('  "a": "b║"'), 'c" + "d', 'c" + "d'],
  ["not in a later line of the text", json('  "a": "b║"'), 'c\nd"', 'c\nd"'],
  ["not after complete strings", json('  "a": b║"'), 'c" d', 'c" d'],
  ["not before other text", json('  "a": "b║", e'), 'c" d', 'c" d'],
  ["not in a string of one line", "x = '\"b║\"';", 'c" d', 'c" d'],
  ["not if the string itself ends on the line", 'x = `"b║"`;', 'c" d', 'c" d'],
  ["not in code", 'f(║"b")', 'c" d', 'c" d'],
  ["not before other punctuation", json("  a║;"), 'c" d', 'c" d'],
]);

testFilter("a text is cut before a branch that follows no statement", strayBranch, [
  ["below another statement", "a = 1\n║", "else:\n    b()", "", "a.py"],
  ["in a later line", "a = 1\n║", "b = 2\nelse:\n    c()", "b = 2", "a.py"],
  ["with the cursor's line", "a = 1\nel║", "se:\n    c()", "", "a.py"],
  [
    "not if it belongs to the statement above the cursor's line",
    "if a:\n    b()\nel║",
    "se:\n    c()",
    "se:\n    c()",
    "a.py",
  ],
  ["not below its statement", "if a:\n    b()\n║", "else:\n    c()", "else:\n    c()", "a.py"],
  ["below its statement if it is deeper", "if a:\n    ║", "else:\n    c()", "", "a.py"],
  ["not if nothing above is known", "║", "else:\n    c()", "else:\n    c()", "a.py"],
  ["not below a comment", "if a:\n    b()\n# c\n║", "else:\n    d()", "else:\n    d()", "a.py"],
  ["not below a closer", "if f(\n    a\n):\n    b()\n║", "else:\n    d()", "else:\n    d()", "a.py"],
  ["after the last branch of its statement", "if a:\n    b()\nelse:\n    c()\n║", "elif d:\n    e()", "", "a.py"],
  [
    "not after other branches of its statement",
    "try:\n    a()\nelse:\n    b()\n║",
    "finally:\n    c()",
    "finally:\n    c()",
    "a.py",
  ],
  ["not in a string", 'a = """\n║', "else:\n    b()", "else:\n    b()", "a.py"],
  ["not in a string that the text opens", "a = 1\n║", 'b = """\nelse:\n"""', 'b = """\nelse:\n"""', "a.py"],
  ["not in another language", "a = 1;\n║", "else:\n    b()", "else:\n    b()"],
]);

testFilter("a text is cut before a case that is above", redeclaration, [
  ["in the document", "switch (a) {\n  case 1:\n    b();\n  ║", "case 1:", undefined],
  ["in its own first line", "switch (a) {\n  ║", "case 1:\n    b();\n  case 1:\n", "case 1:\n    b();"],
]);

testFilter("a text is rejected for a case that is below", caseBelow, [
  ["across other cases", "switch (a) {\n  ║\n\n  case 2:\n    c();\n  case 1:\n}", "case 1:", undefined],
  ["not past another statement", "switch (a) {\n  ║\n  b();\n  case 1:\n}", "case 1:", "case 1:"],
  [
    "not one of the switch around",
    "switch (a) {\n  case 0:\n    switch (b)\n    ║\n  case 1:\n}",
    "case 1:",
    "case 1:",
  ],
]);

test("code that does not fit replaces nothing, and keeps its indentation if the document has none", () => {
  assert.deepEqual(insertedCode("} else {", pointIn("f();\n║ // a"), ""), { text: "} else {", replaced: 0 });
  const code = "if (a) {\n    b();\n}";
  assert.equal(insertedCode(code, pointIn("║"), "").text, code);
});
