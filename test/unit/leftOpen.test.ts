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
  ["or less", "a.ts", "  f(", " g", true],
  ["not before deeper lines", "a.ts", "f(", "  g", false],
  ["nor before a blank line", "a.ts", "f(", "  ", false],
  ["nor before an empty one", "a.ts", "f(", "", false],
  ["a statement", "a.ts", "f(", "  return g", true],
  ["a declaration", "a.ts", "f[", "  const a = b", true],
  ["a statement in Java", "a.java", "f(", "  throw a", true],
  ["a statement in Groovy", "a.gradle", "f(", "  throw a", true],
  ["a statement in C", "a.c", "f(", "  for (a", true],
  ["a statement in Go", "a.go", "f(", "  var a", true],
  ["not a word that begins like one", "a.ts", "f(", "  format", false],
  ["not in a language whose statements are expressions", "a.rs", "f(", "  return g", false],
  ["as in Zig", "a.zig", "f(", "  return g", false],
  ["not before a comprehension of Python", "a.py", "f(", "  for a in b", false],
]);

testRows("a block was left open before", [
  ["a line that is not indented more, if the cursor is", "a.ts", "f {", "g", true, { columns: 2 }],
  ["not if the cursor is not", "a.ts", "f {", "g", false],
  ["not before deeper lines", "a.ts", "f {", "  g", false, { columns: 2 }],
  ["not before a label", "a.ts", "f {", "case g:", false, { columns: 2 }],
  ["not before its closer", "a.ts", "f {", "}", false, { columns: 2 }],
  ["a closer that is indented less", "a.ts", "  f {", "}", true, { columns: 2 }],
  ["a closer that is indented much more", "a.ts", "f {", `${" ".repeat(11)}}`, true, { columns: 2 }],
  ["not much less than that", "a.ts", "f {", `${" ".repeat(10)}}`, false, { columns: 2 }],
  ["another closer may be far", "a.ts", "f {", `${" ".repeat(11)})`, false, { columns: 2 }],
  ["a parenthesis may be far", "a.ts", "f (", `${" ".repeat(11)})`, false, { columns: 2 }],
  ["a word that closes an outer block", "a.rb", "  if a", "end", true, { columns: 4 }],
  ["not a word that closes it", "a.rb", "if a", "end", false, { columns: 4 }],
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
  ["a line with another one", "a.ts", "`a", "b(`c`)", true],
  ["a line with a word before another one", "a.ts", "`a", "b `c`", true],
  ["not before its end", "a.ts", "`a", "b`)", false],
  ["nor before other quotes", "a.ts", "`a", "b('c')", false],
  ["a line of closers in Rust", "a.rs", '"a', "  });", true],
  ["with a comma", "a.rs", '"a', "),", true],
  ["not a closer after text", "a.rs", '"a', "b)", false],
  ["not a line of closers in PHP", "a.php", '<?php "a', "});", false],
  ["the opener of the same heredoc", "a.sh", "cat <<E\n", "cat <<E", true],
  ["an indented one", "a.sh", "cat <<E\n", "cat <<-E", true],
  ["a quoted one", "a.sh", "cat <<E\n", "cat << 'E'", true],
  ["not that of a longer word", "a.sh", "cat <<E\n", "cat <<EF", false],
  ["a raw string of Rust", "a.rs", 'r#"a', 'b(r#"c', true],
  ["not of another kind", "a.rs", 'r##"a', 'b(r#"c', false],
  ["a raw string of C++", "a.cpp", 'R"x(a', 'b(R"x(c', true],
  ["not with another delimiter", "a.cpp", 'R"x(a', 'b(R"y(c', false],
  ["a raw string of Lua", "a.lua", "a = [[b", "c = [[d", true],
  ["of another level", "a.lua", "a = [=[b", "c = [[d", false],
  ["a docstring, a line that is indented less", "a.py", '  """a', " b", true],
  ["not one that is indented as much", "a.py", '  """a', "  b", false],
  ["a line with another docstring", "a.py", '"""a', 'b = """c', true],
  ["a definition", "a.py", '"""a', "def b(c):", true],
  ["a class", "a.py", "'''a", "class B:", true],
  ["an import", "a.py", '"""a', "from b import c", true],
  ["a decorator", "a.py", '"""a', "@b.c", true],
  ["not prose that begins like a definition", "a.py", '"""a', "def of the word", false],
]);

testRows("a docstring is open before quotes", [
  ["that open another one after an assignment", "a.py", '"""a', 'b = """', true],
  ["in a call", "a.py", '"""a', 'b("""', true],
  ["with a prefix", "a.py", '"""a', 'b = rb"""', true],
  ["at the start of a line with text", "a.py", '"""a', '"""Text', true],
  ["which may have a prefix", "a.py", '"""a', '  r"""Text', true],
  ["not if they end it", "a.py", '"""a', '"""', false],
  ["not if they end it before a closer", "a.py", '"""a', '""")', false],
  ["not if they end it before a comma", "a.py", '"""a', '""", b', false],
  ["with a single character", "a.py", '"""a', '"""T', true],
  ["not after a longer word", "a.py", '"""a', 'abc"""Text', false],
  ["not after words", "a.py", '"""a', 'b c """', false],
]);

testRows("a comment was left open before", [
  ["another one", "a.c", "/* a", "/* b */", true],
  ["not before its end", "a.c", "/* a", " b */", false],
  ["nor before text", "a.c", "/* a", " b", false],
  ["code after its end, which is part of a string", "a.c", "/* a", "b */ c", true],
  ["not if a line of asterisks ends it", "a.c", "/* a", " * b */ c", false],
  ["asterisks at another depth", "a.c", "/* a", "    * b", true],
  ["not those near it", "a.c", "/* a", "  * b", false],
  ["not those near an indented one", "a.c", "    /* a", "     * b", false],
  ["nor before deeper text", "a.c", "/* a", "      b", false],
  ["nor before the end of a comment that nests", "a.jl", "#= a", "b =# c", false],
  ["asterisks before it", "a.c", "    /* a", " * b", true],
  ["another one in HTML", "a.html", "<!-- a", "<!-- b", true],
  ["not before its end in HTML", "a.html", "<!-- a", "b --> c", false],
  ["nor after its end in HTML", "a.html", "<!-- a", "b --> <!-- c", false],
  ["nor before another section of XML", "a.xml", "<![CDATA[ a", "<![CDATA[ b", false],
]);

testRows("an element was left open before", [
  ["a line that is not indented more", "a.html", "  <a>", "  b", true, { columns: 2 }],
  ["not if the cursor is indented less", "a.html", "  <a>", "  b", false, { columns: 1 }],
  ["not before deeper lines", "a.html", "  <a>", "   b", false, { columns: 2 }],
  ["one that is indented by a column", "a.html", " <a>", " b", true, { columns: 1 }],
  ["an end tag that is indented less", "a.html", "  <a>", "</b>", true],
  ["not before its end tag", "a.html", "  <a>", "  </a>", false, { columns: 2 }],
  ["not if it is not indented", "a.html", "<a>", "b", false],
  ["but if the cursor is deeper", "a.html", "<a>", "b", true, { columns: 2 }],
  ["the parts of a component", "a.vue", "<template>", "<script>", true],
  ["its styles", "a.vue", "<template>", "<style scoped>", true],
  ["not other parts", "a.vue", "<template>", "<scripted>", false],
  ["a script before markup", "a.html", "<script>", "<b>", true],
  ["before the end of another element", "a.html", "<script>", "  </b>", true],
  ["not before its end", "a.html", "<script>", "</script>", false],
  ["nor before code", "a.html", "<script>", "a < b", false],
  ["a style sheet before markup", "a.html", "<style>", "<!-- b", true],
]);

testRows("in markup, a bracket or tag was left open before", [
  ["a tag", "a.svelte", "{a", "<b>", true],
  ["another bracket", "a.svelte", "{a", "{b}", true],
  ["not before deeper ones", "a.svelte", "{a", "  {b}", false],
  ["nor before code", "a.svelte", "{a", "b", false],
  ["a tag before another one", "a.html", "<a", "  <b>", true],
  ["not before its attributes", "a.html", "<a", "b='c'", false],
  ["nor before text in most tags", "a.html", "<a", "b, c", false],
  ["the tag of a script before code", "a.html", "<script", "a = b;", true],
  ["not before its attributes", "a.html", "<script", "  src='a'", false],
  ["nor before an attribute without a value", "a.html", "<script", "  defer", false],
  ["nor before its end", "a.html", "<script", ">", false],
]);

for (const [claim, line, expected, quote = '"'] of [
  ["a string of its own", 'a = "b"', true],
  ["an argument", 'a("b', true],
  ["a string in a list", '["b', true],
  ["a string that is not complete", 'a = "b', true],
  ["a string of several lines", 'a = "', true],
  ["after a bracket", 'a("', true],
  ["not an end", 'a"', false],
  ["not after a word at the end", 'a b"', false],
  ["a prefixed string", 'a rb"c"', true],
  ["not at the start of a line", '"a', false],
  ["not without quotes", "a = b", false],
  ["not an end before a bracket", 'a b");', false],
  ["not one after a blank before a bracket", 'a ")', false],
  ["nor before a comma", 'a ", b', false],
  ["a pair after a blank", 'a "),"', true],
  ["escaped quotes do not count", 'a "),\\"', false],
  ["concatenated strings of SQL", "  ' b", true, "'"],
  ["with an operator", "a || ' b", true, "'"],
  ["not at the start of a line of SQL", "' b", false, "'"],
  ["not with other quotes", '  " b', false],
] as const satisfies readonly (readonly [string, string, boolean, string?])[]) {
  test(`the first quote of a line opens a string: ${claim}`, () => {
    assert.equal(opensString(line, quote), expected);
  });
}
