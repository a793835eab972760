import assert from "node:assert/strict";
import test from "node:test";
import { columnsOfUnit, indentation, indentUnitOf, indentWidthsOf } from "../../src/core/structure/indentStyle.js";
import { linesOf } from "../support/openFrames.js";

const two = "a {\n  b\n}\n";
const four = "a {\n    b\n}\n";
const tab = "a {\n\tb\n}\n";
for (const [claim, text, unit, character] of [
  ["spaces", two, "  "],
  ["the spaces of most blocks", four + two + four, "    "],
  ["the narrower of two that are equally frequent", four + two, "  "],
  ["tabs", tab, "\t"],
  ["tabs if most lines have them", tab + tab + two, "\t"],
  ["spaces if as many lines have them", tab + two, "  "],
  ["no tabs if as many lines have one column", `${tab} b\n`, undefined],
  ["undefined without indented lines", "a\nb\n", undefined],
  ["undefined if nothing is in a block", "  a\n  b\n", undefined],
  ["undefined for a single column", "a {\n b\n}\n", undefined],
  ["a tab if that is the character of the cursor's line", two, "\t", "\t"],
  ["spaces even in a document with tabs", tab + tab + two, "  ", " "],
  ["undefined for the spaces of the cursor's line in a document without them", tab, undefined, " "],
] as const satisfies readonly (readonly [string, string, string | undefined, ("\t" | " ")?])[]) {
  test(`the unit of indentation is ${claim}`, () => {
    assert.equal(indentUnitOf(linesOf("a.ts", text), character), unit);
  });
}

for (const [claim, text, widths, path] of [
  ["that of each block", two + four + two, [2, 4]],
  ["the most frequent one first", two + four + four, [4, 2]],
  ["not one that is much rarer", two.repeat(9) + four, [2]],
  ["one that is less rare", two.repeat(8) + four, [2, 4]],
  ["that of inner blocks relative to outer ones", "a {\n   b {\n      c\n", [3]],
  ["not that of closers", "a {\n  }\n", []],
  ["not that of lines in strings", "a {\n`\n  b`\n", []],
  ["not that of tabs", tab, []],
  ["not that of lines after others", "a\n  b\n", []],
  ["that below a blank line", "a {\n\n  b\n", [2]],
  ["not that of aligned lines", "a(b, {\n  c(d,\n      e)\n", [2]],
  ["that of arguments if there is no other", "a(\n    b\n)\n", [4]],
  ["not that of arguments beside that of blocks", `a(\n    b\n)\n${two}`, [2]],
  ["that relative to the statement, not to the opener's line", "  a(b,\n      c) {\n    d\n", [2]],
  ["that of Python's blocks", "if a:\n   b\n", [3], "a.py"],
] as const satisfies readonly (readonly [string, string, readonly number[], string?])[]) {
  test(`the widths of a document's levels: ${claim}`, () => {
    assert.deepEqual(indentWidthsOf(linesOf(path ?? "a.ts", text)), widths);
  });
}

test("an indentation consists of units, and with tabs of spaces for the rest", () => {
  assert.deepEqual(
    [0, 3, 4, 10, -1].map((columns) => indentation(columns, "\t")),
    ["", "   ", "\t", "\t\t  ", ""],
  );
  assert.deepEqual(
    [0, 5, -1].map((columns) => indentation(columns, "  ")),
    ["", "     ", ""],
  );
  assert.deepEqual([columnsOfUnit("\t"), columnsOfUnit("   ")], [4, 3]);
});
