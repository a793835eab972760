import { testPlaces } from "../support/insertionPlaces.js";

const guarded = "#ifndef A_H\n#define A_H\n\n";
const empty = "#ifdef A\n¦\n#endif\n\nint z;\n";
const withElse = "#ifdef A\nint b;\n¦\n#else\nint d;\n#endif\n\nint z;\n";
const open = "#ifdef A\nint b;\n¦\n\n#ifdef C\nint d;\n#endif\n";
const inFunction = "void f(void)\n{\n    a();\n#ifdef B\n    ¦\n#endif\n}\n";

testPlaces("a condition of the preprocessor ends once", [
  [
    "generate",
    "a.c",
    empty,
    "#define B 1\n#else\n#define B 2\n#endif\n",
    empty.replace("¦", "#define B 1\n#else\n#define B 2"),
  ],
  ["generate", "a.c", withElse, "int c;\n#else\nint e;\n#endif\n", withElse.replace("¦", "int c;")],
  [
    "generate",
    "a.c",
    inFunction,
    "b();\n#else\n    c();\n#endif\n}\n",
    inFunction.replace("¦", "b();\n#else\n    c();"),
  ],
  ["inline", "a.c", empty, "#endif\n", null],
  [
    "inline",
    "a.h",
    `${guarded}#ifdef B\nint b;\n¦\n\n#endif\n`,
    "#endif\n",
    `${guarded}#ifdef B\nint b;\n#endif\n\n#endif\n`,
  ],
  [
    "inline",
    "a.h",
    "int a;\n#ifdef B\nint b;\n¦\n\n#endif\n",
    "#endif\n",
    "int a;\n#ifdef B\nint b;\n#endif\n\n#endif\n",
  ],
  ["inline", "a.cpp", "#ifdef A\n¦\n", "#endif\n", "#ifdef A\n#endif\n"],
  ["inline", "a.c", open, "#endif\n", open.replace("¦", "#endif")],
  [
    "generate",
    "a.cs",
    "int a;\n¦\n#if C\nint d;\n#endif\n",
    "#if B\nint b;\n#else\nint c;\n#endif\n",
    "int a;\n#if B\nint b;\n#else\nint c;\n#endif\n#if C\nint d;\n#endif\n",
  ],
  ["inline", "a.py", "#if a\n¦\n#endif\n", "#endif\n", "#if a\n#endif\n#endif\n"],
]);
