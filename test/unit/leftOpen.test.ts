import assert from "node:assert/strict";
import test from "node:test";
import { isLeftOpenBefore, opensString } from "../../src/core/structure/leftOpen.js";
import { lexed } from "../support/openFrames.js";

interface Cursor {
  readonly columns?: number;
  readonly isBegun?: boolean;
}

/**
 * A claim, a file name, a text, a line below the cursor, and whether the text's innermost open frame counts as left
 * open before that line.
 */
type Row = readonly [claim: string, path: string, text: string, line: string, isLeftOpen: boolean, cursor?: Cursor];

function testRows(kind: string, rows: readonly Row[]): void {
  for (const [claim, path, text, line, expected, { columns = 0, isBegun = false } = {}] of rows) {
    test(`${kind}: ${claim}`, () => {
      assert.equal(isLeftOpenBefore(line, lexed(path, text).frame, { columns, isBegun }), expected);
    });
  }
}

testRows("arguments were left open before", [
  ["a line that is not indented more", "a.ts", "f(", "g", true],
  ["a line that is indented less", "a.ts", "  f(", " g", true],
  ["not before deeper lines", "a.ts", "f(", "  g", false],
  ["not before a blank line", "a.ts", "f(", "  ", false],
  ["not before an empty line", "a.ts", "f(", "", false],
  ["a statement", "a.ts", "f(", "  return g", true],
  ["a declaration", "a.ts", "f[", "  const a = b", true],
  ["a statement in Java", "a.java", "f(", "  throw a", true],
  ["a statement in Groovy", "a.gradle", "f(", "  throw a", true],
  ["a statement in C", "a.c", "f(", "  for (a", true],
  ["a statement in Go", "a.go", "f(", "  var a", true],
  ["not before a word that begins like a statement", "a.ts", "f(", "  format", false],
  ["not before a statement in a language whose statements are expressions", "a.rs", "f(", "  return g", false],
  ["not before a statement in Zig", "a.zig", "f(", "  return g", false],
  ["not before a comprehension of Python", "a.py", "f(", "  for a in b", false],
]);

testRows("a block was left open before", [
  ["a line that is not indented more, if the cursor is", "a.ts", "f {", "g", true, { columns: 2 }],
  ["not before a line that is not indented more, if the cursor is not", "a.ts", "f {", "g", false],
  ["not before deeper lines", "a.ts", "f {", "  g", false, { columns: 2 }],
  ["not before a label", "a.ts", "f {", "case g:", false, { columns: 2 }],
  ["not before its closer", "a.ts", "f {", "}", false, { columns: 2 }],
  ["a closer that is indented less", "a.ts", "  f {", "}", true, { columns: 2 }],
  ["a closer that is indented eleven columns more", "a.ts", "f {", `${" ".repeat(11)}}`, true, { columns: 2 }],
  ["not before a closer that is indented ten columns more", "a.ts", "f {", `${" ".repeat(10)}}`, false, { columns: 2 }],
  [
    "not before a closer of another kind that is indented eleven columns more",
    "a.ts",
    "f {",
    `${" ".repeat(11)})`,
    false,
    { columns: 2 },
  ],
  [
    "not a parenthesis before its closer, however far that is indented",
    "a.ts",
    "f (",
    `${" ".repeat(11)})`,
    false,
    { columns: 2 },
  ],
  ["a word that closes an outer block", "a.rb", "  if a", "end", true, { columns: 4 }],
  ["not before the word that closes it", "a.rb", "if a", "end", false, { columns: 4 }],
]);

testRows("an interpolation was left open before", [
  ["a line that is not indented more", "a.ts", "`${", "a", true],
  ["not before deeper lines", "a.ts", "`${", "  a", false],
  ["any line, if its text has begun", "a.ts", "`${a", "  b", true, { isBegun: true }],
  ["not before its closer", "a.ts", "`${", "}", false, { isBegun: true }],
  ["the line after a template's tag", "a.html", "{% if a", "  b", true],
  ["the line after a template's comment", "a.html", "{# a", "  b", true],
  ["the line after a template's expression", "a.vue", "{{ a", "  b", true],
]);

testRows("a string was left open before", [
  ["a line with another string", "a.ts", "`a", "b(`c`)", true],
  ["a line with a word before another string", "a.ts", "`a", "b `c`", true],
  ["not before its end", "a.ts", "`a", "b`)", false],
  ["not before other quotes", "a.ts", "`a", "b('c')", false],
  ["a line of closers in Rust", "a.rs", '"a', "  });", true],
  ["a line of closers with a comma in Rust", "a.rs", '"a', "),", true],
  ["not a closer after text", "a.rs", '"a', "b)", false],
  ["not a line of closers in PHP", "a.php", '<?php "a', "});", false],
  ["the opener of the same heredoc", "a.sh", "cat <<E\n", "cat <<E", true],
  ["the indented opener of the same heredoc", "a.sh", "cat <<E\n", "cat <<-E", true],
  ["the quoted opener of the same heredoc", "a.sh", "cat <<E\n", "cat << 'E'", true],
  ["not before the opener of a heredoc with a longer word", "a.sh", "cat <<E\n", "cat <<EF", false],
  ["another raw string of Rust", "a.rs", 'r#"a', 'b(r#"c', true],
  ["not before a raw string of Rust with fewer number signs", "a.rs", 'r##"a', 'b(r#"c', false],
  ["another raw string of C++", "a.cpp", 'R"x(a', 'b(R"x(c', true],
  ["not before a raw string of C++ with another delimiter", "a.cpp", 'R"x(a', 'b(R"y(c', false],
  ["another raw string of Lua", "a.lua", "a = [[b", "c = [[d", true],
  ["not before a raw string of Lua of another level", "a.lua", "a = [=[b", "c = [[d", false],
  ["a line that is indented less than a docstring", "a.py", '  """a', " b", true],
  ["not before a line that is indented as much as a docstring", "a.py", '  """a', "  b", false],
  ["a line with another docstring", "a.py", '"""a', 'b = """c', true],
  ["a definition in Python", "a.py", '"""a', "def b(c):", true],
  ["a class in Python", "a.py", "'''a", "class B:", true],
  ["an import in Python", "a.py", '"""a', "from b import c", true],
  ["a decorator in Python", "a.py", '"""a', "@b.c", true],
  ["not before prose that begins like a definition", "a.py", '"""a', "def of the word", false],
]);

testRows("a docstring is open before quotes", [
  ["that open another one after an assignment", "a.py", '"""a', 'b = """', true],
  ["that open another one in a call", "a.py", '"""a', 'b("""', true],
  ["that open another one with a prefix", "a.py", '"""a', 'b = rb"""', true],
  ["that open another one at the start of a line with text", "a.py", '"""a', '"""Text', true],
  ["that open another one with a prefix at the start of a line", "a.py", '"""a', '  r"""Text', true],
  ["not if they end it", "a.py", '"""a', '"""', false],
  ["not if they end it before a closer", "a.py", '"""a', '""")', false],
  ["not if they end it before a comma", "a.py", '"""a', '""", b', false],
  ["that open another one before a single character", "a.py", '"""a', '"""T', true],
  ["not after a longer word", "a.py", '"""a', 'abc"""Text', false],
  ["not after words", "a.py", '"""a', 'b c """', false],
]);

testRows("a comment was left open before", [
  ["another comment", "a.c", "/* a", "/* b */", true],
  ["not before its end", "a.c", "/* a", " b */", false],
  ["not before text", "a.c", "/* a", " b", false],
  ["code after its end, which is part of a string", "a.c", "/* a", "b */ c", true],
  ["not if a line of asterisks ends it", "a.c", "/* a", " * b */ c", false],
  ["asterisks at another depth", "a.c", "/* a", "    * b", true],
  ["not before asterisks near it", "a.c", "/* a", "  * b", false],
  ["not before asterisks near an indented comment", "a.c", "    /* a", "     * b", false],
  ["not before deeper text", "a.c", "/* a", "      b", false],
  ["not before the end of a comment that nests", "a.jl", "#= a", "b =# c", false],
  ["asterisks that are indented less", "a.c", "    /* a", " * b", true],
  ["another comment in HTML", "a.html", "<!-- a", "<!-- b", true],
  ["not before its end in HTML", "a.html", "<!-- a", "b --> c", false],
  ["not before another comment in HTML that follows its end", "a.html", "<!-- a", "b --> <!-- c", false],
  ["not before another section of XML", "a.xml", "<![CDATA[ a", "<![CDATA[ b", false],
]);

testRows("an element was left open before", [
  ["a line that is not indented more", "a.html", "  <a>", "  b", true, { columns: 2 }],
  ["not if the cursor is indented less", "a.html", "  <a>", "  b", false, { columns: 1 }],
  ["not before deeper lines", "a.html", "  <a>", "   b", false, { columns: 2 }],
  [
    "a line that is not indented more, if the element is indented by a column",
    "a.html",
    " <a>",
    " b",
    true,
    { columns: 1 },
  ],
  ["an end tag that is indented less", "a.html", "  <a>", "</b>", true],
  ["not before its end tag", "a.html", "  <a>", "  </a>", false, { columns: 2 }],
  ["not before a line without indentation", "a.html", "<a>", "b", false],
  ["a line without indentation, if the cursor is deeper", "a.html", "<a>", "b", true, { columns: 2 }],
  ["the next part of a component", "a.vue", "<template>", "<script>", true],
  ["the styles of a component", "a.vue", "<template>", "<style scoped>", true],
  ["not before a tag that begins like the part of a component", "a.vue", "<template>", "<scripted>", false],
  ["a script before markup", "a.html", "<script>", "<b>", true],
  ["before the end of another element", "a.html", "<script>", "  </b>", true],
  ["not before its end", "a.html", "<script>", "</script>", false],
  ["not before code in a script", "a.html", "<script>", "a < b", false],
  ["a style sheet before markup", "a.html", "<style>", "<!-- b", true],
]);

testRows("in markup, a bracket or tag was left open before", [
  ["a tag after a bracket", "a.svelte", "{a", "<b>", true],
  ["a bracket after a bracket", "a.svelte", "{a", "{b}", true],
  ["not before a deeper bracket", "a.svelte", "{a", "  {b}", false],
  ["not before code after a bracket", "a.svelte", "{a", "b", false],
  ["a tag after a tag", "a.html", "<a", "  <b>", true],
  ["not before attributes of the tag", "a.html", "<a", "b='c'", false],
  ["not before text, in most tags", "a.html", "<a", "b, c", false],
  ["code after the tag of a script", "a.html", "<script", "a = b;", true],
  ["not before attributes of the tag of a script", "a.html", "<script", "  src='a'", false],
  ["not before an attribute without a value", "a.html", "<script", "  defer", false],
  ["not before the end of the tag of a script", "a.html", "<script", ">", false],
]);

for (const [claim, line, expected, quote = '"'] of [
  ["a string of its own", 'a = "b"', true],
  ["an argument", 'a("b', true],
  ["a string in a list", '["b', true],
  ["a string that is not complete", 'a = "b', true],
  ["a string of several lines", 'a = "', true],
  ["a string after a bracket", 'a("', true],
  ["not at the end of a word", 'a"', false],
  ["not after words, at the end of the line", 'a b"', false],
  ["a prefixed string", 'a rb"c"', true],
  ["not at the start of a line", '"a', false],
  ["not without quotes", "a = b", false],
  ["not an end before a bracket", 'a b");', false],
  ["not after a blank before a bracket", 'a ")', false],
  ["not after a blank before a comma", 'a ", b', false],
  ["after a blank, if another quote follows", 'a "),"', true],
  ["escaped quotes do not count", 'a "),\\"', false],
  ["a string of SQL after blanks", "  ' b", true, "'"],
  ["a string of SQL after an operator", "a || ' b", true, "'"],
  ["not at the start of a line of SQL", "' b", false, "'"],
  ["not with other quotes", '  " b', false],
] as const satisfies readonly (readonly [string, string, boolean, string?])[]) {
  test(`the first quote of a line opens a string: ${claim}`, () => {
    assert.equal(opensString(line, quote), expected);
  });
}
