import assert from "node:assert/strict";
import { test } from "node:test";
import { applyFilters } from "../../src/core/filters/applyFilters.js";
import { InsertionPoint } from "../../src/core/structure/insertionPoint.js";
import { grammarOf } from "../../src/core/structure/languages.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";

/**
 * Passes the text between « and » in a document to the filters. A final … means that the document continues.
 * @returns that text, and what the filters keep.
 */
function shownAt(name: string, marked: string): { readonly wanted: string; readonly shown: string | undefined } {
  const [before = "", rest = ""] = marked.split("«");
  const [wanted = "", after = ""] = rest.split("»");
  const above = before.split("\n");
  const [afterCursor = "", ...below] = after.split("\n");
  const point = new InsertionPoint({
    linePrefix: above.at(-1) ?? "",
    afterCursor,
    above: above.slice(0, -1),
    below,
    aboveState: initialState(grammarOf(name)),
    reachesEnd: !marked.endsWith("…"),
  });
  const shown = applyFilters(wanted, point);
  return { wanted, shown: typeof shown === "string" ? undefined : shown.text };
}

const passes: readonly (readonly [why: string, name: string, marked: string])[] = [
  ["code below a comment that is being written", "a.ts", "// The «first one\nconst a = f(1);»\nconst b = 2;\n"],
  ["code below a comment in a shell", "a.sh", 'if [ -f a ]; then\n  # it «is there\n  echo "a"»\nfi\n'],
  [
    "the second half of a comment's opener",
    "a.ts",
    "a = {\n  /*«*\n   * One.\n   */\n  b: 1,»\n\n  /**\n   * Two.\n   */\n  c: 2,\n};\n",
  ],
  ["a comment of markup above another one", "a.html", "<p>\n<!-- one «two -->»\n<!-- three -->\n</p>\n"],
  [
    "the stars of a comment, from its first character onwards",
    "a.js",
    "/«**\n * @param {A} a\n */»\nfunction f(a) {\n\tg();\n\th();\n}\n",
  ],
  ["the second half of an end tag", "a.html", "<div>\n  <div>\n    a\n  </d«iv>»\n</div>\n"],
  ["an end tag whose place another one would take", "a.html", "<div>\n  <div>\n    a\n  «</div>»\n</div>\n"],
  [
    "elements that are not indented in a document that indents none",
    "a.html",
    "<ul>\n<li>a</li>\n</ul>\n<ul>\n«<li>b</li>»\n</ul>\n",
  ],
  ["a script's first line at the script's depth", "a.vue", "<script>\n«export default {»\n};\n</script>\n"],
  [
    "the end of a component's template",
    "a.vue",
    "<template>\n  <p>a</p>\n«</template>»\n<script>\nexport default {};\n</script>\n…",
  ],
  ["end below a method that assigns", "a.rb", "module A\n  def b=(v)\n  end\n\n  def c\n    2\n  end\n«end»\n"],
  [
    "end whose place another method's would take",
    "a.rb",
    "module A\n  def b\n    1\n  «end»\n\n  def c\n    2\n  end\n\n…",
  ],
  ["then at the depth of its if", "a.sh", "if a\n«then»\n  b\nfi\n"],
  ["a closer at the end of a line of a block", "a.c", "int a[] = {\n    1,\n    2«, 3};»\nint b[] = {\n    4};\n…"],
  ["a quote that the next line seems to have", "a.sh", 'echo -e "$a\\«t$b"»\necho "$c"\n'],
  ["an item above another one, neither with an end tag", "a.html", "<ul>\n<li>a\n«<li>b»\n<li>c\n</ul>\n"],
  ["a cell and a row without end tags", "a.html", "<table>\n<tr><td>a\n«<tr><td>b\n<td>c»\n<tr><td>d\n</table>\n"],
  ["a heading that ends a paragraph", "a.html", "<body>\n<p>a\n«<h2>b</h2>»\n<p>c\n</body>\n"],
  ["end tags in the other case", "a.html", "<body>\n<H1>«a</h1>»\nb\n</body>\n"],
  ["an end tag in a page that indents nothing", "a.html", "<div>\n<div>\na\n«</div>»\n<div>\nb\n</div>\n</div>\n"],
  ["the end of a script above another one", "a.vue", "<script setup>\nf();\n«</script>»\n<script>\ng();\n</script>\n"],
  ["an end tag whose bracket is on the next line", "a.svelte", "{#if a}\n  <p><b>c</b\n  ></p>\n  «<i>d</i>»\n{/if}\n"],
  ["a block of Svelte that ends", "a.svelte", "{#if a}\n  «<p>b</p>»\n{/if}\n<p>c</p>\n"],
  ["a comment of documentation that begins", "a.ts", "«/**»\n * a\n */\nf();\n"],
  ["a template that continues below", "a.ts", "g(«`»\n  a\n`);\n"],
  ["a tag whose attributes are below", "a.vue", "<template>\n  «<div»\n    a\n  ></div>\n</template>\n"],
  [
    "the second quote of a docstring",
    "a.py",
    'def f():\n    "«""Does it.\n\n    Well.\n    """\n    return 1»\n\n\ndef g():\n    """Does not."""\n',
  ],
  ["code in comments", "a.rs", "/// ```\n«/// fn main() {\n/// f();\n/// }»\n/// ```\nfn f() {}\n"],
  ["a quote of SQL that the editor has closed", "a.sql", "AS 'a«b'»'\nLANGUAGE C;\n"],
  [
    "the parts of a loop's head on lines of their own",
    "a.c",
    "void f() {\n  for (i = 0;\n      «i < n;»\n      i++) {\n  }\n}\n",
  ],
  ["a macro's statement", "a.rs", "macro_rules! a {\n    ($b:expr;) => {};\n    (\n        «$c;»\n    ) => {};\n}\n"],
  ["commands between parentheses", "a.sh", '(cd «"$a"; pwd)»\n'],
  ["words that are aligned", "a.c", "int   a;\nlong «  b;»\nchar  c;\n"],
  ["a line that is no deeper than its opener, nor the next one", "a.json", '[\n«{ "a": 1 },»\n{ "b": 2 }\n]\n'],
  [
    "a style sheet that indents nothing",
    "a.css",
    "a {\ncolor: red;\n}\nb «{\ncolor: blue;\n}»\nc {\ncolor: green;\n}\n",
  ],
  ["continued lines of a shell", "a.sh", 'a -b \\\n«    -c "d" \\\n    -e»\nf\n'],
  [
    "tabs and spaces, mixed as in the document",
    "a.json",
    '{\n        "a": 1,\n\t"b": 2,\n        «"c": 3,\n\t"d": 4,»\n        "e": 5\n}\n',
  ],
  [
    "a statement that the next line has as well, before another one",
    "a.py",
    "«a = f(1)\nb = a\nc = g(a)»\na = f(1)\nb = h(a)\n",
  ],
  [
    "end of a method with a question mark",
    "a.rb",
    "class A\n  def b«?(c)\n    c\n  end»\n\n  def d\n    1\n  end\n\n…",
  ],
  ["a condition that begins in its middle", "a.rb", "def a\n  b u«nless c\n  d\n  e»\nend\n"],
  [
    "a branch of the cursor's own statement",
    "a.py",
    "def f(a):\n    if g(a«, b):\n        return 1\n    else:\n        return 2»)\n",
  ],
  ["two spaces before a comment", "a.cc", "namespace a {\n} « // namespace a»\nint b;\n"],
  ["the end of a condition below another one", "a.c", "#if A\n#if B\nint a;\n#endif\n«#endif»\nint b;\n"],
  [
    "a block that begins like the next one and continues differently",
    "a.go",
    "func f() {\n\tif err «!= nil {\n\t\treturn a\n\t}»\n\tif err != nil {\n\t\treturn b\n\t}\n}\n",
  ],
  ["comments with empty lines of their own", "a.rb", "# On«e:\n#\n#   two»\n#\n# three\n"],
  ["tabs of continued lines in a document with tabs", "a.go", "func f() {\n\tg(a, «b,\n\t\tc)»\n\th()\n}\n"],
  [
    "tabs below a line with a tab in a document with spaces",
    "a.c",
    "void f() {\n    a();\n    b();\n    c();\n\td(«e);\n\tg();»\n}\n",
  ],
  ["arguments two levels deep", "a.cc", "void f() {\n  if (a) {\n    b();\n  }\n  c«d(\n      e, g);»\n  h();\n}\n"],
  [
    "lines aligned within braces",
    "a.c",
    "void f() {\n    if (a) {\n        b();\n    }\n    d c[] = {\n      { 1«,\n        2 }»\n    };\n}\n",
  ],
  ["code in comments", "a.rs", "/// fn a«() {\n///     b();\n/// }\nfn c() {}»\nfn d() {}\n"],
  ["what a backslash before the cursor makes plain", "a.rs", 'let a = [\n    "b\\«": c",\n    "d",»\n    "e",\n];\n'],
  [
    "an element of one line among others",
    "a.html",
    "<div>\n    <div><a>1</a></div>\n    <div><a>2«</a></div>»\n    <div><a>3</a></div>\n  </div>\n",
  ],
];
const heredoc = "cat <<EOF\na (b\nEOF\ng\n";
const more: typeof passes = [
  ["a character whose closing quote the editor has added", "a.c", "void f() {\n  a = strchr(b, '« ');»');\n}\n"],
  ["a quote as a character", "a.rs", "let a = match b {\n    b'«\"' => 1,»'\n    _ => 2,\n};\n"],
  ["an escape as a character", "a.java", "char a = '\\«n';»';\n"],
  [
    "resources in parentheses",
    "a.java",
    "void f() {\n    try (\n        A a = b(«1);»\n        C c = d(2)) {\n    }\n}\n",
  ],
  ["the content of a script that is not indented", "a.html", "<div>\n  <scrip«t>\n  f();\n  </script>»\n</div>\n"],
  ["code that is commented out at the margin", "a.sh", "# a «b\n\nf() {\n#    g\n    h\n}»\n"],

  ["the end of a raw string above another one", "a.rs", 'let a = r#"b\n«c"#;»\nlet d = r#"e"#;\n'],
  ["the end of a raw string of C++", "a.cpp", 'f(R"(a«b)", 1);»\nf(R"(c)", 2);\n'],
  ["the end of a multi-line string", "a.sh", 'a -e "\n    b «c;"»\n\nd -e "\n    e;"\n'],
  ["closers of the cursor's line above another one", "a.java", "a.add(new B(\n    c(d(1,« e)))»))\n);\n"],
  [
    "the end of a callback above a call that is less deep",
    "a.js",
    "function a() {\n\tvar f = () =>\n\t\tg(() => {\n\t\t\th();\n\t\t«});»\n\n\tk('a', b, {\n\t\tc: 1\n\t});\n}\n",
  ],
  [
    "the end of an object above a key",
    "a.js",
    "export default {\n  b: () => ({\n    c: 1,\n  «}),»\n\n  d: {\n    e() {\n      f();\n    },\n…",
  ],
  ["a type that gofmt aligns", "a.go", "type a struct {\n\tinput b\n\twant « c»\n}\n"],
  [
    "an object that a formatter counts from its closer",
    "a.ts",
    "if (h) {\n  i();\n}\nconst a = b\n  ? c(d«, {\n      e: 1,\n    })»)\n  : f();\n",
  ],
  [
    "a body below a multi-line condition",
    "a.sh",
    "f() {\n    a\n    # b «c\n    if ! b || \\\n       ! d; then\n            e\n    fi»\n}\n",
  ],
  [
    "a method's body below its exceptions",
    "a.java",
    "class A {\n    void f(int a)\n        «throws B {\n        g();\n    }»\n}\n",
  ],
  [
    "the first statement below a method's exceptions",
    "a.java",
    "class A {\n    void f(int a)\n        throws B {\n        «g();»\n    }\n}\n",
  ],
  [
    "a statement that ends two branches",
    "a.c",
    "switch (a) {\n    case 1:\n        b(«);\n        break;\n    case 2:\n        c();»)\n        break;\n}\n",
  ],
  [
    "a condition that is checked twice",
    "a.go",
    "func f() error {\n\ta, err := «g()\n\tif err != nil {\n\t\treturn err\n\t}\n\tb, err = h(a)»\n\tif err != nil {\n\t\treturn nil\n\t}\n}\n",
  ],
  [
    "an element like the next one",
    "a.html",
    '<ul>\n  «<li>\n    <b>e</b>\n    <a href="b">c</a>\n  </li>»\n  <li>\n    <b>e</b>\n    <a href="d">e</a>\n  </li>\n</ul>\n',
  ],
  [
    "a row of data among equal ones",
    "a.c",
    "int a[] = {\n    1, 1, 1,\n    1, 1, 1,\n    «1, 1, 1,»\n    2, 2, 2,\n};\n",
  ],
  ["the empty line of a comment below another one", "a.rs", "//!\n«//!»\n//! a\n"],
  ["code below a heredoc", "a.sh", "cat <<EOF\nit's\nEOF\n«echo \"it's\"»\ng=h'i'\n"],
  ["the end of a heredoc above another one", "a.sh", `cat <<EOF\nit's (a\n«EOF»\n${heredoc}`],
  ["the second half of a heredoc's end", "a.rb", "a <<~RUBY\n  it's (b\nRU«BY»\nc <<~RUBY\n  d\nRUBY\n"],
  ["code below a heredoc of PHP", "a.php", "<?php\n$a = <<<SQL\nit's (b\nSQL;\n«f($a);»\n"],
  ["a shift is no heredoc", "a.sh", "a=$((1 << B))\n«if c; then\n  d\nfi»\n"],
  ["an end tag below one that is no markup", "a.xml", "<a>\n  <![CDATA[ </a> ]]>\n  «<c>d</c>\n</a>»\n"],
  ["an address without quotes", "a.scss", ".a {\n  background: url(//b/c.png);\n  «color: red;»\n}\n"],
  ["a comment's end above the rest of a deeper one", "a.ts", "/**\n * A.\n «*/»\n   * B.\n   */\n  b: 1;\n}\n"],
  [
    "a part of a template string above another one",
    "a.js",
    "a(\n  `${b.c«}d`»\n    `Error: ${\n      e ? f : g\n    }`;\n  } else {\n    h();\n  }\n",
  ],
];
for (const [why, name, marked] of [...passes, ...more]) {
  test(`correct text passes: ${why} (${name})`, () => {
    const { wanted, shown } = shownAt(name, marked);
    assert.equal(shown?.trimEnd(), wanted.trimEnd());
  });
}

test("what follows `then` on a line of its own takes the document's indentation", () => {
  const marked = "f() {\n\tc\n}\nif a\n«then\n        b\nfi»\n";
  assert.equal(shownAt("a.sh", marked).shown, "then\n\tb\nfi");
});

test("a declaration is not shown twice, whatever follows it; a third equal statement is not shown", () => {
  assert.equal(shownAt("a.ts", "«function f() {\n  g();\n}»\nfunction f() {\n  h();\n}\n").shown, undefined);
  assert.equal(shownAt("a.ts", "f(1);\nf(1);\n«f(1);»\ng();\n").shown, undefined);
});

test("a text is completed if no closer below matches, even if there is another unmatched closer", () => {
  const marked = "void f() {\n    g(a);\n    «if (b) {\n        c(d);\n    }\n    if (e) {»\n]\n}\n";
  assert.equal(shownAt("a.c", marked).shown, "if (b) {\n        c(d);\n    }\n    if (e) {\n    }");
});

test("the remainder of an `end` that already follows below is not shown", () => {
  assert.equal(shownAt("a.rb", "module A\n  def b\n    1\n  e«nd»\n  end\nend\n").shown, undefined);
});

test("code after the second half of a comment's closer is fitted as code", () => {
  assert.equal(shownAt("a.c", "int f() {\n  a(); /* b *«/ g(1));»\n}\n").shown, "/ g(1)");
});
