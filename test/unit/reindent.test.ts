import assert from "node:assert/strict";
import test from "node:test";
import { isFlat } from "../../src/core/structure/levels.js";
import { mappingOf, reindented, reindentedLines } from "../../src/core/structure/reindent.js";
import { pointIn } from "../support/testInference.js";

/** A claim, a document with ║ at the cursor, a text, that text reindented like the document, and the file's path. */
type Row = readonly [claim: string, document: string, text: string, expected: string, path?: string];

function testRows(kind: string, rows: readonly Row[]): void {
  for (const [claim, document, text, expected, path] of rows) {
    test(`${kind}: ${claim}`, () => {
      assert.equal(reindented(text, pointIn(document, path)), expected);
    });
  }
}

const two = "if (a) {\n  b();\n}\n";
const four = "if (a) {\n    b();\n}\n";
const tabs = "if (a) {\n\tb();\n}\n";

testRows("the lines of a text get the document's unit", [
  ["two columns instead of four", `${two}║`, "if (c) {\n    d();\n}", "if (c) {\n  d();\n}"],
  ["four instead of two", `${four}║`, "if (c) {\n  d();\n}", "if (c) {\n    d();\n}"],
  ["tabs", `${tabs}║`, "if (c) {\n  d();\n}", "if (c) {\n\td();\n}"],
  ["spaces instead of tabs", `${two}║`, "if (c) {\n\td();\n}", "if (c) {\n  d();\n}"],
  [
    "on each level",
    `${two}║`,
    "if (c) {\n    if (d) {\n        e();\n    }\n}",
    "if (c) {\n  if (d) {\n    e();\n  }\n}",
  ],
  [
    "with tabs on each level",
    `${tabs}║`,
    "if (c) {\n  if (d) {\n    e();\n  }\n}",
    "if (c) {\n\tif (d) {\n\t\te();\n\t}\n}",
  ],
  [
    "tabs become spaces on each level",
    `${four}║`,
    "if (c) {\n\tif (d) {\n\t\te();\n\t}\n}",
    "if (c) {\n    if (d) {\n        e();\n    }\n}",
  ],
  ["text in the right unit stays as it is", `${two}║`, "if (c) {\n  d();\n}", "if (c) {\n  d();\n}"],
  ["text in any unit stays as it is if no unit is known", "a();\n║", "if (c) {\n   d();\n}", "if (c) {\n   d();\n}"],
  [
    "text stays as it is in a width that the document also has",
    `${two}${two}${four}║`,
    "if (c) {\n    d();\n}",
    "if (c) {\n    d();\n}",
  ],
  ["after a line prefix", `${two}if (c) {║`, "\n    d();\n}", "\n  d();\n}"],
  ["after an indented line prefix", `${two}if (c) {\n  if (d) {║`, "\n      e();\n  }", "\n    e();\n  }"],
  ["in Python", "if a:\n    b()\n║", "if c:\n  d()\n  e()", "if c:\n    d()\n    e()", "a.py"],
]);

testRows("the first line of a text", [
  ["gets the indentation of its block below an opener", `${two}if (c) {\n║\n}`, "d();", "  d();"],
  ["gets the missing part of that indentation", `${four}if (c) {\n    if (d) {\n  ║\n    }\n}`, "e();", "      e();"],
  ["stays if the block may have ended", "if (a) {\n  b();\n║\n}", "c();", "c();"],
  ["gets nothing if nothing is missing", "if (a) {\n  b();\n  ║\n}", "c();", "c();"],
  ["gets tabs in a document with tabs", `${tabs}if (c) {\n║\n}`, "d();", "\td();"],
  ["loses an indentation of its own", "if (a) {\n  b();\n║\n}", "      c();", "  c();"],
  ["stays if the user has indented more", "if (a) {\n  b();\n    ║\n}", "c();", "c();"],
  ["stays after code", "if (a) {\n  b(║", "c);", "c);"],
  ["keeps its spaces after code", "a =║", " b;", " b;"],
  ["of a comment in Python has the comment's indentation", "if a:\n    # b\n║", "c()", "    c()", "a.py"],
  ["keeps its spaces after code even before other lines", "a =║", " b;\nc();", " b;\nc();"],
  ["stays if the next line has its depth", `${two}if (c) {\n║\nd();\n}`, "e();", "e();"],
  ["is indented if the next line is deeper", `${two}if (c) {\n║\n    d();\n}`, "e();", "  e();"],
  ["is indented at the end of the document", `${two}if (c) {\n║`, "d();", "  d();"],
  ["stays if it closes the block", `${two}if (c) {\n║`, "}", "}"],
  ["stays if it is a label", `${two}switch (c) {\n║\n}`, "case d:", "case d:"],
  ["stays in a flat container", `${two}namespace c {\n║\n}`, "d();", "d();"],
  ["stays if it is a pattern of a shell's case", "if a; then\n  b\nfi\ncase c in\n║\nesac", "d) e;;", "d) e;;", "a.sh"],
  ["stays at the cursor's column", "if (a) {\n  b();\n ║\n}", "c();", "c();"],
  ["is moved to the column of its block", "if (a) {\n  b();\n ║\n}", "  c();", " c();"],
  ["keeps its indentation if no unit is known", "a();\n║", "  b();", "  b();"],
  ["loses its indentation if the cursor is indented", "a();\n ║", " b();", "b();"],
  ["loses its indentation at the cursor's column", `${two}a =\n    ║`, "  b;", "b;"],
  ["loses its indentation at its block's column", `${two}if (c) {\n  d =\n  ║`, "  e;", "e;"],
  ["loses its indentation at the start of a document", "║", "  a();", "a();"],
  ["keeps its indentation as a continuation of the line above", `${two}a =\n║`, "    b;", "    b;"],
  ["loses its indentation after a complete statement", `${two}a;\n║`, "    b;", "b;"],
  ["may end blocks", "if (a) {\n    if (b) {\n        c();\n║", "    d();", "    d();"],
  [
    "may not end blocks with an indentation between two levels",
    "if (a) {\n    if (b) {\n        c();\n║",
    "   d();",
    "        d();",
  ],
  ["may be a closer with an indentation between two levels", "if (a) {\n    if (b) {\n        c();\n║", "   }", "   }"],
  ["may have an indentation between two levels in Python", "if a:\n    b()\n║", " c()", " c()", "a.py"],
  [
    "may continue the statement above",
    `${four}void a()\n    ║`,
    "throws B {\n  c();\n}",
    "throws B {\n    c();\n}",
    "a.java",
  ],
  ["may be blank", "if (a) {\n║\n}", "\n  b();", "\n  b();"],
  ["may be on a flat level", "if (a) {\nb();\n}\nif (c) {\n║\n}", "d();", "d();"],
]);

testRows("the lines below keep their depth relative to the first one", [
  ["if the first one moves", `${two}if (a) {\n║\n}`, "if (c) {\n  d();\n}", "  if (c) {\n    d();\n  }"],
  ["if the first one was indented", "if (a) {\n  b();\n║\n}", "  if (c) {\n    d();\n  }", "  if (c) {\n    d();\n  }"],
  ["if the cursor is indented", "if (a) {\n  b();\n  ║\n}", "if (c) {\n    d();\n  }", "if (c) {\n    d();\n  }"],
  ["if only the cursor is indented", "if (a) {\n  b();\n  ║\n}", "if (c) {\n  d();\n}", "if (c) {\n    d();\n  }"],
]);

testRows("within a text", [
  ["blanks at the ends of lines are dropped", "║", "a();  \nb();\t\nc();", "a();\nb();\nc();"],
  ["blanks at the end of the text stay", "║", "a();\nb(); ", "a();\nb(); "],
  ["blanks at the ends of lines in a string stay", "║", "a(`b  \n  c`);\nd();", "a(`b  \n  c`);\nd();"],
  ["blank lines become empty", `${two}║`, "a();\n  \nb();", "a();\n\nb();"],
  [
    "the lines of a string stay",
    `${two}║`,
    "if (c) {\n    a(`\n  b\n      c`);\n}",
    "if (c) {\n  a(`\n  b\n      c`);\n}",
  ],
  ["aligned lines keep their distance", `${two}║`, "if (c) {\n    a(b,\n      c);\n}", "if (c) {\n  a(b,\n    c);\n}"],
  [
    "aligned lines keep their distance, with spaces in a document with tabs",
    `${tabs}║`,
    "if (c) {\n  a(b,\n    c);\n}",
    "if (c) {\n\ta(b,\n\t  c);\n}",
  ],
  ["alignment with spaces stays", `${tabs}║`, "if (c) {\n\ta(b,\n\t  c);\n}", "if (c) {\n\ta(b,\n\t  c);\n}"],
  [
    "comments are aligned with theirs",
    `${two}║`,
    "if (c) {\n    /*\n     * d\n     */\n    e();\n}",
    "if (c) {\n  /*\n   * d\n   */\n  e();\n}",
  ],
]);

const bsd = "int f(\n    int a)\n{\n\treturn a;\n}\n\n";
const tabsOnly = "int f(\n\tint a)\n{\n\treturn a;\n}\n\n";
testRows("arguments may be indented otherwise than blocks", [
  ["arguments keep an indentation that arguments above have", `${bsd}║`, "g(\n    int b)", "g(\n    int b)", "a.c"],
  [
    "arguments are indented as blocks are if arguments above are, too",
    `${tabsOnly}║`,
    "g(\n    int b)",
    "g(\n\tint b)",
    "a.c",
  ],
  ["blocks are indented as blocks above are", `${bsd}║`, "if (b) {\n    c();\n}", "if (b) {\n\tc();\n}", "a.c"],
]);

testRows("a line keeps its whitespace", [
  ["if it continues a statement", `${tabs}║`, "if (c) {\n\ta\n\t      .b();\n}", "if (c) {\n\ta\n\t      .b();\n}"],
  ["if no unit is known", "a();\n║", "if (c) {\n\td();\n}", "if (c) {\n\td();\n}"],
]);

testRows("the unit of a text is", [
  ["what a block is indented more than its opener", `${two}║`, "if (c) {\n   d();\n}", "if (c) {\n  d();\n}"],
  [
    "what a block is indented more than its closer, if that is deeper",
    `${two}║`,
    "x = a\n  ? b({\n      c: 1,\n    })\n  : d;",
    "x = a\n  ? b({\n      c: 1,\n    })\n  : d;",
  ],
  ["not what arguments are indented, if that is two levels", `${two}║`, "f(\n    a,\n    b);", "f(\n    a,\n    b);"],
  ["what arguments are indented, if that is not two levels", `${two}║`, "f(\n      a,\n      b);", "f(\n  a,\n  b);"],
  [
    "not what the body of a long condition is indented",
    `${two}║`,
    "if (a &&\n    b) {\n    c();\n}",
    "if (a &&\n    b) {\n    c();\n}",
  ],
  [
    "not what the body of a long condition of a shell is indented",
    "if a; then\n  b\nfi\n║",
    "if c \\\n    && d; then\n    e\nfi",
    "if c \\\n    && d; then\n    e\nfi",
    "a.sh",
  ],
  ["what a block of words is indented", "if a\n  b\nend\n║", "if c\n    d\nend", "if c\n  d\nend", "a.rb"],
  ["a tab below the middle part of a block", "if a\n  b\nend\n║", "if c\nelse\n\td", "if c\nelse\n  d", "a.rb"],
  ["not a difference of one column", `${two}║`, "if (c) {\n    d();\n     e();\n}", "if (c) {\n  d();\n  e();\n}"],
  ["the smallest difference", `${two}║`, "if (c) {\n        d();\n    e();\n}", "if (c) {\n    d();\n  e();\n}"],
  ["what a closer is indented less", "if (a) {\n\tif (b) {\n\t\t║", "c();\n  }\n}", "c();\n\t}\n}"],
  [
    "what a closer is indented less, even if that is four columns",
    "if (a) {\n\tif (b) {\n\t\t║",
    "c();\n    }\n}",
    "c();\n\t}\n}",
  ],
  ["a tab if it has tabs", `${two}║`, "a();\nif (c) {\n\td();\n}", "a();\nif (c) {\n  d();\n}"],
  [
    "a tab even below the end of a block",
    "if (a) {\n  ║",
    "c();\n}\nif (d) {\n\te();\n}",
    "c();\n}\nif (d) {\n  e();\n}",
  ],
  [
    "a tab below a word that opens the block",
    "if a; then\n  b\nfi\n║",
    "while c\ndo\n\td\ndone",
    "while c\ndo\n  d\ndone",
    "a.sh",
  ],
  ["that of the document if no line is indented", "if (a) {\n\t║\n}", "c();\nd();", "c();\n\td();"],
  [
    "nothing in a paragraph",
    "<div>\n  <p>a</p>\n  <p>b</p>\n</div>\n║",
    "<p>a\nb\n<i>c</i></p>",
    "<p>a\nb\n<i>c</i></p>",
    "a.html",
  ],
  ["nothing on a flat page", "║", "<div>\n<p>\na\n</p>\n</div>", "<div>\n<p>\na\n</p>\n</div>", "a.html"],
]);

testRows("a text that counts its columns from another base", [
  ["gets the base of its document", `${two}if (a) {\n    if (c) {║`, "\n  d();\n}", "\n      d();\n    }"],
  ["gets the unit of its document, too", `${two}if (a) {\n    if (c) {║`, "\n    d();\n}", "\n      d();\n    }"],
  ["gets the base of its document even without its end", `${two}if (a) {\n    if (c) {║`, "\n  d();", "\n      d();"],
]);

test("only the first line moves if the text has no others", () => {
  assert.deepEqual(
    reindentedLines("c();", pointIn(`${two}if (c) {\n║\n}`)).map(({ targetColumns, aligned }) => [
      targetColumns,
      aligned,
    ]),
    [[2, 0]],
  );
});

test("the mapping of columns is undecided until a line shows the text's unit", () => {
  const point = pointIn(`${two}║`);
  for (const text of ["", "a();", "if (c) {", "if (c) {\n", "if (c) {\n  \n"]) {
    assert.equal(mappingOf(text, point), undefined, text);
  }
  assert.equal(mappingOf("if (c) {\n    d();", point)?.(8), 4);
  assert.equal(mappingOf("if (c) {\n  d();", point)?.(4), 4);
  const inner = pointIn(`${two}if (a) {\n    if (c) {║`);
  assert.equal(mappingOf("\n  d();", inner), undefined);
  assert.equal(mappingOf("\n  d();\n    e();", inner)?.(2), 6);
  assert.equal(mappingOf("if (c) {\n    d();", pointIn(`${two}if (a) {\n║\n}`))?.(4), 4);
  assert.equal(mappingOf("\n    d();", pointIn(`${two}if (c) {║`))?.(4), 2);
});

test("the body of a method is indented alike while it is written, from the line of its name", () => {
  const document = "class A {\n  void f() {\n    g();\n  }\n\n  void h()\n      ║";
  for (const text of ["throws E {\n    g();\n  }", "throws E {\n        g();\n    }"]) {
    const point = pointIn(document, "a.java");
    assert.equal(reindented(text, point, mappingOf(text, point)), "throws E {\n    g();\n  }");
    assert.equal(reindented(text, point), "throws E {\n    g();\n  }");
  }
});

const flat = "if (a) {\nb();\n}\n";
const indented = "if (a) {\n  b();\n}\n";
for (const [claim, marked, expected, path] of [
  ["most blocks above are", `${flat}${indented}${flat}║`, true],
  ["half of the blocks are not enough", `${flat}${indented}║`, false],
  ["a block below is", `║\n${flat}`, true],
  ["blocks below count with those above", `${indented}${indented}║\n${flat}`, false],
  ["a block below without content says nothing", "║\nif (a) {\n}\n", false],
  ["a block below that begins with a comment says nothing", "║\nif (a) {\n# b\n}\n", false],
  ["a block above without content says nothing", "if (a) {\n}\n║", false],
  ["a document without blocks is not", "a();\n║\nb();", false],
  ["a block right above is", "if (a) {\nb();\n║", true],
  ["a block at the end of the document is", "║\nif (a) {\nb();", true],
  ["only the three nearest blocks below count", `║\n${indented.repeat(2)}${flat.repeat(4)}`, false],
  ["only the nearest blocks below count with those above", `${flat}║\n${indented.repeat(2)}${flat.repeat(2)}`, false],
  ["twelve blocks count", `${flat.repeat(7)}${indented.repeat(6)}║`, false],
  ["a blank line in a block says nothing", "if (a) {\n\n  b();\n}\n║", false],
  ["a comment in a block says nothing", "if (a) {\n// b\n}\n║", false],
  ["code in a script may be", "<script>\n║", true, "a.html"],
  ["brackets of Python are not", "{\n'a': 1,\n}\n║", false, "a.py"],
  ["a document in Python is not", "if a:\n  b()\n║", false, "a.py"],
] as const satisfies readonly (readonly [string, string, boolean, string?])[]) {
  test(`whether blocks are not indented: ${claim}`, () => {
    assert.equal(isFlat(pointIn(marked, path)), expected);
  });
}
