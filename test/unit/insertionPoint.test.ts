import assert from "node:assert/strict";
import test from "node:test";
import { closersOf } from "../support/openFrames.js";
import { pointIn } from "../support/testInference.js";

test("of a long line, the indentation, the end and the start of the text after the cursor are examined", () => {
  const long = pointIn(`  ${"a".repeat(9000)}║${"b".repeat(9000)}`);
  assert.equal(long.linePrefix, `  ${"a".repeat(8000)}`);
  assert.equal(long.afterCursor, "b".repeat(2000));
  const whole = `  ${"a".repeat(7998)}`;
  assert.equal(pointIn(`${whole}║`).linePrefix, whole);
  assert.equal(pointIn(`${" ".repeat(300)}${"a".repeat(9000)}║`).linePrefix.length, 200 + 8000);
});

for (const [claim, marked, expected] of [
  ["the line right above", "a;\nb;\n║", "b;"],
  ["above blank lines", "a;\n\n\n║", "a;"],
  ["above a comment", "a;\n// b\n/* c */\n║", "a;"],
  ["above the content of a string", "a;\nb = `\nc\n║", "b = `"],
  ["none", "// b\n║", undefined],
] as const) {
  test(`the line above that shows the structure: ${claim}`, () => {
    assert.equal(pointIn(marked).lastAbove?.text, expected);
  });
}

for (const [claim, path, marked, text, expected] of [
  ["after an opener, a line is deeper", "a.ts", "f(║", "\n  a,", "blank ), statement )"],
  ["after other text, a line may be aligned with that text", "a.ts", "f(a,║", "\n  b,", "blank ), continuation )"],
  [
    "below a line that is aligned, a line may be aligned, too",
    "a.ts",
    "f(a,\n  ║",
    "b,\nc",
    "continuation ), continuation )",
  ],
  ["below an opener, a line may not be aligned", "a.ts", "f(\n  ║", "b,\nc", "statement ), statement )"],
  ["a word that the text completes counts", "a.lua", "if a then\nen║", "d", "statement"],
  ["a tag that the text completes counts", "a.html", "<b><l║", "i>a", "statement </b></li>"],
  ["the prefix of a string that the text completes counts", "a.py", "f║", '"{a', 'statement "}'],
  ["a statement may begin on a blank line", "a.rb", "  ║", "if a", "statement end"],
  ["a statement may not begin after code", "a.rb", "a ║", "if b", "statement"],
] as const) {
  test(`lines of a text at the cursor: ${claim}`, () => {
    const lines = pointIn(marked, path).linesOf(text);
    const found = lines.map(({ kind, end }) => [kind, closersOf(end).join("")].filter(Boolean).join(" "));
    assert.equal(found.join(", "), expected);
    assert.equal(lines.map((line) => line.text).join("\n"), text);
  });
}

for (const [claim, path, marked, unit] of [
  ["that of the document", "a.ts", "a {\n  b;\n}\n║", "  "],
  ["that of the cursor's line if lines differ", "a.ts", "a {\n  b;\n\tc║\n}", "\t"],
  ["that of the cursor's line if lines differ, even spaces", "a.ts", "a {\n\tb;\n\tb;\n  c║\n}\nd {\n   e;\n}", "   "],
  ["not that of a line of text", "a.ts", "a {\n  b = `\n\tc║", "  "],
  ["not that of an aligned line", "a.ts", "a {\n  b(c,\n\td║", "  "],
  ["that of an argument on a line of its own", "a.ts", "a {\n  b(\n\tc║", "\t"],
  ["not that of a blank line", "a.ts", "a {\n  b;\n\t║", "  "],
  ["not a single space", "a.ts", "a {\n\tb;\n c║\n}", "\t"],
  ["not the asterisk of a comment", "a.ts", "a {\n\tb;\n  * c║\n}", "\t"],
  ["at the top of a document", "a.ts", "\ta║", "\t"],
  ["a blank line with tabs alone", "a.ts", "a\n\t║", "\t"],
  ["the spaces that the editor inserted below an opener", "a.ts", "a {\n   ║", "   "],
  ["two spaces that the editor inserted", "a.ts", "a {\n  ║", "  "],
  ["a single space that the editor inserted", "a.ts", "a {\n ║", " "],
  ["the spaces that the editor inserted beyond the opener's", "a.ts", "  a {\n     ║", "   "],
  ["a tab that the editor inserted after a space", "a.ts", "a {\n \t║", "\t"],
  ["unknown below other lines", "a.ts", "a;\n   ║", undefined],
  ["unknown if nothing was inserted", "a.ts", "a {\n║", undefined],
  ["unknown if the line has code", "a.ts", "a {\n   b║", undefined],
] as const) {
  test(`the unit of indentation: ${claim}`, () => {
    const point = pointIn(marked, path);
    assert.equal(point.isUnitKnown ? point.unit : undefined, unit);
    if (unit === undefined) assert.equal(point.unit, "    ");
  });
}

for (const [claim, marked, closed] of [
  ["ends the block if it is as deep as the statement above", "a {\n            b;\n║\n            }", "below"],
  ["ends another block if it is much deeper than the cursor", "a {\n║\n         }", "nowhere"],
  ["ends the block if it is a little deeper than the cursor", "a {\n║\n        }", "below"],
] as const) {
  test(`a brace below a blank line ${claim}`, () => {
    assert.equal(pointIn(marked).surroundings.closedAt[1]?.kind, closed);
  });
}
