import assert from "node:assert/strict";
import test from "node:test";
import { reindented } from "../../src/core/structure/reindent.js";
import { pointIn } from "../support/testInference.js";

const bsd = "int f(\n    int a)\n{\n\treturn a;\n}\n\n";
const tabsOnly = "int f(\n\tint a)\n{\n\treturn a;\n}\n\n";
for (const [claim, marked, text, expected] of [
  ["arguments keep an indentation that arguments above have", `${bsd}║`, "g(\n    int b)", "g(\n    int b)"],
  ["other arguments are indented as blocks are", `${tabsOnly}║`, "g(\n    int b)", "g(\n\tint b)"],
  ["blocks are indented as blocks above are", `${bsd}║`, "if (b) {\n    c();\n}", "if (b) {\n\tc();\n}"],
] as const) {
  test(`two styles in a document: ${claim}`, () => {
    assert.equal(reindented(text, pointIn(marked, "a.c")), expected);
  });
}
