import assert from "node:assert/strict";
import test from "node:test";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";
import {
  closesBlock,
  codeLines,
  columnsIn,
  columnsOf,
  isComment,
  opensLevel,
  readLines,
} from "../../src/core/structure/lines.js";
import { linesOf } from "../support/openFrames.js";

for (const [claim, path, text, kinds] of [
  ["statements", "a.ts", "a;\n  b;", "statement statement"],
  ["blank lines", "a.ts", "a;\n\n  \nb;", "statement blank blank statement"],
  ["lines of a string", "a.ts", "a = `b\n  c\n`;\nd", "statement text text statement"],
  ["blank lines in a string", "a.ts", "a = `b\n\n`;", "statement blank text"],
  ["lines of a comment", "a.ts", "/* a\n  b\n*/\nc", "statement text continuation statement"],
  ["asterisks of a comment", "a.ts", "/*\n * a\n */\nb", "statement continuation continuation statement"],
  ["asterisks in a string", "a.ts", "`\n * a`", "statement text"],
  ["arguments aligned with others", "a.ts", "f(a,\n  b,\n)", "statement continuation statement"],
  ["arguments on lines of their own", "a.ts", "f(\n  a,\n  b\n)", "statement statement statement statement"],
  ["items aligned with others", "a.ts", "f([a,\n  b\n])", "statement continuation statement"],
  ["items on lines of their own", "a.ts", "f([\n  a\n])", "statement statement statement"],
  ["properties after others", "a.ts", "{a,\n  b\n}", "statement statement statement"],
  [
    "a call after a call with arguments of its own",
    "a.ts",
    "f(\n  a)\ng(b,\n  c)",
    "statement statement statement continuation",
  ],
  ["attributes", "a.html", "<a\n  b\n>", "statement continuation continuation"],
  ["prose", "a.html", "<p>\n  a\n  <b>\n  {{ c }}", "statement continuation statement statement"],
  ["text in JSX", "a.tsx", "<p>\n  a", "statement statement"],
  ["text in XML", "a.xml", "<p>\n  a", "statement continuation"],
  ["after a backslash", "a.sh", "a \\\n  b\nc", "statement continuation statement"],
  ["an arm after a block", "a.rb", "if a\n  b\nend", "statement statement statement"],
] as const) {
  test(`the kinds of lines: ${claim}`, () => {
    assert.equal(
      linesOf(path, text)
        .map(({ kind }) => kind)
        .join(" "),
      kinds,
    );
  });
}

for (const [claim, path, text, closers] of [
  ["brackets", "a.ts", "{\n}\n)\n]\na}", [1, 2, 3]],
  ["indented brackets", "a.ts", "{\n  }", [1]],
  ["end tags", "a.html", "<a>\n</a>\nb</a>", [1]],
  ["words that end a block", "a.rb", "if a\nend\nend_a\nend: b", [1]],
  ["words that begin a middle part", "a.rb", "if a\nelse\nelsif b\nelsewhere", [1, 2]],
  ["no words in other languages", "a.ts", "end\nelse", []],
  ["no closers in strings", "a.ts", "`\n)`", []],
  ["no lines of a comment", "a.ts", "/*\n * a\n */", []],
  ["no blank lines", "a.ts", "{\n\n", []],
] as const) {
  test(`the lines that close something: ${claim}`, () => {
    const lines = linesOf(path, text);
    assert.deepEqual(
      lines.flatMap(({ isCloser }, i) => (isCloser ? [i] : [])),
      closers,
    );
  });
}

for (const [claim, path, text, expected] of [
  ["a bracket", "a.ts", "f(", true],
  ["a bracket after a closer", "a.ts", "} else {", true],
  ["a bracket with more text", "a.ts", "f(a,", true],
  ["a bracket that is closed", "a.ts", "f(a)", false],
  ["a bracket in a comment", "a.ts", "a // (", false],
  ["a bracket before a comment", "a.ts", "f( // a", true],
  ["a comment of several lines", "a.ts", "/* a", false],
  ["a bracket before a comment of several lines", "a.ts", "f( /* a", false],
  ["a string of several lines", "a.ts", "`a", false],
  ["an arrow", "a.ts", "a =>", true],
  ["an arrow with a body", "a.ts", "a => b", false],
  ["a word", "a.rb", "if a", true],
  ["a middle part", "a.rb", "else", true],
  ["a middle part with its body", "a.rb", "when a then b", false],
  ["a middle part in other languages", "a.ts", "else", false],
  ["a colon in Python", "a.py", "if a:", true],
  ["a colon in other languages", "a.ts", "a:", false],
  ["a case", "a.ts", "  case a:", true],
  ["a default", "a.ts", "default:  ", true],
  ["a default with its body", "a.ts", "default: a", false],
  ["an element", "a.html", "<a>", true],
  ["an element with its end", "a.html", "<a></a>", false],
  ["a blank line", "a.py", "  ", false],
] as const) {
  test(`whether the next lines are deeper: after ${claim}`, () => {
    assert.equal(opensLevel(linesOf(path, text)[0]!), expected);
  });
}

test("the last line of a string opens no level", () => {
  assert.equal(opensLevel(linesOf("a.ts", "`\n{` + (")[1]!), false);
});

for (const [path, line, expected] of [
  ["a.ts", "  // a", true],
  ["a.ts", "/* a", true],
  ["a.ts", "a // b", false],
  ["a.ts", "# a", false],
  ["a.py", "# a", true],
  ["a.html", "<!-- a", true],
  ["a.html", "// a", false],
] as const) {
  test(`${line} in ${path} is ${expected ? "a" : "no"} comment`, () => {
    assert.equal(isComment(linesOf(path, line)[0]!), expected);
  });
}

test("words close blocks if the language says so", () => {
  const ruby = grammarOf("a.rb");
  assert.deepEqual(
    ["end", "  end if a", "end_a", "end:", "end?", "begin", "a end", ""].map((line) => closesBlock(line, ruby)),
    [true, true, false, false, false, false, false, false],
  );
  assert.equal(closesBlock("end", grammarOf("a.ts")), false);
});

test("a line's columns are those of its leading whitespace, with tabs to the next stop", () => {
  assert.deepEqual(["a", "  a b", "\ta", " \ta", "\t a", ""].map(columnsOf), [0, 2, 4, 4, 5, 0]);
  assert.deepEqual(["ab", "a\tb", "abcd\tb", "\t\t"].map(columnsIn), [2, 5, 9, 8]);
});

test("a line has the indentation of its statement, and the frames at its ends", () => {
  const [first, second, third] = linesOf("a.ts", "  a(b,\n      c);\nd");
  assert.deepEqual([first?.indent, second?.indent, third?.indent], [2, 2, 0]);
  assert.deepEqual([first?.columns, second?.columns, third?.columns], [2, 6, 0]);
  assert.equal(first?.start.depth, 0);
  assert.equal(first.end.closer, ")");
  assert.equal(second?.start, first.end);
  assert.equal(second.end.depth, 0);
});

test("lines are read up to an offset, and the text before them decides what they mean", () => {
  const bytes = Buffer.from("a\nb\nc");
  const lexer = new Lexer(bytes, 0, initialState(grammarOf("a.ts")));
  assert.deepEqual(
    readLines(lexer, 3, new Set()).map(({ text }) => text),
    ["a", "b"],
  );
  assert.equal(lexer.at, 3);
  const state = { ...initialState(grammarOf("a.ts")), isFirst: false };
  assert.equal(codeLines("/b(/;", state, new Set(), "a = ")[0]?.end.depth, 0);
  assert.equal(codeLines("/b(c", state, new Set(), "é ")[0]?.end.depth, 1);
});

test("a line that begins a statement is outside of the brackets that were left open", () => {
  assert.equal(linesOf("a.py", "a = (\nreturn b")[1]?.start.depth, 0);
});

test("a byte order mark stays in its line", () => {
  assert.equal(linesOf("a.ts", "a\n\ufeffb")[1]?.text, "\ufeffb");
});
