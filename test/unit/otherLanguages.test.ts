import { testPlaces } from "../support/insertionPlaces.js";

const yaml = "on:\n  push:\n  pull_request:\n\n¦\n";
const workflow = "jobs:\n  build:\n    runs-on: a\n";
const graphql = 'type A {\n  """\n  The name.\n  ¦\n  name: String\n}\n';
const zig = 'const s =\n        \\\\a (b\n        \\\\c "d\n    ;\n    g(s);\n';
const powershell = 'if ($B -eq "d`"e") {\n        Get-F | Where-Object { $_.G }\n    }\n';
const flatCase = "case $1 in\na)\n  b\n  ;;\n¦\nesac\n";
const deepCase = "case $1 in\n  a)\n    b\n    ;;\n  ¦\nesac\n";
const imports = "import { ref } from 'vue'\nimport A from './A.vue'\n";
const vue = "<script setup>\n¦\n\nconst a = ref(1)\n</script>\n";
const dictionary = 'def f(x):\n    a = {\n        "b": 1,\n    }\n    c = [\n        2,\n    ]\n    return a\n';
const control = "@if (a) {\n  ¦\n} @else {\n  <p>c</p>\n}\n";
const branches = "@if (a) {\n  <p>a</p>\n¦\n} @else {\n  <p>c</p>\n}\n";
const frontMatter = "---\ntitle: a\n¦\n---\n\n# B\n";
const page = "---\nimport A from './A.astro';\n¦\n---\n<A />\n";
const rust = 'fn f() {\n    assert_eq!(\n        ¦\n        (),\n        "should end"\n    );\n}\n';

testPlaces("brackets in sentences need no partners", [
  [
    "generate",
    "a.md",
    "# A\n\n¦\n\n## B\n",
    "It's (not the\nend of) it :)\n",
    "# A\n\nIt's (not the\nend of) it :)\n\n## B\n",
  ],
  ["generate", "a.yml", "a: b\n¦\nc: d\n", "desc: it's (a\n", "a: b\ndesc: it's (a\nc: d\n"],
  [
    "generate",
    "a.yml",
    "a: b\n¦\nc: d\n",
    "run: |\n  case $x in\n    a) b ;;\n  esac\n",
    "a: b\nrun: |\n  case $x in\n    a) b ;;\n  esac\nc: d\n",
  ],
  ["inline", "a.yml", "a: foo(¦)\n", "bar)\n", "a: foo(bar)\n"],
  ["inline", "a.yml", "a: [¦]\n", "b, c]\n", "a: [b, c]\n"],
  ["inline", "a.md", "see [¦](b)\n", "the docs](c)\n", "see [the docs](b)\n"],
  ["inline", "a.md", "see (¦)\n", "the docs)\n", "see (the docs)\n"],
  [
    "generate",
    "a.md",
    "```js\nfunction f() {\n  ¦\n}\n```\n",
    "return 1;\n}\n",
    "```js\nfunction f() {\n  return 1;\n}\n```\n",
  ],
]);

testPlaces("a key without a value opens no level above a blank line", [
  ["inline", "a.yml", yaml, workflow, yaml.replace("¦", "jobs:")],
  ["generate", "a.yml", yaml, workflow, yaml.replace("¦\n", workflow)],
  ["generate", "a.yml", yaml, "  schedule:\n", yaml.replace("¦", "  schedule:")],
  ["generate", "a.yml", "jobs:\n¦\n", "build:\n    runs-on: a\n", "jobs:\n  build:\n    runs-on: a\n"],
]);

testPlaces("strings and characters of further languages are recognized", [
  ["generate", "a.graphql", graphql, '"""\n', graphql.replace("¦", '"""')],
  ["generate", "a.zig", "fn f() void {\n    ¦\n}\n", `${zig}}\n`, `fn f() void {\n    ${zig}}\n`],
  [
    "generate",
    "a.erl",
    "f(X) ->\n    ¦\n",
    "case X of\n        $( -> none;\n        _ -> error\n    end.\n",
    "f(X) ->\n    case X of\n        $( -> none;\n        _ -> error\n    end.\n",
  ],
  ["generate", "a.ps1", "function A {\n    ¦\n}\n", `${powershell}}\n`, `function A {\n    ${powershell}}\n`],
  ["generate", "a.jl", "¦\n", "abstract type Shape end\n", "abstract type Shape end\n"],
]);

testPlaces("places in scripts and cases", [
  [
    "generate",
    "a.sh",
    flatCase,
    "c)\n  d\n  ;;\n*)\n  e\n  ;;\nesac\n",
    flatCase.replace("¦", "c)\n  d\n  ;;\n*)\n  e\n  ;;"),
  ],
  ["generate", "a.sh", deepCase, "c)\n    d\n    ;;\nesac\n", deepCase.replace("¦", "c)\n    d\n    ;;")],
  [
    "generate",
    "a.php",
    "<?php\n¦\n",
    "function f($a) {\n  return 1;\n}\n",
    "<?php\nfunction f($a) {\n  return 1;\n}\n",
  ],
  ["generate", "a.vue", vue, imports, vue.replace("¦\n", imports)],
  ["generate", "a.html", "<script>\n  ¦\n</script>\n", "a();\n", "<script>\n  a();\n</script>\n"],
  [
    "generate",
    "a.vue",
    "<script setup>\n¦\n</script>\n",
    "import a from 'a';\n\nconst c = a;\n",
    "<script setup>\nimport a from 'a';\n\nconst c = a;\n</script>\n",
  ],
  [
    "generate",
    "a.h",
    "namespace x {\n\n¦\n\n}\n",
    "class A;\nclass B;\n",
    "namespace x {\n\nclass A;\nclass B;\n\n}\n",
  ],
  ["inline", "a.tsx", "const a = <Foo¦ />;\n", " b={1} />;\n", "const a = <Foo b={1} />;\n"],
]);

testPlaces("comments, strings and characters hold any brackets", [
  ["invoked", "a.hs", "a = 1\n-- ¦\nb = 2\n", "c) d :)", "a = 1\n-- c) d :)\nb = 2\n"],
  ["generate", "a.hs", "f c = ¦\n", "c == '('", "f c = c == '('\n"],
  ["invoked", "a.clj", "; ¦\n(a)\n", "b) c", "; b) c\n(a)\n"],
  ["invoked", "a.rkt", "#| ¦ |#\n", "b) c", "#| b) c |#\n"],
  ["generate", "a.clj", "(def a ¦)\n", "[\\( \\[]", "(def a [\\( \\[])\n"],
  [
    "generate",
    "a.r",
    "f <- function(x) {\n  ¦\n}\n",
    "sub('(', '', x) # a)\n",
    "f <- function(x) {\n  sub('(', '', x) # a)\n}\n",
  ],
  ["generate", "a.tf", "a = <<EOF\n¦\nEOF\n", "it's (b \"c\n", "a = <<EOF\nit's (b \"c\nEOF\n"],
  ["generate", "Makefile", "a:\n\t¦\n", "sed 's/(//' b # c)\n", "a:\n\tsed 's/(//' b # c)\n"],
  ["generate", "Makefile", "a:\n\t¦\n", "echo It\\'s done\n", "a:\n\techo It\\'s done\n"],
  ["generate", "a.asm", "¦\n", "ex af, af'\n", "ex af, af'\n"],
  ["generate", "a.cshtml", "¦\n", "@model List<Foo>\n", "@model List<Foo>\n"],
  ["generate", "a.erb", "¦\n", "<% if a <b %>\n", "<% if a <b %>\n"],
  ["invoked", "Dockerfile", "FROM a\n# ¦\n", "b) c", "FROM a\n# b) c\n"],
  ["generate", "a.gradle", "task a {\n    ¦\n}\n", "println 'b (c'\n", "task a {\n    println 'b (c'\n}\n"],
  ["invoked", "CMakeLists.txt", "# ¦\nset(a b)\n", "c) d", "# c) d\nset(a b)\n"],
  ["invoked", "a.ml", "(* ¦ *)\n", "a) b *)\n", "(* a) b *)\n"],
  ["invoked", "a.fs", "// ¦\n", "a) b", "// a) b\n"],
  ["generate", "a.pl", "if ($a =~ ¦) {\n}\n", "/\\(/", "if ($a =~ /\\(/) {\n}\n"],
  ["generate", "a.sol", "f() {\n    ¦\n}\n", "require(b, 'it (c');\n", "f() {\n    require(b, 'it (c');\n}\n"],
  ["invoked", "a.properties", "a=¦\n", "it's b) :)", "a=it's b) :)\n"],
  ["invoked", "a.tex", "In¦\n", " $[0, 1)$ a) first", "In $[0, 1)$ a) first\n"],
  ["generate", "Gemfile", "source 'a'\n¦\n", "gem 'b' # it's (c\n", "source 'a'\ngem 'b' # it's (c\n"],
]);

testPlaces("an item without an end tag is as deep as the one above", [
  [
    "generate",
    "a.html",
    "<ul>\n  <li>a\n  ¦\n</ul>\n",
    "<li>b\n  <li>c\n</ul>",
    "<ul>\n  <li>a\n  <li>b\n  <li>c\n</ul>\n",
  ],
  ["generate", "a.html", "<body>\n<p>a\n¦\n</body>\n", "<p>b\n<p>c\n</body>", "<body>\n<p>a\n<p>b\n<p>c\n</body>\n"],
]);

testPlaces("a page without indentation stays so", [
  [
    "generate",
    "a.html",
    "<div>\n<ul>\n<li>a</li>\n</ul>\n<ul>\n¦\n</ul>\n</div>\n",
    "<li>b</li>\n<li>c</li>\n</ul>\n",
    "<div>\n<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</div>\n",
  ],
]);

testPlaces("a block of a template ends once", [
  ["invoked", "a.html", "@if (a) {\n  ¦\n}\n<p>b</p>\n", "<i>c</i>\n}\n", "@if (a) {\n  <i>c</i>\n}\n<p>b</p>\n"],
  ["generate", "a.html", control, "<i>c</i>\n} @else {\n", control.replace("¦", "<i>c</i>")],
  ["generate", "a.html", control, "@if (b) {\n    c\n  }\n}\n", control.replace("¦", "@if (b) {\n    c\n  }")],
  [
    "generate",
    "a.html",
    branches,
    "} @else if (b) {\n  <i>d</i>\n} @else {\n",
    branches.replace("¦", "} @else if (b) {\n  <i>d</i>"),
  ],
  ["generate", "a.html", "@if (a) {\n  ¦\n", "<i>c</i>\n}\n", "@if (a) {\n  <i>c</i>\n}\n"],
]);

testPlaces("front matter ends once", [
  ["generate", "a.md", frontMatter, "date: b\n---\n\n# C\n", frontMatter.replace("¦", "date: b")],
  ["generate", "a.astro", page, "const c = Astro.props;\n---\n<B />\n", page.replace("¦", "const c = Astro.props;")],
  [
    "inline",
    "a.astro",
    "---\n---\n<ul>{a.map((b) => ¦)}</ul>\n",
    "<li>{b}</li>)}",
    "---\n---\n<ul>{a.map((b) => <li>{b}</li>)}</ul>\n",
  ],
  [
    "inline",
    "a.astro",
    "<p>don't\n<br>\n{¦}</p>\n<style>\n.a { b: c; }\n</style>\n",
    "d}</p>",
    "<p>don't\n<br>\n{d}</p>\n<style>\n.a { b: c; }\n</style>\n",
  ],
]);

testPlaces("a leading comma is as deep as the one above", [
  [
    "generate",
    "a.hs",
    "data A = A\n  { b :: Int\n  ¦\n  }\n",
    ", c :: Int\n  }\n",
    "data A = A\n  { b :: Int\n  , c :: Int\n  }\n",
  ],
]);

testPlaces("levels are counted from the statement, not from closers inside it", [
  ["generate", "a.py", "¦\n", dictionary, dictionary.replaceAll("    ", "  ")],
  [
    "generate",
    "a.rb",
    "def f\n  ¦\nend\n",
    "a = if b\n        1\n      else\n        2\n      end\n  c\n",
    "def f\n  a = if b\n        1\n      else\n        2\n      end\n  c\nend\n",
  ],
]);

testPlaces("values without words are repetitions too", [
  ["generate", "a.rs", rust, 'a(),\n        (),\n        "should end"\n    );\n}\n', rust.replace("¦", "a(),")],
]);

testPlaces("an operator needs its second operand", [
  ["inline", "a.ts", "const x = ¦;\n", "a ||\n  b\n", "const x = a;\n"],
  ["inline", "a.ts", "foo(¦)\n", "a &&\n  b\n", "foo(a)\n"],
  ["inline", "a.ts", "const x = ¦\n", "a ||\n  b\n", "const x = a ||\n"],
  ["inline", "a.ts", "foo('¦')\n", "a ||\n", "foo('a ||')\n"],
  ["inline", "a.py", "y = x[¦]\n", "lower + 1 :\n", "y = x[lower + 1 :]\n"],
  ["inline", "a.sh", "x=$(sort ¦)\n", "-u -\n", "x=$(sort -u -)\n"],
  ["inline", "a.swift", "a.reduce(¦)\n", "0, +\n", "a.reduce(0, +)\n"],
]);

testPlaces("a comment may be recognized by the start of its line", [
  ["invoked", "a.bat", "REM ¦\necho b\n", 'a) 5" (b', 'REM a) 5" (b\necho b\n'],
  ["invoked", "a.vim", '" ¦\nlet a = 1\n', "(a]) don't", "\" (a]) don't\nlet a = 1\n"],
  ["invoked", "a.vim", "  ¦\nlet a = 1\n", '" "a", b) don\'t', '  " "a", b) don\'t\nlet a = 1\n'],
  ["invoked", "a.nim", "# ¦\nlet a = 1\n", "a) don't [", "# a) don't [\nlet a = 1\n"],
  ["invoked", "a.f", "C ¦\n      a = 1\n", "a) don't (", "C a) don't (\n      a = 1\n"],
  ["invoked", "a.vb", "re¦\nb\n", "m a) b", "rem a) b\nb\n"],
  ["invoked", "a.vb", "a¦\nb\n", "re a) b", "are a\nb\n"],
]);
