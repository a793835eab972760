import assert from "node:assert/strict";
import test from "node:test";
import { isInMixedStyle } from "../../src/core/structure/mixedStyle.js";
import { pointIn } from "../support/testInference.js";

// Indented by four columns per level: first four spaces, then a tab, which has eight columns, and so on.
const halfTabs = "if (a) {\n    b();\n    if (c) {\n\td();\n\tif (e) {\n\t    f();\n\t}\n    }\n}\n";
const mixed = "if (a) {\n\tb();\n\t\tc();\n}\nif (d) {\n  e();\n}\n";

for (const [claim, document, text, expected] of [
  ["it mixes tabs and spaces as its document does", `${mixed}║`, "if (f) {\n\tg();\n  h();\n}", true],
  ["it has only tabs", `${mixed}║`, "if (f) {\n\tg();\n}", false],
  ["it has only spaces", `${mixed}║`, "if (f) {\n  g();\n}", false],
  ["it has an indentation that its document does not have", `${mixed}║`, "if (f) {\n\tg();\n  h();\n   i();\n}", false],
  ["it has one line", `${mixed}║`, "f();", false],
  ["it has one line in a document with half tabs", `${halfTabs}\t║`, "f();", false],
  ["nothing is indented", "a();\n║", "b();\nc();", false],
  ["its other lines are blank", `${mixed}\t║`, "f();\n\n  \n", false],
  ["its document has only tabs", "if (a) {\n\tb();\n}\n║", "if (f) {\n\tg();\n  h();\n}", false],
  ["its document has only spaces", "if (a) {\n  b();\n}\n║", "if (f) {\n\tg();\n  h();\n}", false],
  ["its document's tabs are rare", `if (a) {\n\tb();\n${"  c();\n".repeat(21)}║`, "if (f) {\n\tg();\n  h();\n}", false],
  [
    "its document's tabs are less rare",
    `if (a) {\n\tb();\n${"  c();\n".repeat(20)}║`,
    "if (f) {\n\tg();\n  h();\n}",
    true,
  ],
  ["its document has the spaces below", "if (a) {\n\tb();\n║\n  c();\n}", "if (f) {\n\tg();\n  h();\n}", true],
  [
    "its document has the spaces only in strings",
    "a = `\n  b`;\nif (a) {\n\tb();\n║",
    "if (f) {\n\tg();\n  h();\n}",
    false,
  ],
  ["its document aligns arguments with spaces", "if (a) {\n\tb(c,\n  d);\n}\n║", "if (f) {\n\tg();\n  h();\n}", false],
  ["asterisks of comments are no spaces", "/*\n  * b\n */\nif (a) {\n\tb();\n║", "if (f) {\n\tg();\n  h();\n}", false],
  ["its first line has another indentation than any", `${mixed}║`, "   if (f) {\n\tg();\n  h();\n}", false],
  [
    "its first line has an indentation of the document together with the cursor's line",
    `${mixed} ║`,
    " f();\n\tg();\n}",
    true,
  ],
  ["the cursor is in a line of code", `${mixed}   f(║`, "g,\n\th,\n  i", true],
  ["it has one kind of line in a document with half tabs", `${halfTabs}║`, "if (g) {\n    h();\n}", true],
  ["it has tabs in a document with half tabs", `${halfTabs}\t║`, "g();\n\tif (h) {\n\t    i();\n\t}", true],
  ["it has eight spaces instead of its document's tab", `${halfTabs}║`, "if (g) {\n        h();\n}", false],
  ["its document has eight spaces, too", `${halfTabs}if (g) {\n        h();\n}\n║`, "if (g) {\n    h();\n}", false],
] as const) {
  test(`whether a text is in the document's mixed style: ${claim}`, () => {
    assert.equal(isInMixedStyle(text, pointIn(document)), expected);
  });
}
