import assert from "node:assert/strict";
import test from "node:test";
import { isWelcome } from "../../src/core/completion/welcome.js";
import { pointIn } from "../support/testInference.js";

for (const [place, path, marked, expected] of [
  ["at the end of a line", "a.ts", "a║", true],
  ["before closers", "a.ts", "f(a║));", true],
  ["before other text", "a.ts", "a║ + b", false],
  ["before text that begins by closing what the line has opened", "a.ts", "f({a║}, [x])", true],
  ["before a space and text that closes what the line has opened", "a.ts", "f({a║ }, [x])", true],
  ["between the parentheses of a statement's head", "a.ts", "if (║) {", true],
  ["before another closer than that of the innermost bracket", "a.ts", "f({(a║}, b)", false],
  ["before a bracket that is closed later on the line", "a.ts", "f(a║ b) {", false],
  ["before the closer of a bracket that a line above has opened", "a.ts", "x = {\n  a║}, b", false],
  [
    "before the closer of the line's own bracket within a bracket that a line above has opened",
    "a.ts",
    "f({\n  a: [║], b",
    true,
  ],
  ["before an end tag", "a.html", "<li>a║</li>", true],
  ["before the end of a tag and the element's content", "a.html", "<li ║>a</li>", true],
  ["before the end of an attribute's value and its tag", "a.html", '<li a="║">', true],
  ["before the end of an empty element", "a.tsx", 'b = <a c="║" />', true],
  ["before the end of an attribute's value and end tags", "a.html", '<p><b a="║"></b></p>', true],
  ["before the end of an attribute's value and content", "a.html", '<li a="║">b', false],
  ["before the end of a string that is no attribute's value", "a.ts", 'a("║"></b>', false],
  ["before the end of a block comment", "a.ts", "/** ║ */", true],
] as const) {
  test(`a completion is ${expected ? "" : "not "}welcome ${place}`, () => {
    assert.equal(isWelcome(pointIn(marked, path)), expected);
  });
}
