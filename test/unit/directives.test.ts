import { testPlaces } from "../support/insertionPlaces.js";

const guarded = "#ifndef A_H\n#define A_H\n\n#ifdef B\nint b;\n¦\n\n#endif\n";
/** An include guard begins far above. */
const far = `${Array.from({ length: 240 }, (_, i) => `int a${i};\n`).join("")}#ifdef B\nint b;\n¦\n\n#endif\n`;
const empty = "#ifdef A\n¦\n#endif\n\nint z;\n";
const withElif = "#if A\nint a;\n¦\n#elif C\nint c;\n#endif\n\nint z;\n";
const withElse = "#ifdef A\nint b;\n¦\n#else\nint d;\n#endif\n\nint z;\n";
const open = "#ifdef A\nint b;\n¦\n\n#ifdef C\nint d;\n#endif\n";
const last = "int a;\n#ifdef B\nint b;\n¦\n#endif\n";
const inFunction = "void f(void)\n{\n    a();\n#ifdef B\n    ¦\n#endif\n}\n";
const swift = "#if A\n¦\n#endif\n\nint z\n";

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
  ["inline", "a.c", last, "#endif\n", null],
  ["inline", "a.c", last.replace("¦", "#¦"), "endif\n", null],
  ["generate", "a.swift", swift, "int b\n#endif\n", swift.replace("¦", "int b")],
]);

testPlaces("other directives of the preprocessor stay", [
  ["inline", "a.h", guarded, "#endif\n", guarded.replace("¦", "#endif")],
  ["inline", "a.h", far, "#endif\n", far.replace("¦", "#endif")],
  ["inline", "a.cpp", "#ifdef A\n¦\n", "#endif\n", "#ifdef A\n#endif\n"],
  ["inline", "a.c", open, "#endif\n", open.replace("¦", "#endif")],
  ["generate", "a.c", withElif, "#elif B\nint b;\n", withElif.replace("¦", "#elif B\nint b;")],
  [
    "generate",
    "a.c",
    empty,
    "int b;\n#endif\n#ifdef C\nint c;\n",
    empty.replace("¦", "int b;\n#endif\n#ifdef C\nint c;"),
  ],
  [
    "generate",
    "a.cs",
    "int a;\n¦\n#if C\nint d;\n#endif\n",
    "#if B\nint b;\n#else\nint c;\n#endif\n",
    "int a;\n#if B\nint b;\n#else\nint c;\n#endif\n#if C\nint d;\n#endif\n",
  ],
  [
    "generate",
    "a.cs",
    "#if A\nusing a;\n¦\n#endif\n",
    "#else\nusing b;\n#endif\n#if C\nusing c;\n#else\nusing d;\n",
    "#if A\nusing a;\n#else\nusing b;\n#endif\n#if C\nusing c;\n#else\nusing d;\n#endif\n",
  ],
  ["inline", "a.py", "#if a\n¦\n#endif\n", "#endif\n", "#if a\n#endif\n#endif\n"],
]);
