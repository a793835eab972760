import assert from "node:assert/strict";
import test from "node:test";
import { traced } from "../../src/core/structure/trace.js";
import { closersOf } from "../support/openFrames.js";
import { pointIn } from "../support/testInference.js";

for (const [claim, path, document, text] of [
  ["it closes what text after other text closes", "a.ts", "f(║a)", "b┤)"],
  ["it closes what a line below closes", "a.ts", "f(\n  ║\n)", "a\n┤)\nb"],
  ["it opens as much again on the closer's line and closes that", "a.ts", "f(() => {\n  ║\n})", "a();\n┤}).map(b)"],
  [
    "it opens as much again on another line and closes that",
    "a.ts",
    "f(() => {\n  ║\n})",
    "a();\n┤});\ng(() => {\n  b();\n});",
  ],
  ["it opens as much only within another bracket", "a.ts", "f(a║, b)", "┤) + [g("],
  [
    "it begins a branch that follows without a space",
    "a.ts",
    "try {\n  ║\n}catch (e) {\n}",
    "a();\n┤} catch {\n  b();",
  ],
  ["it closes what nothing opened", "a.ts", "║", "a()┤) + b"],
  ["it closes one bracket too many", "a.ts", "if (a) {\n  ║", "b;\n}\n┤}"],
  ["it closes a block that is closed below", "a.ts", "  ║\n}", "a();\n┤}"],
  ["it closes the outer one of two blocks, which is closed below", "a.ts", "a {\n  b {\n    ║\n}", "c;\n  }\n┤}"],
  ["it begins the branch that follows below", "a.ts", "try {\n  ║\n} catch {\n  c();\n}", "a();\n┤} catch {\n  b();"],
  ["it begins an else before another", "a.ts", "if (a) {\n  ║\n} else {\n  c();\n}", "a();\n┤} else {\n  b();"],
  ["it begins an interpolation outside a string", "a.ts", "x = ║", "a + ┤${b"],
  ["it begins an interpolation of Swift outside a string", "a.swift", "x = ║", "a┤\\(b"],
  ["it ends a statement in parentheses", "a.ts", "f(║)", "a┤; b"],
  ["it ends a statement in the parentheses of a macro without variables", "a.rs", "m!(║)", "a┤; b"],
  ["it ends a statement in a condition of several lines", "A.java", "if (\n  a &&\n  ║\n) {", "A c = d┤; A"],
  ["it ends a statement in a call", "A.java", "a(b).c(\n  ║\n)", "b┤; c"],
  ["it ends a statement after it closed what the line closes", "a.ts", "f(a║, b)", "┤); g("],
  ["it ends a tag that the line ends", "a.html", "<a ║>d</a>", "b┤>c"],
] as const) {
  test(`a text is cut where ${claim}`, () => {
    const cut = traced(text.replace("┤", ""), pointIn(document, path)).cut;
    assert.equal(cut, text.indexOf("┤"));
  });
}

for (const [claim, path, document, text] of [
  ["it closes only what it has opened", "a.ts", "f(║a)", "g(b)"],
  ["it opens as much again", "a.ts", "f(a║, b)", ") + g("],
  ["it opens as much again on another line", "a.ts", "f(() => {\n  ║\n})", "a();\n});\ng(() => {\n  b();"],
  ["it opens as much again, twice", "a.ts", "f(() => {\n  ║\n})", "a();\n}).map(\n  b\n).c({\n"],
  ["it opens another block instead", "a.ts", "if (a) {\n  ║\n}", "b();\n}\nif (c) {\n  d();"],
  ["it adds a branch", "a.ts", "if (a) {\n  ║\n} else {\n  c();\n}", "a();\n} else if (b) {\n  b();"],
  ["a string has an interpolation", "a.ts", "x = `║`", "${a}"],
  ["a dollar is part of a name", "a.ts", "x║ = 1", "y$(a"],
  ["end tags are missing and superfluous elsewhere", "a.html", "<p>a\n║\n</b>\n</b>", "c</b>"],
  ["a loop's header has statements", "a.ts", "for (║)", "a; b; c"],
  ["it is one of several lines", "A.java", "for (int i = f(0);\n  ║\n) {", "i < 3; i"],
  ["resources are declared", "A.java", "try (\n  A a = b;\n  ║\n) {", "A c = d; A"],
  ["statements are in a subshell", "a.sh", "(║)", "a; b"],
  ["a macro has variables", "a.rs", "m!(║)", "$a; b"],
  ["statements are in a function's body", "a.ts", "f(║)", "g(() => { a; })"],
  ["a statement begins within a bracket", "a.py", "f(║\n)", "a\nreturn g(b)"],
  ["two quotes are one character", "a.sql", "x = '║'", "a''b"],
] as const) {
  test(`a text is not cut if ${claim}`, () => {
    assert.equal(traced(text, pointIn(document, path)).cut, undefined);
  });
}

test("one superfluous end tag is not enough to tolerate another", () => {
  assert.equal(traced("c</b>", pointIn("<p>a\n║\n</b>", "a.html")).cut, 1);
});

for (const [claim, path, document, text, replaced] of [
  ["none", "a.ts", "f(║)", "a, b", 0],
  ["the closer", "a.ts", "f(║)", "a)", 1],
  ["several closers", "a.ts", "f([║])", "a])", 2],
  ["the first of several closers", "a.ts", "f([║])", "a]", 1],
  ["none if other text follows them", "a.ts", "f({║}, c)", "a})", 0],
  ["the end of a tag", "a.html", "<a ║>", "b>c</a>", 1],
  ["the end of a tag with its end tag", "a.html", "<a ║></a>", "b>c</a>", 1],
  ["a quote", "a.sql", "x = '║'", "a'", 1],
] as const) {
  test(`closers after the cursor that a text replaces: ${claim}`, () => {
    assert.equal(traced(text, pointIn(document, path)).replaced, replaced);
  });
}

/** The closers of the frames open at ║ that the text ends, and, after `|`, of those that stay open around it. */
function endedBy(path: string, document: string, text: string): string {
  const point = pointIn(document, path);
  const { ended, outerDepth } = traced(text, point);
  const closers = closersOf(point.state.frame);
  return `${[...ended].map((depth) => closers[depth - 1]).join(" ")} | ${closers.slice(0, outerDepth).join(" ")}`;
}

for (const [claim, path, document, text, ended] of [
  ["none", "a.ts", "a {\n  f(║", "g()", " | } )"],
  ["the one that it closes", "a.ts", "a {\n  f(║", "g())", ") | }"],
  ["two", "a.ts", "a {\n  b {\n    ║", "c;\n  }\n}", "} } | "],
  ["those within the one that it closes", "a.ts", "a {\n  b {\n    ║", "c;\n}", "} } | "],
  ["none that a line below closes", "a.ts", "a {\n  b {\n    ║\n}", "c;\n  }\n}", "} | "],
  ["an element that the next one ends", "a.html", "<p>a\n║", "<p>b", "</p> | "],
] as const) {
  test(`frames that only a text ends, and those that stay open: ${claim}`, () => {
    assert.equal(endedBy(path, document, text), ended);
  });
}

test("the last closer of an outer frame and the frame at the end are known", () => {
  const { lastOuter, frame } = traced("a(b)]) + c({", pointIn("f([║])"));
  assert.equal(lastOuter, 5);
  assert.deepEqual(closersOf(frame), [")", "}"]);
  assert.equal(traced("a(b)", pointIn("f([║])")).lastOuter, undefined);
  assert.deepEqual(closersOf(traced("i>c", pointIn("<b><l║", "a.html")).frame), ["</b>", "</li>"]);
});
