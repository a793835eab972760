import assert from "node:assert/strict";
import test from "node:test";
import { grammarOf } from "../../src/core/structure/languages.js";
import { initialState, type LexerState } from "../../src/core/structure/lexerCursor.js";
import { linesAround } from "../../src/core/structure/linesAround.js";
import { closersOf } from "../support/openFrames.js";

const start = initialState(grammarOf("a.ts"));

test("the same surrounding lines give the same object, and other ones give another", () => {
  const first = linesAround(start, ["a", "b"], ["c"]);
  assert.equal(linesAround(start, ["a", "b"], ["c"]), first);
  const others: readonly (readonly [LexerState, readonly string[], readonly string[]])[] = [
    [initialState(grammarOf("a.ts")), ["a", "b"], ["c"]],
    [start, ["a", "x"], ["c"]],
    [start, ["x", "b"], ["c"]],
    [start, ["a"], ["c"]],
    [start, ["a", "b", "b"], ["c"]],
    [start, ["a", "b"], ["x"]],
    [start, ["a", "b"], []],
    [start, ["a", "b"], ["c", "d"]],
  ];
  for (const [state, above, below] of others) {
    linesAround(start, ["a", "b"], ["c"]);
    const other = linesAround(state, above, below);
    assert.deepEqual(
      other.around(state, "").lines.map(({ text }) => text),
      [...above, ...below.join("\n").split("\n")],
    );
    assert.notEqual(other, first);
  }
});

test("the lines above are read, and those below continue from the start of the cursor's line", () => {
  const { above, hanging, around, lexerFor } = linesAround(start, ["f(", "  `a"], ["b`,", ")"]);
  assert.deepEqual(
    above.map(({ text, kind }) => [text, kind]),
    [
      ["f(", "statement"],
      ["  `a", "statement"],
    ],
  );
  assert.deepEqual([...hanging], [above[0]?.end]);
  const { lines, widths } = around(lexerFor("").state, "");
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    ["statement", "statement", "text", "statement"],
  );
  assert.deepEqual(widths, [2]);
});

test("a document of one line has no lines above", () => {
  assert.deepEqual(linesAround(start, [], []).above, []);
});

test("the lines below are read again if another frame is open at the start of the cursor's line", () => {
  const { around, lexerFor } = linesAround(start, ["f {"], ["  b"]);
  const { state } = lexerFor("");
  assert.equal(around(state, ""), around(state, ""));
  assert.equal(around(state, "").lines[1]?.start, state.frame);
  assert.equal(around(start, "").lines[1]?.start, start.frame);
});

test("the cursor's line shows no level, but the lines below it do, also while the user types on it", () => {
  const { around, lexerFor } = linesAround(start, ["f {"], ["      b"]);
  const { state } = lexerFor("");
  for (const [linePrefix, expected] of [
    ["", [6]],
    ["  g {", [4]],
    ["   g {", [3]],
    ["   g", []],
    ["   g; h", []],
  ] as const)
    assert.deepEqual(around(state, linePrefix).widths, expected, linePrefix);
  assert.equal(around(state, "   g"), around(state, "   gh"));
});

for (const [claim, above, linePrefix, closers, columns] of [
  ["without lines above", [], "  f(", "", 2],
  ["in a block", ["f {"], "  g(", "}", 2],
  ["of a line that begins with a closer", ["f {", "  g"], "}", "}", 0],
  ["after blank lines", ["f {", "", ""], "    g", "}", 4],
  ["in a heredoc", ["cat <<E"], "(", "E", 0],
] as const) {
  test(`a lexer is at the start of the cursor's line ${claim}`, () => {
    const state = initialState(grammarOf(above[0]?.startsWith("cat") === true ? "a.sh" : "a.ts"));
    const lexer = linesAround(state, above, []).lexerFor(linePrefix);
    assert.equal(closersOf(lexer.frame).join(" "), closers);
    assert.equal(lexer.state.columns, columns);
  });
}

test("text far above the cursor's line still decides which frames are open", () => {
  const { lexerFor } = linesAround(start, ["f(", `// ${"a".repeat(3000)}`], []);
  const lexer = lexerFor("g(");
  assert.deepEqual(closersOf(lexer.frame), [")"]);
  lexer.advance(lexer.bytes.length);
  assert.deepEqual(closersOf(lexer.frame), [")", ")"]);
  assert.ok(lexer.bytes.length < 1100);
});

test("the end of the line above decides what the cursor's line continues", () => {
  const shell = initialState(grammarOf("a.sh"));
  const lexer = linesAround(shell, ["  a \\"], []).lexerFor("      b");
  assert.deepEqual([lexer.state.indent, lexer.state.columns], [2, 6]);
});
