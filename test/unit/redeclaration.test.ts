import { testPlaces } from "../support/insertionPlaces.js";

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => `  ${i + 1},\n`).join("");
const cases = "switch (a) {\n  case 1:\n    b();\n    break;\n  ¦\n  case 3:\n    d();\n}\n";
const nested = "switch (a) {\n  case 1:\n    switch (b) {\n      ¦\n    }\n}\n";
const go = "func f() {\n\tswitch a {\n\tcase 1:\n\t\tb()\n\t}\n\tswitch c {\n\t¦\n\t}\n}\n";
const python = "def add(a, b):\n    ¦\n";
const property = "class A:\n    @property\n    def x(self):\n        return 1\n\n    @x.deleter\n    ¦\n";
const rust = "#[cfg(unix)]\nfn a() {\n    b();\n}\n\n#[cfg(windows)]\n¦\n";
const c = "#ifdef A\nstruct a {\n  int b;\n};\n#else\n¦\n";

testPlaces("a case occurs once in its switch", [
  ["inline", "a.ts", cases, "case 1:\n    c();\n", null],
  ["inline", "a.ts", cases, "case 3:\n    c();\n", null],
  ["inline", "a.ts", cases, "case 2:\n    c();\n", cases.replace("¦", "case 2:")],
  ["generate", "a.ts", cases, "case 2:\n    c();\n  case 1:\n    d();\n", cases.replace("¦", "case 2:\n    c();")],
  ["inline", "a.ts", nested, "case 1:\n        c();\n", nested.replace("¦", "case 1:\n        c();")],
  ["inline", "a.go", go, "case 1:\n\t\td()\n", go.replace("¦", "case 1:\n\t\td()")],
]);

const cpp = "namespace a {\n\nclass Foo;\n\n}\n\nnamespace b {\n\n¦\n\n}\n";
const init = "func init() {\n\ta()\n}\n\n¦\n";

testPlaces("a definition is not written within itself", [
  ["generate", "a.py", python, "def add(a, b):\n        return a + b\n", null],
  ["inline", "a.py", python, "def add(a, b):\n", null],
  [
    "generate",
    "a.py",
    python,
    "def sub(c):\n        return c\n",
    "def add(a, b):\n    def sub(c):\n        return c\n",
  ],
  [
    "generate",
    "a.py",
    python,
    '"""Adds."""\n    def add(a, b):\n        return a + b\n',
    python.replace("¦", '"""Adds."""'),
  ],
]);

testPlaces("a block may define a name several times", [
  [
    "inline",
    "a.py",
    "def add(a, b):\n    return a\n\n\n¦\n",
    "def add(a, b):\n",
    "def add(a, b):\n    return a\n\n\ndef add(a, b):\n",
  ],
  ["inline", "a.ts", "class A {}\n\nclass B {\n  ¦\n}\n", "class A {}\n", "class A {}\n\nclass B {\n  class A {}\n}\n"],
  ["inline", "a.py", property, "def x(self):\n        ", property.replace("¦", "def x(self):")],
  ["inline", "a.rs", rust, "fn a() {\n", rust.replace("¦", "fn a() {")],
  ["inline", "a.c", c, "struct a {\n", c.replace("¦", "struct a {")],
  ["inline", "a.cpp", cpp, "class Foo;\n", cpp.replace("¦", "class Foo;")],
  ["generate", "a.go", init, "func init() {\n\tb()\n}\n", init.replace("¦\n", "func init() {\n\tb()\n}\n")],
]);

testPlaces("a text that is too long ends with closers on their own lines", [
  ["generate", "a.ts", "¦\n", `const a = [\n${numbers(44)}];\n`, `const a = [\n${numbers(39)}]\n`],
  ["generate", "a.ts", "¦\n", `foo([\n${numbers(44)}]);\n`, `foo([\n${numbers(39)}])\n`],
  ["generate", "a.ts", "foo(¦\n", `\n${numbers(44)});\n`, `foo(\n${numbers(39)})\n`],
  [
    "generate",
    "a.json",
    "{\n  ¦\n}\n",
    `"a": [\n${numbers(44)}]\n`,
    `{\n  "a": [\n${numbers(39).replaceAll("  ", "    ").replace(/,\n$/, "\n")}  ]\n}\n`,
  ],
]);

testPlaces("the content of containers need not be deeper", [
  [
    "generate",
    "a.cpp",
    "namespace a {¦\n}\n",
    "\n\nint b();\n\nint c();\n\n}\n",
    "namespace a {\n\nint b();\n\nint c();\n}\n",
  ],
  [
    "generate",
    "a.html",
    "<html>¦\n",
    "\n<head>\n</head>\n<body>\n</body>\n</html>\n",
    "<html>\n<head>\n</head>\n<body>\n</body>\n</html>\n",
  ],
  [
    "generate",
    "a.php",
    "¦\n",
    "<html>\n<body>\n<p>a</p>\n</body>\n</html>\n",
    "<html>\n<body>\n<p>a</p>\n</body>\n</html>\n",
  ],
  [
    "generate",
    "a.vue",
    "<script setup>¦\n</script>\n",
    "\nconst a = 1;\nfoo();\n</script>\n",
    "<script setup>\nconst a = 1;\nfoo();\n</script>\n",
  ],
  [
    "generate",
    "a.vue",
    "¦\n",
    "<script setup>\nconst a = 1;\n</script>\n",
    "<script setup>\nconst a = 1;\n</script>\n",
  ],
  [
    "generate",
    "a.jl",
    "module A\n\n¦\n\nend\n",
    "function f(a)\n  a\nend\n",
    "module A\n\nfunction f(a)\n  a\nend\n\nend\n",
  ],
  ["generate", "a.html", "<div>¦\n", "\n<p>a</p>\n", "<div>\n  <p>a</p>\n"],
]);

const prototype = "int f(int a);\n\n¦\n";
const defined = "¦\n\nint f(int a)\n{\n  return 1;\n}\n";
const call = "int g(void)\n{\n  foo(a);\n  ¦\n}\n";

testPlaces("a function may be declared and defined", [
  [
    "generate",
    "a.c",
    prototype,
    "int f(int a)\n{\n  return a;\n}\n",
    prototype.replace("¦", "int f(int a)\n{\n  return a;\n}"),
  ],
  ["inline", "a.c", prototype.replace("\n\n", "\n"), "int f(int a)\n{\n", "int f(int a);\nint f(int a)\n"],
  [
    "inline",
    "a.cpp",
    "bool A::f(B<int> a) const;\n¦\n",
    "bool A::f(B<int> a) const\n",
    "bool A::f(B<int> a) const;\nbool A::f(B<int> a) const\n",
  ],
  ["generate", "a.cpp", "class A;\n¦\n", "class A\n{\n  int b;\n};\n", "class A;\nclass A\n{\n  int b;\n};\n"],
  ["generate", "a.c", defined, "int f(int a);\n", defined.replace("¦", "int f(int a);")],
  ["inline", "a.c", prototype, "int f(int a);\n", null],
  ["inline", "a.c", "extern int f();\n¦\n", "extern int f()\n", "extern int f();\nextern int f()\n"],
  ["inline", "a.zig", "extern fn f() int;\n¦\n", "extern fn f() int\n", null],
  ["inline", "a.c", call, "foo(a)\n", null],
  ["inline", "a.c", call.replace("foo", "return foo"), "return foo(a)\n", null],
]);
