import { testPlaces } from "../support/insertionPlaces.js";
const go = "func f(a int) {\n\tswitch a {¦\n\n\tb()\n}\n";
const inGo = "func f(a int) {\n\tselect {\n\t¦\n\t}\n}\n";
const c = "int f(int a) {\n\tswitch (a) {\n\tcase 1:\n\t\treturn 2;\n\t}\n\tswitch (b) {\n\t¦\n\t}\n}\n";
const deepC = "int f(int a) {\n    ¦\n}\n";

testPlaces("cases may be as deep as their switch", [
  [
    "inline",
    "a.go",
    "func f(a int) {\n\t¦\n}\n",
    "switch a {\n\tcase 1:\n\t\tb()\n\tdefault:\n\t\tc()\n\t}\n",
    "func f(a int) {\n\tswitch a {\n\tcase 1:\n\t\tb()\n\tdefault:\n\t\tc()\n\t}\n}\n",
  ],
  [
    "generate",
    "a.go",
    "func f(a int) {\n\t¦\n}\n",
    "select {\n\tcase <-b:\n\t\tc()\n\t}\n",
    "func f(a int) {\n\tselect {\n\tcase <-b:\n\t\tc()\n\t}\n}\n",
  ],
  ["inline", "a.go", go, "\n\tcase 1:\n\t\tc()\n\n\tdefault:\n\t}\n", go.replace("¦", "\n\tcase 1:\n\t\tc()")],
  ["inline", "a.go", go, "\n\tc()\n", go.replace("¦", "\n\t\tc()")],
  [
    "generate",
    "a.go",
    inGo,
    "case <-b:\n\t\tc()\n\tdefault:\n\t\td()\n",
    inGo.replace("¦\n", "case <-b:\n\t\tc()\n\tdefault:\n\t\td()\n"),
  ],
  [
    "generate",
    "a.go",
    inGo.replace("\t¦", "¦"),
    "\tcase <-b:\n\t\tc()\n",
    inGo.replace("\t¦\n", "\tcase <-b:\n\t\tc()\n"),
  ],
  ["generate", "a.c", c, "case 3:\n\t\treturn 4;\n", c.replace("¦\n", "case 3:\n\t\treturn 4;\n")],
  [
    "generate",
    "a.c",
    c.replace("\tcase 1:\n\t\treturn 2;", "\t\tcase 1:\n\t\t\treturn 2;"),
    "case 3:\n\t\treturn 4;\n",
    c
      .replace("\tcase 1:\n\t\treturn 2;", "\t\tcase 1:\n\t\t\treturn 2;")
      .replace("¦\n", "\tcase 3:\n\t\t\treturn 4;\n"),
  ],
  [
    "inline",
    "a.c",
    deepC,
    "switch (a) {\n    case 1:\n        return 2;\n    default:\n        return 3;\n    }\n",
    deepC.replace("¦\n", "switch (a) {\n    case 1:\n        return 2;\n    default:\n        return 3;\n    }\n"),
  ],
]);

testPlaces("other bodies must be deeper than their opener", [
  ["inline", "a.c", deepC, "while (a) {\n    b();\n    }\n", deepC.replace("¦", "while (a) {")],
]);

testPlaces("arguments are indented with spaces and blocks with tabs", [
  [
    "generate",
    "a.c",
    "int f(\n    int a)\n{\n\treturn a;\n}\n\n¦\n",
    "int g(\n    int b,\n    int c)\n",
    "int f(\n    int a)\n{\n\treturn a;\n}\n\nint g(\n    int b,\n    int c)\n",
  ],
]);

testPlaces("a condition spans lines without parentheses", [
  [
    "inline",
    "a.go",
    "func f() {\n\t¦\n}\n",
    "if a &&\n\t\tb {\n\t\tc()\n\t}\n",
    "func f() {\n\tif a &&\n\t\tb {\n\t\tc()\n\t}\n}\n",
  ],
]);

testPlaces("a docstring is closed above a method with another", [
  [
    "inline",
    "a.py",
    'class A:\n    """\n    b.\n    ¦\n\n    c = 1\n\n    def d(self):\n        """\n        e.\n        """\n',
    '"""\n',
    'class A:\n    """\n    b.\n    """\n\n    c = 1\n\n    def d(self):\n        """\n        e.\n        """\n',
  ],
]);

testPlaces("parameters span lines within other parentheses", [
  [
    "inline",
    "a.ts",
    "f(() => {\n  const x = g(function*(a: {\n    readonly b: any\n  ¦\n    let d = c(a.b)\n  }, (e) => h(e))\n})\n",
    "}) {\n",
    "f(() => {\n  const x = g(function*(a: {\n    readonly b: any\n  }) {\n    let d = c(a.b)\n  }, (e) => h(e))\n})\n",
  ],
]);

testPlaces("a constructor's body is indented from its first line", [
  [
    "generate",
    "a.cpp",
    "A::A(int b)\n    : b_¦\n\nint c;\n",
    "(b), c_(d) {\n  e(f);\n}\n",
    "A::A(int b)\n    : b_(b), c_(d) {\n  e(f);\n}\n\nint c;\n",
  ],
  [
    "generate",
    "a.cpp",
    "A::A(int b)\n    : b_(b),\n      c_¦\n\nint c;\n",
    "(d) {\n  e(f);\n}\n",
    "A::A(int b)\n    : b_(b),\n      c_(d) {\n  e(f);\n}\n\nint c;\n",
  ],
]);

testPlaces("a body without braces is deeper than its head", [
  [
    "generate",
    "a.c",
    "int f(int a) {\n    b();\n    ¦\n}\n",
    "if (a)\n\t\treturn b;\n\treturn c;\n",
    "int f(int a) {\n    b();\n    if (a)\n        return b;\n    return c;\n}\n",
  ],
  [
    "generate",
    "a.c",
    "int f(int a) {\n    b();\n    if (a ¦\n}\n",
    "== 0)\n\t\treturn b;\n\treturn c;\n",
    "int f(int a) {\n    b();\n    if (a == 0)\n        return b;\n    return c;\n}\n",
  ],
]);
