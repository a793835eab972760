import { testOpenFrames } from "../support/openFrames.js";
import { testPlaces } from "../support/insertionPlaces.js";

testOpenFrames("branches of a condition", [
  ["are alternatives", "a.c", "#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\n", "}"],
  ["are alternatives in all languages with a preprocessor", "a.swift", "#if A\nf {\n#elseif B\ng {\n#endif\n", "}"],
  ["begin with the frames that are open before the condition", "a.cs", "{\n#if A\n(\n#elif B\n", "}"],
  ["leave open what the first one does", "a.cpp", "{\n#if A\n}\n#else\n(\n#endif\n", ""],
  ["open what nothing is an alternative to", "a.c", '#ifdef __cplusplus\nextern "C" {\n#endif\n', "}"],
  ["close what nothing is an alternative to", "a.c", "f() {\n#if A\n}\n#endif\n", ""],
  ["hold conditions", "a.c", "#if A\n{\n#if B\n(\n#else\n[\n#endif\n#else\n", ""],
  ["hold conditions that leave something open", "a.c", "#if A\n{\n#if B\n(\n#else\n[\n#endif\n", "} )"],
  ["may be switched off", "a.c", "{\n#if 0\nnever (\n#endif\n", "}"],
  ["may replace code that is switched off", "a.c", "#if 0\n(\n#else\n{\n#endif\n", "}"],
  ["need a condition", "a.c", "{\n#else\n(\n#endif\n", "} )"],
  ["do not begin with other words", "a.c", "#iffy\n{\n#else\n(\n", "} )"],
  ["do not begin in comments", "a.c", "{\n/*\n#if A\n*/\n(\n#else\n", "} )"],
  ["do not begin within a line", "a.c", "{ #if A\n(\n#else\n", "} )"],
  ["do not exist in other languages", "a.ts", "#if A\n{\n#else\n", "}"],
  [
    "do not show that the block around them begins at the left edge, nor do labels",
    "a.c",
    "    if (a) {\n#if A\n#endif\nout:\n        b();\n    }\n",
    "",
  ],
]);

testOpenFrames("a label of a class", [
  ["is at least as deep as the class", "a.h", "namespace a {\nclass B\n  : public C {\npublic:\n  int d;\n};\n", "}"],
]);

const heads = "void g(void)\n{\n#ifdef A\n    if (a) {\n#else\n    if (b) {\n#endif\n";
const inBoth = `${heads}        ¦\n    }\n}\n`;
const below = `${heads}        f();\n    }\n    ¦\n}\n`;
const inFirst = heads.replace("#else", "        ¦\n#else") + "        f();\n    }\n}\n";
const inSecond = heads.replace("#endif", "        ¦\n#endif") + "        f();\n    }\n}\n";
const branches = "#ifdef A\n    if (a) {\n#else\n    if (b) {\n#endif\n        h();\n    }";
const inFunction = "void g(void)\n{\n    f();\n    ¦\n}\n";
const swift = "#if A\nfunc f() {\n#else\nfunc g() {\n#endif\n    h()\n¦\n";
const csharp = "class A {\n#if A\n    void F() {\n#else\n    void G() {\n#endif\n        H();\n    }\n    ¦\n}\n";
const withLabel = "void g(void)\n{\n    if (a) {\n#ifdef B\n        c();\n#endif\nout:\n        f();\n    ¦\n}\n";

const inExternC =
  'extern "C" {\nvoid f(void)\n{\n#ifdef A\n    g();\n    ¦\n#endif\n}\n#ifdef __cplusplus\n}\n#endif\n';
const atFileLevel = 'extern "C" {\n#ifdef A\nint a;\n#else\n¦\n#endif\n#ifdef __cplusplus\n}\n#endif\n';
const secondOfThree =
  "void g(void)\n{\n#if A\n    if (a) {\n#elif B\n    if (b) {\n        ¦\n#else\n    if (c) {\n#endif\n        f();\n    }\n}\n";

testPlaces("another condition is no branch of the cursor's", [
  ["inline", "a.h", inExternC, "}\n", null],
  ["inline", "a.h", atFileLevel, "}\n", null],
]);

testPlaces("what two branches open is closed once", [
  ["generate", "a.c", secondOfThree, "h();\n    }\n", secondOfThree.replace("¦", "h();")],
  ["generate", "a.c", inBoth, "f();\n    }\n}\n", inBoth.replace("¦", "f();")],
  ["inline", "a.c", below, "}\n", null],
  ["inline", "a.cs", csharp, "}\n", null],
  ["inline", "a.swift", swift, "}\n", swift.replace("¦", "}")],
  ["inline", "a.swift", swift.replace("¦", "}\n¦"), "}\n", null],
  ["generate", "a.c", inFirst, "h();\n    }\n", inFirst.replace("¦", "h();")],
  ["generate", "a.c", inSecond, "h();\n    }\n", inSecond.replace("¦", "h();")],
  ["generate", "a.c", inFunction, `${branches}\n}\n`, inFunction.replace("¦", branches)],
  [
    "inline",
    "a.c",
    "#ifdef A\n    f(a,\n#else\n    f(b,\n#endif\n      ¦\n",
    "c);\n",
    "#ifdef A\n    f(a,\n#else\n    f(b,\n#endif\n      c);\n",
  ],
]);

const inElse = "#ifdef A\nint f(int a) {\n#else\n¦\n#endif\n    return 1;\n}\n";

testPlaces("what another branch leaves open stays open", [
  ["generate", "a.c", inElse, "int f(int b) {\n#endif\n", inElse.replace("¦", "int f(int b) {")],
  ["inline", "a.c", inElse, "int f(int b) {\n", inElse.replace("¦", "int f(int b) {")],
  ["generate", "a.c", inElse, "int f(int b) {\n    if (c) {\n", inElse.replace("¦", "int f(int b) {\n  if (c) {\n  }")],
]);

testPlaces("directives and labels at the left edge say nothing about the block around them", [
  ["generate", "a.c", withLabel, "}\n}\n", withLabel.replace("¦", "}")],
]);
