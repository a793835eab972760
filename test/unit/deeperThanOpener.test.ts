import assert from "node:assert/strict";
import test from "node:test";
import { deeperThanOpener } from "../../src/core/filters/layout.js";
import { pointIn } from "../support/testInference.js";

/** The text is cut at the marked place. */
for (const [claim, marked, text, path] of [
  ["a body that is not deeper is cut off", "f() {\n  ║\n}", "while (a) {¦\n  b();\n  }", "a.c"],
  ["also below a line of the text that is not its first", "f() {\n  ║\n}", "c();\n  while (a) {¦\n  b();\n  }", "a.c"],
  ["a body that is deeper stays", "f() {\n  ║\n}", "while (a) {\n    b();\n  }", "a.c"],
  ["cases may be as deep as their switch", "f() {\n  ║\n}", "switch (a) {\n  case 1:\n    b();\n  }", "a.c"],
  ["comments may be", "f() {\n  ║\n}", "while (a) {\n  // c\n    b();\n  }", "a.c"],
  ["a body is deeper than the constructor's first line", "A::A(int b)\n    ║", ": b_(b) {\n  c();\n}", "a.cpp"],
  ["and not than its initializers", "A::A(int b)\n    ║", ": b_(b) {¦\nc();\n}", "a.cpp"],
] as const) {
  test(`bodies are deeper than their openers: ${claim}`, () => {
    const candidate = { text: text.replace("¦", ""), replaced: 0 };
    const [kept] = text.split("¦");
    assert.equal(deeperThanOpener(candidate, pointIn(marked, path))?.text, kept);
  });
}
