import { testPlaces } from "../support/insertionPlaces.js";

const long = "b();\n".repeat(300);

testPlaces("a closer of the text is not the one after the cursor", [
  ["invoked", "a.ts", "const a = foo(¦) + 1;\n", "bar()", "const a = foo(bar()) + 1;\n"],
  ["invoked", "a.ts", "const a = b[¦].c;\n", "d[e]", "const a = b[d[e]].c;\n"],
  ["invoked", "a.ts", "const a: Map<string, ¦> = b;\n", "Array<c>", "const a: Map<string, Array<c>> = b;\n"],
  ["invoked", "a.ts", "const a: Map<string, ¦> = b;\n", "Array<c>> = b;\n", "const a: Map<string, Array<c>> = b;\n"],
  ["generate", "a.cpp", "std::map<int, ¦> a;\n", "std::vector<int>\n", "std::map<int, std::vector<int>> a;\n"],
  [
    "invoked",
    "a.py",
    "def f(a: dict[str, ¦]) -> b:\n",
    "list[int]]) -> b:\n",
    "def f(a: dict[str, list[int]]) -> b:\n",
  ],
  ["invoked", "a.tsx", "const a = <Foo b={¦} c />;\n", "{ d: 1 }", "const a = <Foo b={{ d: 1 }} c />;\n"],
  ["invoked", "a.ts", "if (¦) {\n}\n", "a.b(c", "if (a.b(c)) {\n}\n"],
  ["invoked", "a.ts", "if (¦) {\n}\n", "a.b(c)) {", "if (a.b(c)) {\n}\n"],
]);

testPlaces("what has content on its line ends there, however long the document is", [
  ["invoked", "a.ts", `import { a¦\n${long}`, ' } from "c";', `import { a } from "c";\n${long}`],
  ["invoked", "a.ts", `import { ¦\n${long}`, 'a } from "c";', `import { a } from "c";\n${long}`],
  ["invoked", "a.ts", `class A {\n  d(¦\n  ${long}`, "() => {});\n}", `class A {\n  d(() => {});\n  ${long}`],
]);

testPlaces("what a text opens may be closed by the rest of the line", [
  ["invoked", "a.py", 'print("¦ world")\n', "hello", 'print("hello world")\n'],
  ["invoked", "a.py", 'print("¦ world")\n', 'hello world")\n', 'print("hello world")\n'],
  [
    "invoked",
    "a.html",
    "<body>\n  ¦Warning</h3>\n</body>\n",
    '<h3 id="a">',
    '<body>\n  <h3 id="a">Warning</h3>\n</body>\n',
  ],
  ["invoked", "a.html", "<body>\n  <¦>\n  </p>\n</body>\n", "p>\n", "<body>\n  <p>\n  </p>\n</body>\n"],
  ["invoked", "a.ts", "¦ && b) {\n}\n", "if (a", "if (a && b) {\n}\n"],
  ["invoked", "a.sh", "¦; then\n  b\nfi\n", "if a", "if a; then\n  b\nfi\n"],
  ["invoked", "a.sh", "¦; then\n  b\n", "if a", null],
]);

testPlaces("quotes and brackets after the cursor are not always closers", [
  ["invoked", "a.ts", 'const a = ¦"";\n', 'b + "";\n', 'const a = b + "";\n'],
  ["invoked", "a.ts", 'f("a;¦");\n', " b;", 'f("a; b;");\n'],
  ["invoked", "a.sh", "case $a in\n  ¦)\n    b ;;\nesac\n", "c|d)\n", "case $a in\n  c|d)\n    b ;;\nesac\n"],
  ["invoked", "a.py", 'def f():\n    """A (b\n    ¦)\n    """\n', "c)\n", 'def f():\n    """A (b\n    c)\n    """\n'],
]);
