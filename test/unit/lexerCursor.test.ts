import assert from "node:assert/strict";
import test from "node:test";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState, isSameState } from "../../src/core/structure/lexerCursor.js";
import { indentsAt, lexed, openAt, testOpenFrames, tokensOf } from "../support/openFrames.js";

for (const [claim, path, text, indent] of [
  ["0 in an empty text", "a.ts", "", 0],
  ["0 before the first token", "a.ts", "  ", 0],
  ["that of its line", "a.ts", "a\n  b", 2],
  ["that of its line, even the first one", "a.ts", "  b", 2],
  ["four columns for a tab", "a.ts", "\tb", 4],
  ["counted up to the next stop for a tab after blanks", "a.ts", "  \t b", 5],
  ["counted for a tab at a stop", "a.ts", "    \tb", 8],
  ["that of the line above a blank line", "a.ts", "  a\n\n", 2],
  ["that of the line above a line of blanks", "a.ts", "  a\n      \n", 2],
  ["that of the line above blanks at the end", "a.ts", "  a\n      ", 2],
  ["that of the line above an escaped newline", "a.sh", "  a \\\n      b", 2],
  ["that of the line above a word that continues it", "a.java", "  void a()\n      throws B", 2],
  ["that of its own line after another word", "a.java", "  void a()\n      throwsB", 6],
  ["that of the string's statement in a string", "a.ts", "  a(`\n      b", 2],
  ["that of the string's statement after the string", "a.ts", "  a(`\n      b`", 2],
  ["that of the string's statement after an interpolation", "a.ts", "  a(`${\n      b\n      }`", 2],
  ["that of the comment's statement after a comment", "a.ts", "  a /*\n      b */ c", 2],
  ["that of the opener after a closer", "a.ts", "  a(\n      b)", 2],
  ["that of the closer if the closer begins its line", "a.ts", "  a {\n      b\n}", 0],
  ["that of the attribute in a tag", "a.html", "  <a\n      b", 6],
  ["that of its own line in text", "a.html", "<a>\n  b", 2],
] as const) {
  test(`the indentation of a statement is ${claim}`, () => {
    assert.equal(lexed(path, text).state.indent, indent);
  });
}

test("the text of a string or comment that began in another text changes no indentation", () => {
  for (const text of ["  a(`", "  a(/*"]) {
    const state = lexed("a.ts", text).state;
    assert.equal(new Lexer(Buffer.from("      b"), 0, state).state.indent, 2, text);
  }
});

test("an empty text and its root are not indented", () => {
  const { frame, columns } = lexed("a.ts", "").state;
  assert.deepEqual([frame.indent, columns], [0, 0]);
});

test("brackets beyond the maximum depth are not reported", () => {
  assert.equal(tokensOf("a.ts", "(".repeat(1002)).length, 1000);
});

test("the indentation of a line counts up to 1000 bytes", () => {
  assert.equal(lexed("a.ts", `${" ".repeat(999)}b`).state.columns, 999);
  assert.equal(lexed("a.ts", `${" ".repeat(1001)}b`).state.columns, 1000);
});

test("a line's first token is expected until it is read", () => {
  const isFirstAfter = (text: string): boolean => lexed("a.ts", text).state.isFirst;
  assert.deepEqual(["", "  ", "a", "a\n", "a\n  ", "a\n  (", "a {\n}"].map(isFirstAfter), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

for (const [claim, path, text, indents] of [
  ["a block has the indentation of the line that opens it", "a.ts", "  if (a) {\n    b(", [2, 4]],
  ["a block whose content is indented less has none", "a.cpp", "class B\n    : public C {\n public:\n", [0]],
  ["a closer that is indented less does not change it", "a.cpp", "    b {\n  ]", [4]],
  ["a parenthesis that is indented less does not change it", "a.cpp", "    b {\n  )", [4]],
  ["content that is indented as much does not change it", "a.cpp", "    b {\n    c", [4]],
  ["content of a parenthesis that is indented less does not change it", "a.cpp", "    b (\n  c", [4]],
] as const) {
  test(`the indentation of brackets: ${claim}`, () => {
    assert.deepEqual(indentsAt(path, text), indents);
  });
}

testOpenFrames("a word that begins a statement", [
  ["ends brackets that were left open", "a.py", "a = (b, [\nreturn {", "}"],
  ["does not end brackets if it is deeper than they are", "a.py", "a = (\n  return [", ") ]"],
  ["does not end an outer bracket if it is farther right", "a.py", "a(\n  b(\n  return [", ") ]"],
  ["does not end brackets as a part of another word", "a.py", "a = (\nreturned [", ") ]"],
  ["does not end brackets within a line", "a.py", "a = (b, return [", ") ]"],
  ["does not end brackets in an interpolation", "a.py", "f'{a(\nreturn [", "' } ]"],
  ["must be one of the language's words that begin statements", "a.py", "a = (\nb [", ") ]"],
  ["does not end brackets in other languages", "a.ts", "a = (\nreturn [", ") ]"],
]);

testOpenFrames("the parenthesis after the pattern of a case", [
  ["needs no opener", "a.sh", "case a in\n  b) (", "esac )"],
  ["needs an opener outside of a case", "a.sh", "b) (", "), stray )"],
]);

test("a closer indented like an outer opener ends that one", () => {
  assert.equal(openAt("a.ts", "{\n  {\n    {\n  }"), "}");
  assert.equal(openAt("a.ts", "{\n  {\n    { }"), "} }");
});

test("states are the same if lexing continues in the same way from them", () => {
  const state = lexed("a.sh", "  a(\n    cat <<E").state;
  const { heredoc } = state;
  assert.ok(heredoc !== undefined);
  assert.ok(isSameState(state, { ...state, heredoc: { ...heredoc } }));
  for (const [claim, other] of Object.entries({
    frame: { ...state, frame: initialState(grammarOf("a.sh")).frame },
    indent: { ...state, indent: 3 },
    columns: { ...state, columns: 3 },
    isFirst: { ...state, isFirst: true },
    noHeredoc: { ...state, heredoc: undefined },
    otherHeredoc: { ...state, heredoc: { ...heredoc, closer: "F" } },
    rawHeredoc: { ...state, heredoc: { ...heredoc, interpolation: "" } },
  })) {
    assert.ok(!isSameState(state, other), claim);
    assert.ok(!isSameState(other, state), claim);
  }
});
