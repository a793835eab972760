import { testPlaces } from "../support/insertionPlaces.js";

const empty = "¦\n";
const inClass = "class A\n  ¦\nend\n";
const inPage = "<body>\n  ¦\n</body>\n";

testPlaces("a text without indentation gets that of its blocks", [
  ["generate", "a.rb", empty, "foo do\nbar\nbaz\nend\n", "foo do\n  bar\n  baz\nend\n"],
  ["generate", "a.rb", "foo do¦\n", "\nbar\nend\n", "foo do\n  bar\nend\n"],
  [
    "generate",
    "a.rb",
    inClass,
    "def foo\nif a\nb\nelse\nc\nend\nend\n",
    inClass.replace("¦", "def foo\n    if a\n      b\n    else\n      c\n    end\n  end"),
  ],
  ["generate", "a.lua", empty, "for i = 1, 2 do\nprint(i)\nend\n", "for i = 1, 2 do\n  print(i)\nend\n"],
  ["generate", "a.sh", empty, "if a; then\nb\nelse\nc\nfi\n", "if a; then\n  b\nelse\n  c\nfi\n"],
  ["generate", "a.ex", empty, "foo do\nbar()\nend\n", "foo do\n  bar()\nend\n"],
  [
    "generate",
    "a.ts",
    empty,
    "function f() {\nif (a) {\nb();\n}\nreturn c;\n}\n",
    "function f() {\n  if (a) {\n    b();\n  }\n  return c;\n}\n",
  ],
  ["generate", "a.ts", empty, "foo(bar({\na: 1,\n}));\n", "foo(bar({\n  a: 1,\n}));\n"],
  ["generate", "a.html", inPage, "<div>\n<p>a</p>\n</div>\n", inPage.replace("¦", "<div>\n    <p>a</p>\n  </div>")],
  ["generate", "a.json", empty, '{\n"a": [\n1,\n2\n]\n}\n', '{\n  "a": [\n    1,\n    2\n  ]\n}\n'],
  ["generate", "a.css", empty, ".a {\ncolor: red;\n}\n", ".a {\n  color: red;\n}\n"],
  ["generate", "a.cpp", empty, "namespace a {\nint b;\n}\n", "namespace a {\nint b;\n}\n"],
]);

testPlaces("lines that are not deeper than the block's opener are moved into the block", [
  ["generate", "a.rb", "foo do\n¦\nend\n", "bar\nbaz\n", "foo do\n  bar\n  baz\nend\n"],
  ["generate", "a.rb", "foo do\n¦\n", "bar\nbaz\nend\n", "foo do\n  bar\n  baz\nend\n"],
  ["generate", "a.ts", "if (a) {\n  ¦\n}\n", "b();\nc();\n}\n", "if (a) {\n  b();\n  c();\n}\n"],
  ["generate", "a.lua", "function a()\n  ¦\nend\n", "b()\nc()\nend\n", "function a()\n  b()\n  c()\nend\n"],
  [
    "generate",
    "a.c",
    "int f(void) {\n    ¦\n}\n",
    "a();\nout:\n    b();\n",
    "int f(void) {\n    a();\nout:\n    b();\n}\n",
  ],
  ["generate", "a.py", "if a:\n    ¦\n", "b()\nc()\n", "if a:\n    b()\n"],
]);

testPlaces("a word before the cursor opens a block if the line ends there", [
  ["inline", "a.rb", "foo do¦\n", "\n  bar\nend\n", "foo do\n  bar\nend\n"],
  ["inline", "a.rb", "if a\n  b\nelse¦\nend\n", "\n  c\nend\n", "if a\n  b\nelse\n  c\nend\n"],
  ["inline", "a.lua", "if a then¦\nend\n", "\n  b()\nend\n", "if a then\n  b()\nend\n"],
  ["inline", "a.sh", "for a in b; do¦\n", "\n  c\ndone\n", "for a in b; do\n  c\ndone\n"],
  ["inline", "a.ex", "def f do¦\nend\n", "\n  c\nend\n", "def f do\n  c\nend\n"],
  ["inline", "a.rb", "x = do¦\n", "uble(a)\n", "x = double(a)\n"],
  ["inline", "a.rb", "todo¦\n", "\nc\n", null],
]);

testPlaces("properties are no labels", [
  ["generate", "a.css", ".a {\n  ¦\n}\n", "color: red;\nmargin: 0;\n", ".a {\n  color: red;\n  margin: 0;\n}\n"],
  ["generate", "a.ts", "f({\n  ¦\n});\n", "a: 1,\nb: 2,\n", "f({\n  a: 1,\n  b: 2,\n});\n"],
]);
